// SPDX-License-Identifier: Apache-2.0
// Scenes, feeds and takes against a real surface link; no GL.
#include "core/compositor/stage.h"

#include <gtest/gtest.h>

#include "core/compositor/director.h"
#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {
namespace {

using testing::FakeProducer;

class StageTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto atlas = text::Atlas::map(testing::atlas_fd());
        ASSERT_TRUE(atlas.ok()) << atlas.error().text;
        atlas_ = std::move(*atlas);
        context_.wall = testing::small_wall();
        context_.atlas = atlas_.get();
    }
    // What the compositor does at each frame edge.
    std::vector<Dirty> frame(Stage& stage) {
        for (const auto& [name, link] : context_.feeds.links()) context_.feeds.receive(*link);
        context_.feeds.each([](Feed& feed) { feed.pull(); });
        std::vector<Dirty> dirty;
        stage.collect(dirty);
        int64_t now = base::mono_ns();
        stage.judge_all(now, now, false, dirty);
        return dirty;
    }
    std::unique_ptr<text::Atlas> atlas_;
    WallContext context_;
};

surface::DrawList a_list(const text::Atlas& atlas) {
    surface::DrawList list;
    testing::add_rect(list, atlas, 0, 0, 10, 10, 0xFFFFFFFF);
    return list;
}

TEST_F(StageTest, ConfiguresAPanelWithTheContentsSizeAndTakesItsPicture) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    Stage stage(testing::scene_of({testing::panel_pane("p", {0, 0, 320, 240})}, "a"), context_);
    panel->read();
    auto* surface = panel->surface_with("\"p\"");
    ASSERT_NE(surface, nullptr);
    EXPECT_EQ(surface->configure.width, 318u);
    EXPECT_EQ(surface->configure.height, static_cast<uint32_t>(stage.tiles()[0].geometry.height));
    EXPECT_EQ(surface->configure.kind, surface::SlotKind::draw_list);
    frame(stage);
    EXPECT_EQ(stage.tiles()[0].verdict.freshness, Freshness::starting);
    EXPECT_FALSE(stage.ready());
    FakeProducer::draw(*surface, a_list(*atlas_));
    EXPECT_FALSE(frame(stage).empty());
    EXPECT_EQ(stage.tiles()[0].verdict.freshness, Freshness::live);
    EXPECT_EQ(stage.report()[0].updates, 1u);
    EXPECT_TRUE(stage.ready());
    panel->read();
    EXPECT_EQ(surface->taken, 1);
    EXPECT_TRUE(frame(stage).empty());  // nothing new: nothing to draw
}

TEST_F(StageTest, AVideoInAPanelIsDemandedAtItsSizeAndJudgedAlone) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    auto media = FakeProducer::join(context_.feeds, "media:0");
    Stage stage(testing::scene_of({testing::panel_pane("p", {0, 0, 320, 240})}, "a"), context_);
    stage.set_on_air(true);
    panel->read();
    surface::DrawList list = a_list(*atlas_);
    testing::add_video(list, "camera/A", {8, 8, 160, 90});
    FakeProducer::draw(*panel->surface_with("\"p\""), list);
    frame(stage);
    media->read();
    auto* demanded = media->surface_with("camera/A");
    ASSERT_NE(demanded, nullptr);
    EXPECT_EQ(demanded->configure.width, 160u);
    EXPECT_EQ(demanded->configure.height, 90u);
    EXPECT_EQ(demanded->demand, 1);
    EXPECT_EQ(stage.tiles()[0].verdict.freshness, Freshness::live);
    EXPECT_EQ(stage.tiles()[0].videos[0].verdict.freshness, Freshness::starting);
    EXPECT_FALSE(stage.ready());  // its video has no picture yet
    FakeProducer::fill(*demanded, 0xFF00FF00);
    frame(stage);
    EXPECT_EQ(stage.tiles()[0].videos[0].verdict.freshness, Freshness::live);
    EXPECT_TRUE(stage.ready());
}

TEST_F(StageTest, PanesOfOneSourceAndSizeShareOneSurface) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    auto one = testing::source_pane("A", {0, 0, 200, 150});
    auto two = testing::source_pane("A", {200, 0, 200, 150});
    auto three = testing::source_pane("A", {0, 200, 300, 150});
    Stage stage(testing::scene_of({one, two, three}, "a"), context_);
    media->read();
    EXPECT_EQ(media->surfaces.size(), 2u);
}

TEST_F(StageTest, ASuccessorIsConfiguredAndTheOldPictureStaysUntilItsFirst) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    Stage stage(testing::scene_of({testing::source_pane("A", {0, 0, 200, 150})}, "a"), context_);
    media->read();
    FakeProducer::fill(*media->surface_with("camera/A"), 0xFF0000FF);
    frame(stage);
    const Feed& feed = *stage.tiles()[0].videos[0].feed;
    ASSERT_EQ(feed.version(), 1u);
    media.reset();
    context_.feeds.drop_link("media:0", base::mono_ns(), false);
    auto successor = FakeProducer::join(context_.feeds, "media:0", 2);
    successor->read();
    auto* surface = successor->surface_with("camera/A");
    ASSERT_NE(surface, nullptr);
    frame(stage);
    uint32_t pixel = 0;
    std::memcpy(&pixel, feed.picture().payload, 4);
    EXPECT_EQ(pixel, 0xFF0000FFu);  // the dead one's picture
    FakeProducer::fill(*surface, 0xFF00FF00);
    frame(stage);
    std::memcpy(&pixel, feed.picture().payload, 4);
    EXPECT_EQ(pixel, 0xFF00FF00u);
}

TEST_F(StageTest, ARefusalBecomesAnErrorWithItsReason) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    Stage stage(testing::scene_of({testing::panel_pane("p", {0, 0, 320, 240})}, "a"), context_);
    panel->read();
    panel->refuse("\"p\"", surface::Reason::bad_settings, "rows must be a number");
    frame(stage);
    EXPECT_EQ(stage.tiles()[0].verdict.freshness, Freshness::error);
    EXPECT_EQ(stage.report()[0].text, "rows must be a number");
    EXPECT_TRUE(stage.ready());  // nothing more is to be waited for
    EXPECT_NE(stage.trouble().find("p"), std::string::npos);
}

TEST_F(StageTest, AWrongKindOfPictureCutsTheProducerOff) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    Stage stage(testing::scene_of({testing::panel_pane("p", {0, 0, 320, 240})}, "a"), context_);
    panel->read();
    FakeProducer::fill(*panel->surface_with("\"p\""), 0xFFFFFFFF, 8, 8);
    frame(stage);
    EXPECT_TRUE(context_.feeds.links().at("panel:test")->cut_off);
    EXPECT_EQ(stage.tiles()[0].feed->version(), 0u);
}

TEST_F(StageTest, AQuarantinedPanelIsAnErrorAtOnce) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    Stage stage(testing::scene_of({testing::panel_pane("p", {0, 0, 320, 240})}, "a"), context_);
    context_.feeds.drop_link("panel:test", base::mono_ns(), true);
    frame(stage);
    EXPECT_EQ(stage.tiles()[0].verdict.freshness, Freshness::error);
    EXPECT_EQ(stage.tiles()[0].verdict.reason, surface::Reason::quarantined);
}

TEST_F(StageTest, ATakeShowsThePreparedStageAndReleasesTheOld) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    Director director(context_);
    auto first = testing::scene_of({testing::panel_pane("old", {0, 0, 320, 240}),
                                    testing::panel_pane("both", {320, 0, 320, 240})},
                                   "first");
    auto second = testing::scene_of({testing::panel_pane("new", {0, 0, 320, 240}),
                                     testing::panel_pane("both", {320, 0, 320, 240})},
                                    "second");
    first.take = 1;
    director.start_from(first);
    panel->read();
    FakeProducer::draw(*panel->surface_with("\"both\""), a_list(*atlas_));
    frame(*director.on_air());
    director.prepare(second);
    panel->read();
    ASSERT_EQ(panel->surfaces.size(), 3u);  // "both" is shared
    frame(*director.next());
    EXPECT_FALSE(director.newly_ready());
    FakeProducer::draw(*panel->surface_with("\"new\""), a_list(*atlas_));
    frame(*director.next());
    EXPECT_EQ(director.newly_ready(), "second");
    EXPECT_FALSE(director.newly_ready());  // said once
    int64_t now = base::mono_ns();
    director.go_live({2, 0, second}, now + base::kSecond, now);
    director.prepare(std::nullopt);  // the hub drops its preview right behind the take
    EXPECT_FALSE(director.swap(now));
    auto swap = director.swap(now + base::kSecond);
    ASSERT_TRUE(swap);
    EXPECT_EQ(swap->take, 2u);
    EXPECT_EQ(director.on_air()->scene().hash, "second");
    EXPECT_TRUE(director.on_air()->late_panes().empty());
    director.drop_retired();
    panel->read();
    EXPECT_EQ(panel->surface_with("\"old\""), nullptr);
    EXPECT_NE(panel->surface_with("\"both\""), nullptr);
}

TEST_F(StageTest, AnOlderTakeIsNotShown) {
    Director director(context_);
    auto scene = testing::scene_of({testing::panel_pane("a", {0, 0, 320, 240})}, "a");
    scene.take = 5;
    director.start_from(scene);
    director.go_live({4, 0, testing::scene_of({}, "b")}, 0, base::mono_ns());
    EXPECT_FALSE(director.swap(base::mono_ns()));
    director.go_live({6, 0, testing::scene_of({}, "b")}, 0, base::mono_ns());
    EXPECT_TRUE(director.swap(base::mono_ns()));
}

}  // namespace
}  // namespace bw::compositor
