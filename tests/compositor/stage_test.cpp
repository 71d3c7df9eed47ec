// SPDX-License-Identifier: Apache-2.0
// Scenes, feeds and takes against a real surface link; no GL.
#include <algorithm>

#include "tests/compositor/stage_fixture.h"

namespace bw::compositor {
namespace {

using testing::FakeProducer;
using testing::StageTest;

std::vector<std::string> ids(const std::vector<Tile>& tiles) {
    std::vector<std::string> out;
    for (const Tile& tile : tiles) out.push_back(tile.pane.id);
    return out;
}
using Ids = std::vector<std::string>;

// Two cells, three cameras, ten seconds a page.
wall::Scene two_pages() {
    auto cell = [](const std::string& id, double x, uint32_t page) {
        wall::ScenePane pane = testing::source_pane(id, {x, 0, 200, 150});
        pane.grid = "cameras";
        pane.page = page;
        pane.pages = 2;
        pane.page_ms = 10'000;
        return pane;
    };
    return testing::scene_of({cell("A", 0, 0), cell("B", 200, 0), cell("C", 0, 1)}, "pages");
}

surface::DrawList a_list(const text::Atlas& atlas) {
    surface::DrawList list;
    testing::add_rect(list, atlas, 0, 0, 10, 10, 0xFFFFFFFF);
    return list;
}

TEST_F(StageTest, TellsAPanelWhichOfItsPixelsABezelHides) {
    // Two displays of a pixel a millimetre, 20 mm apart; the pane begins 100 mm left of the gap.
    context_.wall.displays = {{"left", 0, 0, 640, 480, 640, 480},
                              {"right", 660, 0, 640, 480, 640, 480}};
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    auto pane = testing::panel_pane("p", {540, 0, 300, 240});
    pane.caption = false;
    Stage stage(testing::scene_of({pane}, "a"), context_);
    panel->read();
    // One pixel of edge: the gap's 640…660 are the content's 99…119.
    EXPECT_NE(panel->surface_with("\"keepouts\":[[99,0,20,238]]"), nullptr);
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
    EXPECT_EQ(surface->taken, 0) << "nobody waits for it";
    FakeProducer::draw(*surface, a_list(*atlas_));
    EXPECT_FALSE(surface->writer->taken_or_awaited());
    frame(stage);
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

// Both die with the wall's supervisor, or the panel's process does while the camera is away: one
// card lies over everything, none below it.
TEST_F(StageTest, ALostPanelSpeaksForTheVideosInIt) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    auto media = FakeProducer::join(context_.feeds, "media:0");
    Stage stage(testing::scene_of({testing::panel_pane("p", {0, 0, 400, 300})}, "a"), context_);
    frame(stage);
    panel->read();
    surface::DrawList list = a_list(*atlas_);
    testing::add_video(list, "camera/A", {40, 30, 300, 200}, 1);
    FakeProducer::draw(*panel->surface_with("\"p\""), list);
    frame(stage);
    media->read();
    auto* camera = media->surface_with("camera/A");
    FakeProducer::fill(*camera, 0xFF00FF00);
    camera->writer->block().source_state.store(static_cast<uint32_t>(surface::SourceState::lost));
    frame(stage);
    const Tile& tile = stage.tiles()[0];
    EXPECT_FALSE(tile.videos[0].furniture[0].over.indices.empty());  // its own card

    panel->surface_with("\"p\"")->writer->block().as_of_ns.store(base::mono_ns() - kLostAfterNs -
                                                                 base::kSecond);
    frame(stage);
    EXPECT_EQ(tile.verdict.freshness, Freshness::lost);
    EXPECT_EQ(tile.videos[0].verdict.freshness, Freshness::lost);  // and the status says so
    EXPECT_FALSE(tile.furniture[0].over.indices.empty());
    EXPECT_TRUE(tile.videos[0].furniture[0].over.indices.empty());
    EXPECT_FALSE(tile.videos[0].furniture[0].frame.indices.empty());  // which camera it is

    FakeProducer::vouch(*panel->surface_with("\"p\""));
    frame(stage);
    EXPECT_FALSE(tile.videos[0].furniture[0].over.indices.empty());
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
    EXPECT_FALSE(director.newly_ready(true));
    FakeProducer::draw(*panel->surface_with("\"new\""), a_list(*atlas_));
    frame(*director.next());
    EXPECT_FALSE(director.newly_ready(false));  // its displays are still being drawn
    EXPECT_EQ(director.newly_ready(true), "second");
    EXPECT_FALSE(director.newly_ready(true));  // said once
    int64_t now = base::mono_ns();
    director.go_live({2, 0, second, {}}, now + base::kSecond, now);
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

TEST_F(StageTest, PagesTurnByTheClockWithLivePictures) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    Stage stage(two_pages(), context_);
    stage.set_on_air(true);
    media->read();
    EXPECT_EQ(ids(stage.tiles()), (Ids{"A", "B"}));
    EXPECT_EQ(stage.tiles()[0].page, "1/2");
    EXPECT_EQ(stage.tiles()[1].page, "");
    EXPECT_EQ(media->surfaces.size(), 2u);
    for (const char* id : {"camera/A", "camera/B"})
        FakeProducer::fill(*media->surface_with(id), 0xFF00FF00);
    frame(stage);
    EXPECT_EQ(stage.report().size(), 2u);  // what is not in sight is not judged either

    wall_ns_ = 7 * base::kSecond - 1;
    EXPECT_TRUE(frame(stage).empty());
    media->read();
    EXPECT_EQ(media->surface_with("camera/C"), nullptr);
    std::vector<Dirty> none;
    EXPECT_EQ(stage.turn_pages(wall_ns_, none), 7 * base::kSecond);
    wall_ns_ = 7 * base::kSecond;  // three seconds before its turn it is opened, unseen
    EXPECT_TRUE(frame(stage).empty());
    EXPECT_EQ(stage.turn_pages(wall_ns_, none), 10 * base::kSecond);
    media->read();
    auto* next = media->surface_with("camera/C");
    ASSERT_NE(next, nullptr);
    EXPECT_NE(next->json.find("\"on_air\":false"), std::string::npos);
    EXPECT_EQ(next->demand, 0);
    FakeProducer::fill(*next, 0xFF0000FF);
    EXPECT_TRUE(frame(stage).empty());
    EXPECT_EQ(ids(stage.tiles()), (Ids{"A", "B"}));

    wall_ns_ = 10 * base::kSecond;
    std::vector<Dirty> turned = frame(stage);
    EXPECT_FALSE(turned.empty());
    EXPECT_EQ(ids(stage.tiles()), (Ids{"C"}));
    EXPECT_EQ(stage.tiles()[0].page, "2/2");
    EXPECT_EQ(stage.tiles()[0].verdict.freshness, Freshness::live);
    EXPECT_EQ(stage.tiles()[0].updates, 0u);  // what came unseen was not drawn
    // The empty cell is drawn again too.
    EXPECT_TRUE(std::any_of(turned.begin(), turned.end(), [](const Dirty& d) {
        return !wall::intersect(d.rect, {200, 0, 200, 150}).empty();
    }));
    media->read();
    EXPECT_EQ(media->surface_with("camera/C")->demand, 1);
    EXPECT_EQ(media->surface_with("camera/A"), nullptr);  // given back
    wall_ns_ = 11 * base::kSecond;
    EXPECT_TRUE(frame(stage).empty());
    wall_ns_ = 2 * base::kSecond;  // a clock that is put back turns back
    frame(stage);
    EXPECT_EQ(ids(stage.tiles()), (Ids{"A", "B"}));
}

TEST_F(StageTest, APreparedSceneTurnsItsPagesToo) {
    Director director(context_);
    director.start_from(testing::scene_of({}, "empty"));
    director.prepare(two_pages());
    wall_ns_ = 10 * base::kSecond;
    frame(*director.next());
    EXPECT_EQ(ids(director.next()->tiles()), (Ids{"C"}));
}

TEST_F(StageTest, ATileThatOthersHideIsNeitherDrawnNorDemanded) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    auto hidden = testing::source_pane("hidden", {100, 100, 100, 100});
    auto half = testing::source_pane("half", {600, 0, 100, 100});  // on both displays
    auto big = testing::source_pane("big", {0, 0, 640, 400});
    Stage stage(testing::scene_of({hidden, half, big}, "a"), context_);
    media->read();
    EXPECT_EQ(ids(stage.tiles()), (Ids{"half", "big"}));
    EXPECT_EQ(media->surface_with("camera/hidden"), nullptr);
    // Two tiles side by side hide what lies below both.
    auto left = testing::source_pane("left", {0, 0, 150, 400});
    auto right = testing::source_pane("right", {150, 0, 300, 400});
    Stage both(testing::scene_of({hidden, left, right}, "b"), context_);
    EXPECT_EQ(ids(both.tiles()), (Ids{"left", "right"}));
    // Of the half hidden one, nothing is drawn below the other.
    frame(stage);
    FakeProducer::fill(*media->surface_with("camera/half"), 0xFF00FF00);
    std::vector<Dirty> dirty = frame(stage);
    EXPECT_FALSE(dirty.empty());
    for (const Dirty& part : dirty) EXPECT_EQ(part.display, 1u);
}

TEST_F(StageTest, TheSameSourceAtAnotherSizeKeepsItsPictureUntilTheNewOneComes) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    Director director(context_);
    auto first = testing::scene_of({testing::source_pane("A", {0, 0, 200, 150})}, "small");
    auto second = testing::scene_of({testing::source_pane("A", {0, 0, 400, 300})}, "large");
    first.take = 1;
    director.start_from(first);
    media->read();
    FakeProducer::fill(*media->surface_with("camera/A"), 0xFF00FF00);
    frame(*director.on_air());
    const Size old_size = director.on_air()->tiles()[0].videos[0].feed->picture_size();
    director.go_live({2, 0, second, {}}, 0, base::mono_ns());  // nothing was prepared
    ASSERT_TRUE(director.swap(base::mono_ns()));
    frame(*director.on_air());
    director.drop_retired();
    const Tile& tile = director.on_air()->tiles()[0];
    const Feed& feed = *tile.videos[0].feed;
    EXPECT_EQ(tile.verdict.freshness, Freshness::live);
    EXPECT_EQ(feed.picture_size(), old_size);
    EXPECT_TRUE(director.on_air()->late_panes().empty());
    EXPECT_FALSE(director.on_air()->ready());
    media->read();
    ASSERT_EQ(media->surfaces.size(), 2u);  // the source stays wanted without a gap
    uint64_t before = feed.version();
    for (auto& [number, surface] : media->surfaces) {
        if (surface.configure.width > 300) FakeProducer::fill(surface, 0xFF0000FF);
    }
    frame(*director.on_air());
    EXPECT_TRUE(director.on_air()->ready());
    EXPECT_GT(feed.picture_size().width, old_size.width);
    EXPECT_GT(feed.version(), before);
    media->read();
    EXPECT_EQ(media->surfaces.size(), 1u);  // and the old size is given back
}

TEST_F(StageTest, APaneOfBothScenesGoesOnCountingItsPictures) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    Director director(context_);
    auto pane = testing::source_pane("A", {0, 0, 200, 150});
    auto first = testing::scene_of({pane}, "first");
    first.take = 1;
    director.start_from(first);
    media->read();
    for (int i = 0; i < 3; ++i) {
        FakeProducer::fill(*media->surface_with("camera/A"), 0xFF00FF00);
        frame(*director.on_air());
    }
    ASSERT_EQ(director.on_air()->report()[0].updates, 3u);
    auto second =
        testing::scene_of({pane, testing::source_pane("B", {200, 0, 200, 150})}, "second");
    director.prepare(second);
    auto* feed = director.on_air()->tiles()[0].videos[0].feed.get();
    director.go_live({2, 0, second, {}}, 0, base::mono_ns());
    ASSERT_TRUE(director.swap(base::mono_ns()));
    EXPECT_EQ(director.on_air()->tiles()[0].videos[0].feed.get(), feed);  // and keeps its surface
    EXPECT_EQ(director.on_air()->report()[0].updates, 3u);
    EXPECT_EQ(director.on_air()->report()[0].videos[0].updates, 3u);
    EXPECT_EQ(director.on_air()->tiles()[0].verdict.freshness, Freshness::starting);
    frame(*director.on_air());
    EXPECT_EQ(director.on_air()->tiles()[0].verdict.freshness, Freshness::live);
    director.go_live({3, 0, testing::scene_of({}, "third"), {}}, 0, base::mono_ns());
    ASSERT_TRUE(director.swap(base::mono_ns()));
    director.go_live({4, 0, first, {}}, 0, base::mono_ns());
    ASSERT_TRUE(director.swap(base::mono_ns()));
    EXPECT_EQ(director.on_air()->report()[0].updates, 3u);
}

TEST_F(StageTest, MediaAreToldWhatToCutAndWhatToStretch) {
    auto media = FakeProducer::join(context_.feeds, "media:0");
    auto crop = testing::source_pane("A", {0, 0, 202, 402});
    crop.caption = false;
    crop.aspect = config::Aspect::crop;
    crop.focus_x = 0.25;
    auto fill = testing::source_pane("B", {202, 0, 202, 402});
    fill.caption = false;
    fill.aspect = config::Aspect::fill;
    Stage stage(testing::scene_of({crop, fill}, "a"), context_);
    media->read();
    auto* cut = media->surface_with("camera/A");
    ASSERT_NE(cut, nullptr);
    EXPECT_EQ(cut->configure.width, 202u);
    EXPECT_EQ(cut->configure.height, 402u);
    EXPECT_NE(cut->json.find("\"fit\":\"cover\",\"focus\":[0.25,0.5]"), std::string::npos);
    EXPECT_NE(media->surface_with("camera/B")->json.find("\"fit\":\"stretch\""), std::string::npos);
}

TEST_F(StageTest, AWallThatChangesIsShownWhenItHasItsPictures) {
    auto panel = FakeProducer::join(context_.feeds, "panel:test");
    Director director(context_);
    director.start_from(testing::scene_of({testing::panel_pane("p", {0, 0, 320, 240})}, "a"));
    panel->read();
    FakeProducer::draw(*panel->surface_with("\"p\""), a_list(*atlas_));
    frame(*director.on_air());
    const Feed* feed = director.on_air()->tiles()[0].feed.get();
    config::Wall more = context_.wall;  // another display: this pane stays as it is
    more.displays.push_back({"third", 1280, 0, 640, 480, 640, 480});
    director.relay(more);
    EXPECT_EQ(context_.wall.displays.size(), 2u) << "what is shown stays until take_relaid()";
    EXPECT_TRUE(director.relaid_ready());
    context_.wall = more;
    director.take_relaid();
    EXPECT_EQ(director.on_air()->tiles()[0].feed.get(), feed);
    config::Wall other = context_.wall;
    other.language = "zh";
    director.relay(other);
    frame(*director.relaid());
    EXPECT_FALSE(director.relaid_ready()) << "the panel has not drawn in that language";
    EXPECT_EQ(director.on_air()->tiles()[0].feed.get(), feed) << "shown meanwhile";
    panel->read();
    for (auto& [id, surface] : panel->surfaces) FakeProducer::draw(surface, a_list(*atlas_));
    frame(*director.relaid());
    EXPECT_TRUE(director.relaid_ready());
}

TEST_F(StageTest, ATileAcrossDisplaysWearsTheExerciseTagOnce) {
    context_.wall.exercise = true;
    Stage stage(testing::scene_of({testing::panel_pane("wide", {300, 0, 600, 240}),
                                   testing::panel_pane("small", {0, 240, 200, 200})},
                                  "a"),
                context_);
    frame(stage);
    const Tile& wide = stage.tiles()[0];
    ASSERT_EQ(wide.furniture.size(), 2u);
    EXPECT_FALSE(wide.furniture[0].look.exercise);
    EXPECT_TRUE(wide.furniture[1].look.exercise);
    EXPECT_TRUE(stage.tiles()[1].furniture[0].look.exercise);
}

TEST_F(StageTest, AnOlderTakeIsNotShown) {
    Director director(context_);
    auto scene = testing::scene_of({testing::panel_pane("a", {0, 0, 320, 240})}, "a");
    scene.take = 5;
    director.start_from(scene);
    director.go_live({4, 0, testing::scene_of({}, "b"), {}}, 0, base::mono_ns());
    EXPECT_FALSE(director.swap(base::mono_ns()));
    director.go_live({6, 0, testing::scene_of({}, "b"), {}}, 0, base::mono_ns());
    EXPECT_TRUE(director.swap(base::mono_ns()));
}

}  // namespace
}  // namespace bw::compositor
