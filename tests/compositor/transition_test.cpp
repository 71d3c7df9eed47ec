// SPDX-License-Identifier: Apache-2.0
// What a transition leaves alone, what it moves, and where every pixel comes from.
#include "core/compositor/transition.h"

#include <gtest/gtest.h>

#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {
namespace {

using wall::RectPx;

class TransitionTest : public ::testing::Test {
  protected:
    void SetUp() override { context_.wall = testing::small_wall(); }
    TransitionPlan plan(std::vector<wall::ScenePane> before, std::vector<wall::ScenePane> after) {
        Stage one(testing::scene_of(std::move(before), "one"), context_);
        Stage two(testing::scene_of(std::move(after), "two"), context_);
        return plan_transition({config::Transition::Kind::fade, 400}, one, two, context_.wall,
                               1000);
    }
    WallContext context_;
};

bool covers(const std::vector<RectPx>& rects, const RectPx& part) {
    return uncovered(part, rects).empty();
}

TEST_F(TransitionTest, PanesOfBothAtTheirPlaceAndTheStripStandStill) {
    const RectPx place{100, 100, 200, 150};
    auto common = testing::source_pane("A", {100, 100, 200, 150});
    auto gone = testing::source_pane("B", {300, 100, 200, 150});
    auto comes = testing::source_pane("C", {300, 100, 200, 150});
    TransitionPlan p = plan({common, gone}, {common, comes});
    EXPECT_TRUE(covers(p.still[0], place));
    EXPECT_FALSE(covers(p.still[0], {300, 100, 200, 150}));
    EXPECT_TRUE(covers(p.still[0], {0, 440, 640, 40}));
    EXPECT_TRUE(covers(p.still[1], {0, 440, 640, 40}));
    EXPECT_TRUE(p.movers.empty());
    for (size_t i = 0; i < 2; ++i) {
        for (const RectPx& moving : p.moving[i]) {
            for (const RectPx& still : p.still[i])
                EXPECT_TRUE(wall::intersect(moving, still).empty());
        }
    }
}

TEST_F(TransitionTest, WhatIsHiddenInOneOfTheScenesDoesNotStandStill) {
    auto common = testing::source_pane("A", {100, 100, 200, 150});
    auto above = testing::source_pane("B", {100, 100, 100, 150});
    TransitionPlan p = plan({common, above}, {common});
    EXPECT_TRUE(covers(p.still[0], {200, 100, 100, 150}));
    EXPECT_FALSE(covers(p.still[0], {110, 110, 50, 50}));
}

TEST_F(TransitionTest, ASourceMovesUnderAnotherNameAndPanelsUnderTheirOwn) {
    auto before = testing::source_pane("A", {0, 0, 100, 100});
    auto after = testing::source_pane("A", {300, 0, 200, 200});
    after.id = "large";
    TransitionPlan p = plan({before}, {after});
    ASSERT_EQ(p.movers.size(), 1u);
    EXPECT_EQ(p.movers[0].from, before.rect);
    EXPECT_EQ(p.movers[0].to, after.rect);
    auto panel = testing::panel_pane("p", {0, 0, 100, 100});
    auto other = testing::panel_pane("q", {0, 0, 100, 100});
    EXPECT_FALSE(same_content(panel, other));
    other.id = "p";
    other.settings = R"({"rows": 3})";
    EXPECT_FALSE(same_content(panel, other));
    // Two panes of one source: who stays in place is not taken for the one that moves.
    auto second = testing::source_pane("A", {0, 200, 100, 100});
    p = plan({before, second}, {after, second});
    ASSERT_EQ(p.movers.size(), 1u);
    EXPECT_EQ(p.movers[0].from, before.rect);
}

TEST_F(TransitionTest, AMoverGoesFromItsOldPlaceToItsNewAcrossDisplays) {
    auto before = testing::source_pane("A", {100, 100, 200, 100});
    auto after = testing::source_pane("A", {740, 50, 400, 200});
    TransitionPlan p = plan({before}, {after});
    ASSERT_EQ(p.movers.size(), 1u);
    const Mover& mover = p.movers[0];
    auto drawn = moved_picture(mover, between(mover.from, mover.to, 0), context_.wall, 0);
    ASSERT_EQ(drawn.size(), 1u);
    EXPECT_EQ(drawn[0].display, 1u);  // its new picture is there
    EXPECT_EQ(drawn[0].from, (RectPx{100, 50, 400, 200}));
    EXPECT_EQ(drawn[0].to, (RectPx{100, 100, 200, 100}));
    drawn = moved_picture(mover, between(mover.from, mover.to, 1), context_.wall, 1);
    ASSERT_EQ(drawn.size(), 1u);
    EXPECT_EQ(drawn[0].to, drawn[0].from);
    EXPECT_TRUE(moved_picture(mover, mover.to, context_.wall, 0).empty());
}

TEST_F(TransitionTest, ItIsOverInItsTimeAndEasesAtBothEnds) {
    TransitionPlan p = plan({}, {});
    EXPECT_EQ(p.share(1000), 0);
    EXPECT_NEAR(p.share(1000 + 100'000'000), 0.25, 1e-9);
    EXPECT_EQ(p.share(1000 + 400'000'000), 1);
    EXPECT_EQ(p.share(1000 + 900'000'000), 1);
    EXPECT_EQ(eased(0), 0);
    EXPECT_EQ(eased(1), 1);
    EXPECT_LT(eased(0.1), 0.1);
}

TEST_F(TransitionTest, APushTakesEveryPixelFromExactlyOneScene) {
    constexpr int kWidth = 64;
    for (const RectPx part : {RectPx{0, 0, 64, 4}, RectPx{10, 2, 20, 2}, RectPx{40, 0, 24, 1}}) {
        for (int offset = 0; offset <= kWidth; ++offset) {
            const PushParts p = push_parts(part, kWidth, offset);
            EXPECT_EQ(p.to_new.width * p.to_new.height + p.to_old.width * p.to_old.height,
                      part.width * part.height);
            EXPECT_TRUE(wall::intersect(p.to_new, p.to_old).empty());
            if (!p.to_new.empty()) {
                EXPECT_EQ(p.to_new.x - p.from_new.x, offset);
                EXPECT_GE(p.from_new.x, 0);
            }
            if (!p.to_old.empty()) {
                EXPECT_EQ(p.from_old.x - p.to_old.x, kWidth - offset);
                EXPECT_LE(p.from_old.x + p.from_old.width, kWidth);
            }
        }
    }
}

}  // namespace
}  // namespace bw::compositor
