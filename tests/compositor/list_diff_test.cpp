// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/list_diff.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {
namespace {

using surface::DrawList;
using wall::RectPx;

class ListDiff : public ::testing::Test {
  protected:
    void SetUp() override {
        auto atlas = text::Atlas::map(testing::atlas_fd());
        ASSERT_TRUE(atlas.ok());
        atlas_ = std::move(*atlas);
    }
    void rect(DrawList& list, int x, int y, int w, int h, uint32_t rgba) {
        testing::add_rect(list, *atlas_, static_cast<float>(x), static_cast<float>(y),
                          static_cast<float>(w), static_cast<float>(h), rgba);
    }
    // A board of ten lines, of which `changed` has another colour.
    DrawList board(int changed) {
        DrawList list;
        for (int i = 0; i < 10; ++i)
            rect(list, 10, 20 * i, 200, 10, i == changed ? 0xFF0000FF : 0xFFFFFFFF);
        return list;
    }
    std::unique_ptr<text::Atlas> atlas_;
};

TEST_F(ListDiff, TheSameListDiffersNowhere) {
    EXPECT_TRUE(list_diff(board(3), board(3), 400, 300).empty());
}

TEST_F(ListDiff, OneLineThatChangesIsThatLine) {
    EXPECT_EQ(list_diff(board(-1), board(4), 400, 300), (std::vector<RectPx>{{10, 80, 200, 10}}));
}

TEST_F(ListDiff, WhatMovesDiffersWhereItWasAndWhereItIs) {
    DrawList before = board(-1), after = board(-1);
    rect(before, 300, 10, 20, 20, 0xFFFFFFFF);
    rect(after, 340, 210, 20, 20, 0xFFFFFFFF);
    auto parts = list_diff(before, after, 400, 300);
    EXPECT_EQ(parts, (std::vector<RectPx>{{300, 10, 20, 20}, {340, 210, 20, 20}}));
}

TEST_F(ListDiff, ALineMoreDoesNotDisturbTheOthers) {
    DrawList after = board(-1), more;
    rect(more, 220, 0, 50, 10, 0xFFFFFFFF);
    for (int i = 0; i < 10; ++i) rect(more, 10, 20 * i, 200, 10, 0xFFFFFFFF);
    EXPECT_EQ(list_diff(after, more, 400, 300), (std::vector<RectPx>{{220, 0, 50, 10}}));
    EXPECT_EQ(list_diff(more, after, 400, 300), (std::vector<RectPx>{{220, 0, 50, 10}}));
}

TEST_F(ListDiff, AnotherOrderDiffers) {
    DrawList before, after;
    rect(before, 0, 0, 40, 40, 0xFF0000FF);
    rect(before, 20, 20, 40, 40, 0xFFFF0000);
    rect(after, 20, 20, 40, 40, 0xFFFF0000);
    rect(after, 0, 0, 40, 40, 0xFF0000FF);
    EXPECT_FALSE(list_diff(before, after, 400, 300).empty());
}

TEST_F(ListDiff, AClipOrAVideoThatChangesCounts) {
    DrawList before = board(-1), after = board(-1);
    after.commands[2].clip_x1 = 100;
    EXPECT_EQ(list_diff(before, after, 400, 300).size(), 1u);
    after = board(-1);
    testing::add_video(after, "camera/A", {300, 200, 64, 36});
    EXPECT_EQ(list_diff(before, after, 400, 300), (std::vector<RectPx>{{300, 200, 64, 36}}));
}

TEST_F(ListDiff, OtherPixelsInATextureAreADifferenceWhereItIsShown) {
    DrawList before = board(-1);
    before.textures = {{3, 8, 8, 1, nullptr, 100}, {4, 8, 8, 1, nullptr, 101}};
    before.commands[2].texture = 3;
    DrawList after = before;
    EXPECT_TRUE(list_diff(before, after, 400, 300).empty());
    after.textures[0].content = 102;
    EXPECT_EQ(list_diff(before, after, 400, 300), (std::vector<RectPx>{{10, 40, 200, 10}}));
    after = before;
    after.textures[1].content = 103;  // nobody shows it
    EXPECT_TRUE(list_diff(before, after, 400, 300).empty());
    after.commands[2].texture = 4;
    EXPECT_EQ(list_diff(before, after, 400, 300).size(), 1u);
}

TEST_F(ListDiff, WhatIsClippedAwayDiffersNowhere) {
    DrawList before = board(-1), after = board(-1);
    rect(after, 390, 290, 100, 100, 0xFF0000FF);
    EXPECT_EQ(list_diff(before, after, 400, 300), (std::vector<RectPx>{{390, 290, 10, 10}}));
    rect(before, 500, 10, 10, 10, 0xFF0000FF);
    EXPECT_EQ(list_diff(before, after, 400, 300), (std::vector<RectPx>{{390, 290, 10, 10}}));
}

// Fifty lines of fifty squares: more than is matched one by one.
class BigListDiff : public ListDiff {
  protected:
    static RectPx square(int row, int column, int moved) {
        return {4 + column * 7 + moved, 4 + row * 6, 5, 4};
    }
    /// Squares in rows from `first` to before `end` are moved by a pixel.
    DrawList squares(int first, int end, int rows = 50) {
        DrawList list;
        for (int row = 0; row < rows; ++row)
            for (int column = 0; column < 50; ++column) {
                const RectPx r = square(row, column, row >= first && row < end ? 1 : 0);
                rect(list, r.x, r.y, r.width, r.height, 0xFFFFFFFF);
            }
        list.pieces = surface::pieces_of(list.vertices, list.indices);
        return list;
    }
    /// All of the moved squares, where they were and where they are, and the parts are few.
    static void expect_covered(const std::vector<RectPx>& parts, int first, int end) {
        ASSERT_LE(parts.size(), 64U);
        for (int row = first; row < end; ++row)
            for (int column = 0; column < 50; ++column)
                for (int moved = 0; moved < 2; ++moved) {
                    const RectPx r = square(row, column, moved);
                    EXPECT_TRUE(std::any_of(
                        parts.begin(), parts.end(),
                        [&](const RectPx& part) { return wall::intersect(part, r) == r; }))
                        << row << " " << column;
                }
    }
};

TEST_F(BigListDiff, AllThatMovesIsCoveredByOnePart) {
    const auto parts = list_diff(squares(0, 0), squares(0, 50), 400, 320);
    EXPECT_EQ(parts.size(), 1U);
    expect_covered(parts, 0, 50);
}

TEST_F(BigListDiff, WhatStaysAtBothEndsIsNotDrawn) {
    const auto parts = list_diff(squares(0, 0), squares(10, 40), 400, 320);
    expect_covered(parts, 10, 40);
    for (const RectPx& part : parts) {
        EXPECT_GE(part.y, square(10, 0, 0).y);
        EXPECT_LE(part.y + part.height, square(40, 0, 0).y);
    }
}

TEST_F(BigListDiff, FewThatMoveFarApartDoNotTakeWhatLiesBetween) {
    DrawList after = squares(0, 0);
    const DrawList moved = squares(0, 50);
    const auto few = static_cast<std::ptrdiff_t>(after.vertices.size() / (50 * 50) * 5);
    std::copy_n(moved.vertices.begin(), few, after.vertices.begin());
    std::copy_n(moved.vertices.end() - few, few, after.vertices.end() - few);
    const auto parts = list_diff(squares(0, 0), after, 400, 320);
    EXPECT_FALSE(parts.empty());
    for (const RectPx& part : parts) EXPECT_TRUE(wall::intersect(part, {0, 20, 400, 260}).empty());
}

TEST_F(BigListDiff, AListOfAnotherLengthIsCoveredFromWhereItDiffers) {
    const auto parts = list_diff(squares(0, 0), squares(20, 50, 49), 400, 320);
    expect_covered(parts, 20, 50);
    for (const RectPx& part : parts) EXPECT_GE(part.y, square(20, 0, 0).y);
}

}  // namespace
}  // namespace bw::compositor
