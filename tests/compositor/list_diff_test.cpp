// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/list_diff.h"

#include <gtest/gtest.h>

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

TEST_F(ListDiff, WhatIsClippedAwayDiffersNowhere) {
    DrawList before = board(-1), after = board(-1);
    rect(after, 390, 290, 100, 100, 0xFF0000FF);
    EXPECT_EQ(list_diff(before, after, 400, 300), (std::vector<RectPx>{{390, 290, 10, 10}}));
    rect(before, 500, 10, 10, 10, 0xFF0000FF);
    EXPECT_EQ(list_diff(before, after, 400, 300), (std::vector<RectPx>{{390, 290, 10, 10}}));
}

}  // namespace
}  // namespace bw::compositor
