// SPDX-License-Identifier: Apache-2.0
// What is drawn when something changes, counted with the null renderer: no GL is needed here.
#include "core/compositor/plan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/compositor/backend.h"
#include "core/compositor/screens.h"
#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {
namespace {

using testing::FakeProducer;
using wall::RectPx;

uint64_t area(const RectPx& r) {
    return static_cast<uint64_t>(r.width) * static_cast<uint64_t>(r.height);
}

class PlanTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto atlas = text::Atlas::map(testing::atlas_fd());
        ASSERT_TRUE(atlas.ok());
        atlas_ = std::move(*atlas);
        auto painter = Painter::make(*atlas_, PainterKind::null);
        ASSERT_TRUE(painter.ok());
        painter_ = std::move(*painter);
        backend_ = make_null_backend();
        context_.wall = testing::small_wall();
        context_.atlas = atlas_.get();
        screens_ = std::make_unique<Screens>(context_, *backend_, *painter_);
        panel_ = FakeProducer::join(context_.feeds, "panel:test");
        media_ = FakeProducer::join(context_.feeds, "media:0");
    }
    void TearDown() override { stage_.reset(); }
    void show(std::vector<wall::ScenePane> panes) {
        stage_ = std::make_unique<Stage>(testing::scene_of(std::move(panes), "a"), context_);
        step();
    }
    // One frame edge. True: something was drawn.
    bool step() {
        context_.feeds.each_link([this](Link& link) { context_.feeds.receive(link); });
        context_.feeds.each([](Feed& feed) { feed.pull(); });
        std::vector<Dirty> dirty;
        stage_->collect(dirty);
        const int64_t now = base::mono_ns();
        stage_->judge_all(now, 0, false, dirty);
        screens_->say({}, 0);
        screens_->damage(dirty);
        const bool drawn = screens_->damaged();
        if (drawn) screens_->draw(stage_.get(), now);
        panel_->read();
        media_->read();
        return drawn;
    }
    struct Counts {
        uint64_t written = 0, changed = 0;
    };
    Counts counts() {
        std::vector<DisplayReport> reports;
        screens_->add_reports(reports);
        Counts out;
        for (const DisplayReport& r : reports) {
            out.written += r.pixels_written;
            out.changed += r.pixels_changed;
        }
        return out;
    }
    // What one picture of a camera costs once everything else stands.
    Counts cost_of(const std::string& id) {
        FakeProducer::fill(*media_->surface_with(id), 0xFF0000FF);
        step();
        const Counts before = counts();
        FakeProducer::fill(*media_->surface_with(id), 0xFF00FF00);
        step();
        const Counts after = counts();
        return {after.written - before.written, after.changed - before.changed};
    }
    std::unique_ptr<text::Atlas> atlas_;
    std::unique_ptr<Painter> painter_;
    std::unique_ptr<Backend> backend_;
    WallContext context_;
    std::unique_ptr<Screens> screens_;
    std::unique_ptr<FakeProducer> panel_, media_;
    std::unique_ptr<Stage> stage_;
};

TEST_F(PlanTest, AChangeOfOnePaneWritesItsPictureAndNothingElse) {
    show({testing::source_pane("A", {0, 0, 300, 220}),
          testing::source_pane("B", {300, 0, 300, 220}),
          testing::panel_pane("p", {0, 220, 300, 200})});
    for (const char* id : {"camera/A", "camera/B"}) cost_of(id);
    const auto& surface = media_->surface_with("camera/A")->configure;
    const Counts cost = cost_of("camera/A");
    EXPECT_EQ(cost.written, uint64_t{surface.width} * surface.height);
    EXPECT_EQ(cost.changed, cost.written);
}

TEST_F(PlanTest, AStillStageWritesNothing) {
    show({testing::source_pane("A", {0, 0, 300, 220}),
          testing::panel_pane("p", {0, 220, 300, 200})});
    surface::DrawList list;
    testing::add_rect(list, *atlas_, 0, 0, 50, 50, 0xFFFFFFFF);
    FakeProducer::draw(*panel_->surface_with("\"p\""), list);
    cost_of("camera/A");
    const Counts before = counts();
    FakeProducer::vouch(*media_->surface_with("camera/A"));
    EXPECT_FALSE(step());
    EXPECT_EQ(counts().written, before.written);
    EXPECT_EQ(counts().changed, before.changed);
}

TEST_F(PlanTest, APanelWhoseClockTicksIsDrawnWhereItTicks) {
    show({testing::panel_pane("p", {0, 0, 400, 300})});
    auto draw = [&](uint32_t clock) {
        surface::DrawList list;
        testing::add_rect(list, *atlas_, 0, 0, 398, 200, 0xFFFFFFFF);
        testing::add_rect(list, *atlas_, 300, 220, 50, 20, clock);
        FakeProducer::draw(*panel_->surface_with("\"p\""), list);
    };
    draw(0xFF0000FF);
    step();
    const Counts before = counts();
    draw(0xFF00FF00);
    step();
    const Counts after = counts();
    EXPECT_EQ(after.changed - before.changed, 50u * 20);
    // Its ground, its shape, and the copy to the display.
    EXPECT_EQ(after.written - before.written, 3u * 50 * 20);
    draw(0xFF00FF00);
    EXPECT_FALSE(step());  // drawn anew by the panel, but the same
}

TEST_F(PlanTest, WhatChangesBelowAnotherTileIsNotDrawn) {
    auto high = testing::source_pane("B", {200, 0, 300, 300});
    high.z = 1;
    show({testing::panel_pane("p", {0, 0, 400, 300}), high});
    cost_of("camera/B");
    auto draw = [&](float x, uint32_t clock) {
        surface::DrawList list;
        testing::add_rect(list, *atlas_, x, 220, 50, 20, clock);
        FakeProducer::draw(*panel_->surface_with("\"p\""), list);
    };
    draw(300, 0xFF0000FF);
    step();
    draw(300, 0xFF00FF00);
    EXPECT_FALSE(step());
    draw(100, 0xFF00FF00);
    EXPECT_TRUE(step());  // and where it is seen it is drawn
}

TEST_F(PlanTest, OfATileHalfCoveredOnlyTheRestIsDrawn) {
    auto low = testing::source_pane("A", {0, 0, 302, 202});
    auto high = testing::source_pane("B", {151, 0, 302, 202});
    low.caption = high.caption = false;
    show({low, high});
    cost_of("camera/B");
    const Counts cost = cost_of("camera/A");
    const auto& surface = media_->surface_with("camera/A")->configure;
    EXPECT_EQ(cost.written, uint64_t{151} * surface.height);
    EXPECT_EQ(cost.changed, cost.written);
}

// Once the plan pointed into a copy of the tiles, and panels stayed dark at random.
TEST_F(PlanTest, WhatIsPlannedPointsIntoTheStagesOwnTiles) {
    show(
        {testing::panel_pane("p", {0, 0, 300, 220}), testing::panel_pane("q", {310, 0, 300, 220})});
    for (const char* pane : {"\"p\"", "\"q\""}) {
        surface::DrawList list;
        testing::add_rect(list, *atlas_, 0, 0, 50, 20, 0xFFFFFFFF);
        FakeProducer::draw(*panel_->surface_with(pane), list);
    }
    step();
    Plan plan;
    const RectPx whole{0, 0, 640, 480};
    make_plan(plan, stage_.get(), 0, {&whole, 1}, {});
    std::set<const Placement*> places;
    for (const Tile& tile : stage_->tiles())
        for (const Placement& at : tile.geometry.placements) places.insert(&at);
    ASSERT_EQ(plan.panels.size(), 2u);
    for (const Plan::Panel& one : plan.panels) EXPECT_TRUE(places.contains(one.at));
}

TEST_F(PlanTest, NoPixelIsPlannedTwiceForDamageThatOverlaps) {
    show({});
    Plan plan;
    const std::vector<RectPx> cross{{100, 0, 50, 300}, {0, 100, 300, 50}};
    make_plan(plan, stage_.get(), 0, cross, {});
    uint64_t sum = 0;
    for (const Plan::Fill& one : plan.below) sum += area(one.rect);
    EXPECT_EQ(sum, 50u * 300 * 2 - 50 * 50);
    EXPECT_EQ(plan.pixels, sum);
}

TEST_F(PlanTest, EveryPixelOfAWholeFrameIsPlanned) {
    show({testing::source_pane("A", {0, 0, 300, 220}),
          testing::panel_pane("p", {150, 100, 300, 200}),
          testing::source_pane("B", {400, 250, 240, 200})});
    cost_of("camera/B");
    Plan plan;
    const RectPx whole{0, 0, 640, 480};
    make_plan(plan, stage_.get(), 0, {&whole, 1}, {});
    std::vector<RectPx> covered;
    for (const auto* fills : {&plan.below, &plan.sides, &plan.grounds})
        for (const Plan::Fill& one : *fills) covered.push_back(one.rect);
    for (const Plan::Panel& one : plan.panels) covered.push_back(one.rect);
    for (const Plan::Picture& one : plan.pictures) covered.push_back(one.visible);
    uint64_t left = 0;
    for (const RectPx& hole : uncovered(whole, covered)) left += area(hole);
    // Only the edges of the three tiles, one pixel wide, which are drawn as furniture.
    EXPECT_LE(left, 2u * (300 + 220 + 300 + 200 + 240 + 200));
    EXPECT_FALSE(plan.furniture.commands.empty());
}

TEST_F(PlanTest, ForcedFullRedrawsWriteTheWholeWall) {
    show({testing::source_pane("A", {0, 0, 300, 220})});
    cost_of("camera/A");
    screens_->redraw_all(true);
    const Counts cost = cost_of("camera/A");
    EXPECT_GE(cost.written, 2u * 640 * 480);
    EXPECT_LT(cost.changed, 300u * 220);
}

TEST_F(PlanTest, ThereIsNothingToLookAtButNothingBreaks) {
    show({testing::source_pane("A", {0, 0, 300, 220})});
    EXPECT_FALSE(painter_->draws());
    EXPECT_EQ(screens_->read_wall().width, 1280);
    EXPECT_EQ(screens_->draw_apart(*stage_).size(), 2u);
}

TEST(ListArea, CountsWhatLiesWithinTheClips) {
    surface::DrawList list;
    auto at = [](float x, float y) { return surface::Vertex{x, y, 0, 0, 0}; };
    list.vertices = {at(0, 0), at(40, 0), at(40, 20), at(0, 20)};
    list.indices = {0, 1, 2, 0, 2, 3};
    list.commands = {{0, 0, 4096, 4096, 0, 0, 6, -1}};
    EXPECT_EQ(list_area({&list, 0, 0, 1, {0, 0, 100, 100}, 0}), 800u);
    EXPECT_EQ(list_area({&list, 0, 0, 2, {0, 0, 100, 100}, 0}), 3200u);
    EXPECT_EQ(list_area({&list, 90, 0, 1, {0, 0, 100, 10}, 0}), 100u);
    list.commands[0].clip_x1 = 10;
    EXPECT_EQ(list_area({&list, 0, 0, 1, {0, 0, 100, 100}, 0}), 200u);
    EXPECT_EQ(list_area({&list, 0, 0, 1, {0, 0, 100, 100}, 1}), 0u);
}

TEST(ListArea, OfThousandsASampleIsCountedButNothingIsExact) {
    constexpr uint32_t kRows = 40, kColumns = 60;
    surface::DrawList list;
    for (uint32_t i = 0; i < kRows * kColumns; ++i) {
        const auto x = static_cast<float>(i % kColumns * 10);
        const auto y = static_cast<float>(i / kColumns * 10);
        for (const auto& [dx, dy] : {std::pair{0, 0}, {5, 0}, {5, 4}, {0, 4}})
            list.vertices.push_back(
                {x + static_cast<float>(dx), y + static_cast<float>(dy), 0, 0, 0});
        for (const uint32_t corner : {0, 1, 2, 0, 2, 3}) list.indices.push_back(4 * i + corner);
    }
    const auto count = static_cast<uint32_t>(list.indices.size());
    list.commands = {{0, 0, 4096, 4096, 0, 0, count, -1}};
    EXPECT_EQ(list_area({&list, 0, 0, 1, {0, 0, 4096, 4096}, 0}), kRows * kColumns * 20U);
    for (int column = 0; column < 40; ++column)
        EXPECT_GE(list_area({&list, 0, 0, 1, {10 * column, 0, 5, 4}, 0}), 20U) << column;
    EXPECT_EQ(list_area({&list, 0, 0, 1, {6, 0, 3, 4096}, 0}), 0U);
}

TEST(PainterKind, KnowsItsWordsAndNamesThemToThoseWhoDoNot) {
    EXPECT_EQ(*painter_kind(""), PainterKind::by_driver);
    EXPECT_EQ(*painter_kind("null"), PainterKind::null);
    EXPECT_EQ(*painter_kind("software"), PainterKind::software);
    EXPECT_EQ(*painter_kind("gpu"), PainterKind::gpu);
    auto bad = painter_kind("fast");
    ASSERT_FALSE(bad.ok());
    EXPECT_NE(bad.error().text.find("\"fast\""), std::string::npos);
    EXPECT_NE(bad.error().text.find("software"), std::string::npos);
}

}  // namespace
}  // namespace bw::compositor
