// SPDX-License-Identifier: Apache-2.0
// A scene drawn before its take: in steps, on canvases of its own, to the same pixels as at once.
#include "core/compositor/ahead.h"

#include <gtest/gtest.h>

#include "tests/compositor/painter_fixture.h"

namespace bw::compositor {
namespace {

constexpr int kManySteps = 200;

class AheadTest : public PainterTest {
  protected:
    void SetUp() override {
        ASSERT_NO_FATAL_FAILURE(PainterTest::SetUp());
        stage_ = std::make_unique<Stage>(
            testing::scene_of({testing::source_pane("A", {0, 0, 320, 240})}, "first"), context_);
        stage_->set_on_air(true);
        media_->read();
        FakeProducer::fill(*media_->surface_with("camera/A"), kRed);
        frame();
    }
    void TearDown() override {
        next_.reset();
        PainterTest::TearDown();
    }
    static wall::Scene second() {
        return testing::scene_of({testing::panel_pane("board", {0, 0, 400, 300}),
                                  testing::source_pane("B", {640, 0, 480, 270})},
                                 "second");
    }
    void prepare(wall::Scene scene) {
        next_ = std::make_unique<Stage>(std::move(scene), context_);
        screens_->ahead().aim(next_.get());
        panel_->read();
        media_->read();
    }
    void draw_board(uint32_t rgba) {
        surface::DrawList list;
        testing::add_rect(list, *atlas_, 20, 20, 300, 200, rgba);
        FakeProducer::draw(*panel_->surface_with("board"), list);
    }
    // What App does with a frame.
    void frame() {
        context_.feeds.pull(INT64_MAX);
        const int64_t now = base::mono_ns();
        std::vector<Dirty> dirty, unseen;
        stage_->collect(dirty);
        stage_->judge_all(now, 0, false, dirty);
        if (next_) {
            next_->collect(unseen);
            next_->judge_all(now, 0, false, unseen);
            screens_->ahead().damage(unseen);
        }
        screens_->say({}, 0);
        screens_->damage(dirty);
        if (screens_->damaged()) screens_->draw(stage_.get(), now);
        panel_->read();
        media_->read();
    }
    int steps() {
        int count = 0;
        for (; screens_->ahead().wants() && count < kManySteps; ++count) screens_->step_ahead();
        return count;
    }
    void all_pictures() {
        draw_board(kBlue);
        FakeProducer::fill(*media_->surface_with("camera/B"), kGreen);
        frame();
    }
    void take() {
        screens_->change_scene(*next_);
        next_->set_on_air(true);
        stage_ = std::move(next_);
    }
    // Every display is as if it were drawn whole and at once.
    void expect_as_drawn_whole() {
        const std::vector<Canvas> whole = screens_->draw_apart(*stage_);
        for (size_t i = 0; i < whole.size(); ++i) {
            const Pixels is = screens_->read_display(i);
            EXPECT_TRUE(is.rgba == screens_->read(whole[i], {0, 0, is.width, is.height}).rgba)
                << "display " << i;
        }
    }
    std::unique_ptr<Stage> next_;
};

TEST_F(AheadTest, DisplaysAreDrawnInStepsOnceAllPicturesAreThere) {
    prepare(second());
    draw_board(kBlue);
    frame();
    steps();
    EXPECT_FALSE(screens_->ahead().done());  // the camera's first picture is missing
    FakeProducer::fill(*media_->surface_with("camera/B"), kGreen);
    frame();
    EXPECT_GE(steps(), 2);  // a display at least each
    EXPECT_TRUE(screens_->ahead().done());
    EXPECT_FALSE(screens_->ahead().wants());
    EXPECT_EQ(at(screens_->read_display(0), 160, 120), kRed);  // what is on air is untouched
}

TEST_F(AheadTest, ATakeOfWhatIsDrawnExchangesCanvasesAndDrawsAlmostNothing) {
    prepare(second());
    all_pictures();
    steps();
    std::vector<DisplayReport> before, after;
    screens_->add_reports(before);
    take();
    frame();
    screens_->add_reports(after);
    expect_as_drawn_whole();
    EXPECT_EQ(at(screens_->read_display(0), 100, 150), kBlue);
    EXPECT_EQ(at(screens_->read_display(1), 240, 150), kGreen);
    for (size_t i = 0; i < after.size(); ++i) {
        EXPECT_LT(after[i].pixels_written - before[i].pixels_written, 640u * 480u / 4);
        EXPECT_EQ(after[i].pixels_changed - before[i].pixels_changed, 640u * 480u);
    }
}

TEST_F(AheadTest, WhatChangedSinceIsDrawnWithTheTake) {
    prepare(second());
    all_pictures();
    steps();
    draw_board(kGreen);
    FakeProducer::fill(*media_->surface_with("camera/B"), kRed);
    frame();
    take();
    frame();
    expect_as_drawn_whole();
    EXPECT_EQ(at(screens_->read_display(0), 100, 150), kGreen);
    EXPECT_EQ(at(screens_->read_display(1), 240, 150), kRed);
}

TEST_F(AheadTest, AnotherSceneBeginsAnewAndATakeOfWhatIsNotDrawnIsDrawnWhole) {
    prepare(second());
    all_pictures();
    steps();
    wall::Scene third = second();
    third.hash = "third";
    third.panes[1].rect = {700, 0, 480, 270};
    prepare(third);
    EXPECT_FALSE(screens_->ahead().done());
    frame();
    take();
    frame();
    expect_as_drawn_whole();
    EXPECT_EQ(at(screens_->read_display(1), 300, 150), kGreen);
}

TEST_F(AheadTest, ATakeAtTheDeadlineUsesWhatIsDrawnAndDrawsTheRest) {
    prepare(second());
    all_pictures();
    for (int i = 0; i < 4; ++i) screens_->step_ahead();  // two canvases, the board, one display
    ASSERT_FALSE(screens_->ahead().done());
    std::vector<DisplayReport> before, after;
    screens_->add_reports(before);
    take();
    frame();
    screens_->add_reports(after);
    expect_as_drawn_whole();
    uint64_t written = 0;
    for (size_t i = 0; i < after.size(); ++i)
        written += after[i].pixels_written - before[i].pixels_written;
    EXPECT_LT(written, 2 * 640u * 480u);
}

TEST_F(AheadTest, APanelThatAlwaysChangesDoesNotHoldUpTheRest) {
    prepare(second());
    all_pictures();
    int count = 0;
    for (; !screens_->ahead().done() && count < kManySteps; ++count) {
        draw_board(count % 2 == 0 ? kGreen : kBlue);
        frame();
        screens_->step_ahead();
    }
    EXPECT_TRUE(screens_->ahead().done());
    draw_board(kRed);
    frame();
    take();
    frame();
    expect_as_drawn_whole();
    EXPECT_EQ(at(screens_->read_display(0), 100, 150), kRed);
}

TEST_F(AheadTest, AFrameTellsOfItsProgress) {
    int told = 0;
    screens_->on_progress([&told] { ++told; });
    screens_->damage_all();
    frame();
    EXPECT_GE(told, 2);  // of each display
}

TEST_F(AheadTest, ATransitionGoesFromWhatWasShownToWhatWasDrawnAhead) {
    wall::Scene faded = second();
    faded.transition = {config::Transition::Kind::fade, 400};
    prepare(faded);
    all_pictures();
    steps();
    ASSERT_TRUE(screens_->ahead().done());
    screens_->change_scene(*next_);
    screens_->begin_transition(
        plan_transition(faded.transition, *stage_, *next_, context_.wall, 0));
    screens_->draw(next_.get(), 1);
    EXPECT_EQ(at(screens_->read_display(0), 160, 120), kRed);
    screens_->draw(next_.get(), 400'000'000);
    stage_ = std::move(next_);
    expect_as_drawn_whole();
    EXPECT_EQ(at(screens_->read_display(0), 100, 150), kBlue);
}

TEST_F(AheadTest, PanelsThatChangeTogetherAreTakenInTurnByTurn) {
    std::vector<wall::ScenePane> panes;
    for (int i = 0; i < 3; ++i)
        panes.push_back(testing::panel_pane("p" + std::to_string(i), {i * 200.0, 0, 200, 200}));
    Stage boards(testing::scene_of(panes, "boards"), context_);
    boards.set_on_air(true);
    panel_->read();
    auto all_draw = [this](uint32_t rgba) {
        for (auto& [number, surface] : panel_->surfaces) {
            surface::DrawList list;
            testing::add_rect(list, *atlas_, 0, 0, 100, 100, rgba);
            FakeProducer::draw(surface, list);
        }
    };
    auto versions = [&boards] {
        std::vector<uint64_t> out;
        for (const Tile& tile : boards.tiles()) out.push_back(tile.feed->version());
        return out;
    };
    all_draw(kRed);
    context_.feeds.pull(1);
    EXPECT_EQ(versions(), (std::vector<uint64_t>{1, 1, 1}));  // first pictures never wait
    panel_->read();
    all_draw(kGreen);
    for (const uint64_t sum : {4u, 5u, 6u}) {  // one more with each frame
        context_.feeds.pull(1);
        const auto now = versions();
        EXPECT_EQ(now[0] + now[1] + now[2], sum);
    }
    EXPECT_EQ(versions(), (std::vector<uint64_t>{2, 2, 2}));
}

}  // namespace
}  // namespace bw::compositor
