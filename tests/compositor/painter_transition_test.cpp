// SPDX-License-Identifier: Apache-2.0
// Transitions as they are seen: mixed, slid, moved, ended.
#include "core/compositor/pen.h"
#include "tests/compositor/painter_fixture.h"

namespace bw::compositor {
namespace {

// Panes without caption, whole pixels: A left, B right.
wall::Scene halves(const std::string& left, const std::string& right, const std::string& hash) {
    auto one = testing::source_pane(left, {0, 0, 300, 200});
    auto two = testing::source_pane(right, {320, 0, 300, 200});
    one.caption = two.caption = false;
    return testing::scene_of({one, two}, hash);
}

constexpr int64_t kMs = 1'000'000;

TEST_F(PainterTest, AFadeMixesTheScenesAndLeavesCommonPanesAlone) {
    show(halves("A", "B", "one"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    FakeProducer::fill(*media_->surface_with("camera/B"), kRed);
    step();
    Stage prepared(halves("A", "C", "two"), context_);
    media_->read();
    FakeProducer::fill(*media_->surface_with("camera/C"), kBlue);
    seen_ns_ = 50 * kMs;
    take(halves("A", "C", "two"), {config::Transition::Kind::fade, 100});
    ASSERT_TRUE(screens_->in_transition());
    Pixels half = screens_->read_display(0);
    EXPECT_EQ(at(half, 150, 100), kGreen);
    const uint32_t mixed = at(half, 470, 100);
    EXPECT_NEAR(mixed & 0xFF, 128, 2);
    EXPECT_NEAR(mixed >> 16 & 0xFF, 128, 2);
    // What is live goes on: the common pane's next picture is seen at once and unmixed.
    FakeProducer::fill(*media_->surface_with("camera/A"), kRed);
    seen_ns_ = 75 * kMs;
    step();
    Pixels later = screens_->read_display(0);
    EXPECT_EQ(at(later, 150, 100), kRed);
    EXPECT_GT(at(later, 470, 100) >> 16 & 0xFF, 180u);
    seen_ns_ = 100 * kMs;
    step();
    EXPECT_FALSE(screens_->in_transition());
    EXPECT_EQ(at(screens_->read_display(0), 470, 100), kBlue);
    EXPECT_FALSE(screens_->damaged());  // and nothing more is drawn
}

TEST_F(PainterTest, APushSlidesTheNewSceneInAndLeavesCommonPanesInPlace) {
    show(halves("A", "B", "one"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    FakeProducer::fill(*media_->surface_with("camera/B"), kRed);
    step();
    Stage prepared(halves("A", "C", "two"), context_);
    media_->read();
    FakeProducer::fill(*media_->surface_with("camera/C"), kBlue);
    seen_ns_ = 50 * kMs;
    take(halves("A", "C", "two"), {config::Transition::Kind::push, 100});
    // Half way: 320 of 640 pixels. B's place shows what was 320 pixels to the right: nothing; C has
    // come in by half, and its right half still lies beyond the edge.
    Pixels half = screens_->read_display(0);
    EXPECT_EQ(at(half, 150, 100), kGreen);
    EXPECT_EQ(at(half, 10, 100), kGreen);
    EXPECT_EQ(at(half, 310, 100), colour::kGround);
    EXPECT_EQ(at(half, 470, 100), kGreen);  // of the new scene's own left half
    seen_ns_ = 200 * kMs;
    step();
    EXPECT_EQ(at(screens_->read_display(0), 470, 100), kBlue);
}

TEST_F(PainterTest, ACommonPaneMovesAsOnePictureFromItsOldPlaceToItsNew) {
    auto before = testing::source_pane("A", {0, 0, 200, 200});
    auto after = testing::source_pane("A", {400, 200, 200, 200});
    before.caption = after.caption = false;
    show(testing::scene_of({before}, "one"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    step();
    auto greens = [&](RectPx within) {
        Pixels now = screens_->read_display(0);
        int count = 0;
        for (int y = within.y; y < within.y + within.height; ++y) {
            for (int x = within.x; x < within.x + within.width; ++x)
                count += at(now, x, y) == kGreen ? 1 : 0;
        }
        return count;
    };
    const RectPx whole{0, 0, 640, 440};
    const int all = greens(whole);
    seen_ns_ = 50 * kMs;
    take(testing::scene_of({after}, "two"), {config::Transition::Kind::fade, 100});
    EXPECT_NEAR(greens(whole), all, all / 50);  // one picture, not two
    EXPECT_NEAR(greens({200, 100, 200, 200}), all, all / 50);
    seen_ns_ = 99 * kMs;
    step();
    EXPECT_NEAR(greens(whole), all, all / 50);
    seen_ns_ = 100 * kMs;
    step();
    EXPECT_EQ(greens({400, 200, 200, 200}), all);
}

TEST_F(PainterTest, ATakeDuringATransitionEndsThatOneAtOnce) {
    show(halves("A", "B", "one"));
    FakeProducer::fill(*media_->surface_with("camera/A"), kGreen);
    FakeProducer::fill(*media_->surface_with("camera/B"), kRed);
    step();
    seen_ns_ = 10 * kMs;
    take(halves("B", "A", "two"), {config::Transition::Kind::fade, 100});
    seen_ns_ = 0;
    take(halves("A", "A", "three"), {config::Transition::Kind::fade, 100});
    // The second one starts from the whole of scene two: no trace of scene one.
    EXPECT_EQ(at(screens_->read_display(0), 150, 100), kRed);
}

}  // namespace
}  // namespace bw::compositor
