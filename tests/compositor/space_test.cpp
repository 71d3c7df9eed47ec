// SPDX-License-Identifier: Apache-2.0
// Scenes of an exercise or a replay: other surfaces, no way from a camera into a replay, the band
// on every tile, and no frame more than a live wall draws.
#include <algorithm>

#include "core/base/shm.h"
#include "core/compositor/null_painter.h"
#include "core/compositor/scene_memory.h"
#include "core/compositor/screens.h"
#include "core/compositor/transition.h"
#include "core/compositor/words.h"
#include "tests/compositor/stage_fixture.h"

namespace bw::compositor {
namespace {

using testing::FakeProducer;
using testing::StageTest;
using SpaceKind = wall::SceneSpace::Kind;

constexpr int64_t kNoon = 1'782'878'400 * base::kSecond;  // 2026-07-01T12:00+08

wall::SceneSpace space_of(SpaceKind kind) {
    const bool replay = kind == SpaceKind::replay;
    return {replay ? "flood" : "drill",
            kind,
            replay ? config::Text{"七月洪水", "July flood"} : config::Text{"春季演练", "Drill"},
            kNoon,
            replay ? kNoon - 86'400 * base::kSecond : kNoon,
            replay ? 10.0 : 1.0};
}

/// A camera, a panel with a camera in it, and a camera on its second page.
wall::Scene scene_in(std::optional<wall::SceneSpace> space) {
    auto next_page = testing::source_pane("C", {0, 200, 200, 150});
    next_page.grid = "grid";
    next_page.page = 1;
    next_page.pages = 2;
    next_page.page_ms = 2'000;  // nearer than what is warmed up
    wall::Scene scene = testing::scene_of({testing::source_pane("A", {0, 0, 200, 150}),
                                           testing::panel_pane("p", {200, 0, 400, 300}), next_page},
                                          "");
    wall::put_into(scene, std::move(space));
    return scene;
}

surface::DrawList with_camera(const text::Atlas& atlas) {
    surface::DrawList list;
    testing::add_rect(list, atlas, 0, 0, 10, 10, 0xFFFFFFFF);
    testing::add_video(list, "camera/A", {8, 8, 160, 90});
    testing::add_video(list, "camera/B", {180, 8, 160, 90}, 1);
    return list;
}

class SpaceTest : public StageTest {
  protected:
    void SetUp() override {
        StageTest::SetUp();
        panel_ = FakeProducer::join(context_.feeds, "panel:test");
        media_ = FakeProducer::join(context_.feeds, "media:0");
    }
    /// Lets panels draw their cameras and, where somebody asks for them, cameras show theirs.
    void settle(Stage& stage) {
        for (int round = 0; round < 3; ++round) {
            panel_->read();
            media_->read();
            for (auto& [number, surface] : panel_->surfaces)
                if (surface.writer->taken_or_awaited())
                    FakeProducer::draw(surface, with_camera(*atlas_));
            for (auto& [number, surface] : media_->surfaces)
                FakeProducer::fill(surface, 0xFF00FF00);
            frame(stage);
        }
    }
    static std::vector<const VideoTile*> videos(const Stage& stage) {
        std::vector<const VideoTile*> out;
        for (const auto* tiles : {&stage.tiles(), &stage.warm()})
            for (const Tile& tile : *tiles)
                for (const VideoTile& video : tile.videos) out.push_back(&video);
        return out;
    }
    std::unique_ptr<FakeProducer> panel_, media_;
};

// By kind, from the demand to the picture: nothing in a replay is connected to a camera, whatever
// was on the air before and whoever comes later.
TEST_F(SpaceTest, AReplayNeverShowsALiveCamera) {
    Director director(context_);
    wall::Scene live = scene_in({}), replay = scene_in(space_of(SpaceKind::replay));
    live.take = 1;
    director.start_from(live);
    settle(*director.on_air());
    ASSERT_EQ(videos(*director.on_air()).size(), 4u);
    for (const VideoTile* video : videos(*director.on_air()))
        ASSERT_GT(video->feed->version(), 0u) << video->source;
    const size_t demanded = media_->surfaces.size();

    const auto dark = [&](const Stage& stage) {
        const auto all = videos(stage);
        EXPECT_EQ(all.size(), 4u);
        for (const VideoTile* video : all) {
            EXPECT_EQ(video->feed->wish().peer, "") << video->source;
            EXPECT_EQ(video->feed->version(), 0u) << video->source;
            EXPECT_FALSE(video->feed->fresh()) << video->source;
            EXPECT_EQ(video->verdict.freshness, Freshness::none) << video->source;
        }
    };
    director.prepare(replay);
    settle(*director.next());
    dark(*director.next());
    EXPECT_EQ(media_->surfaces.size(), demanded) << "the live scene's, no more";
    EXPECT_TRUE(director.next()->ready()) << "nobody waits for what does not come";
    director.go_live({2, 0, replay, {}}, 0, base::mono_ns());
    ASSERT_TRUE(director.swap(base::mono_ns()));
    director.drop_retired();
    settle(*director.on_air());
    dark(*director.on_air());
    EXPECT_TRUE(media_->surfaces.empty()) << "a camera is still demanded";
    EXPECT_TRUE(director.on_air()->late_panes().empty());

    media_ = FakeProducer::join(context_.feeds, "media:0", 2);  // it was restarted
    auto nobody = FakeProducer::join(context_.feeds, "");       // what no supervisor would send
    settle(*director.on_air());
    nobody->read();
    EXPECT_TRUE(media_->surfaces.empty() && nobody->surfaces.empty());
    dark(*director.on_air());
    for (const int second : {0, 1, 2, 3, 4}) {
        wall_ns_ = kNoon + second * base::kSecond;  // its pages turn
        settle(*director.on_air());
        EXPECT_TRUE(media_->surfaces.empty());
    }
}

TEST_F(SpaceTest, WhatAReplayHasNoPictureOfIsNoTrouble) {
    Stage stage(scene_in(space_of(SpaceKind::replay)), context_);
    settle(stage);
    EXPECT_EQ(stage.trouble(), "");
    EXPECT_EQ(stage.worst(), Freshness::live);
    const auto panes = stage.report();
    ASSERT_EQ(panes[0].id, "A");
    EXPECT_EQ(freshness_word(panes[0].verdict.freshness), std::string("none"));
    EXPECT_EQ(panes[0].verdict.reason, surface::Reason::no_recording);
    EXPECT_EQ(panes[0].updates, 0u);
    Report report;
    report.panes = panes;
    const std::string json = to_json(report, "1", "zh");
    EXPECT_NE(json.find(R"("reason":{"code":"no_recording","text":"无录像"})"), std::string::npos);
    // The tile says it, on its ground.
    const Furniture& worn = stage.tiles()[0].furniture[0];
    EXPECT_TRUE(worn.blank);
    EXPECT_FALSE(worn.over.indices.empty());
    EXPECT_EQ(stage.tiles()[1].verdict.freshness, Freshness::live) << "its panels are judged";
}

TEST_F(SpaceTest, AnExerciseShowsTheSamePicturesOfTheCameras) {
    Stage live(scene_in({}), context_), drill(scene_in(space_of(SpaceKind::exercise)), context_);
    settle(live);
    settle(drill);
    const auto before = videos(live), now = videos(drill);
    ASSERT_EQ(before.size(), now.size());
    for (size_t i = 0; i < now.size(); ++i)
        EXPECT_EQ(now[i]->feed, before[i]->feed) << "opened twice";
    for (const Tile& tile : drill.tiles())  // what is only warm is not judged
        for (const VideoTile& video : tile.videos)
            EXPECT_EQ(video.verdict.freshness, Freshness::live) << video.source;
}

TEST_F(SpaceTest, ThePaneOfAnotherSpaceIsAnotherSurfaceWithItsClock) {
    Director director(context_);
    wall::Scene live = scene_in({}), drill = scene_in(space_of(SpaceKind::replay));
    live.take = 1;
    director.start_from(live);
    settle(*director.on_air());
    ASSERT_EQ(panel_->surfaces.size(), 1u);
    EXPECT_EQ(panel_->surfaces.begin()->second.json.find("clock"), std::string::npos);
    const Feed* shown = director.on_air()->tiles()[1].feed.get();
    director.prepare(drill);
    panel_->read();
    ASSERT_EQ(panel_->surfaces.size(), 2u);
    const auto* surface = panel_->surface_with(R"("space":"flood")");
    ASSERT_NE(surface, nullptr);
    EXPECT_NE(surface->json.find(R"("clock":{"rate":10.0,"space_ns":1782792000000000000,)"
                                 R"("wall_ns":1782878400000000000})"),
              std::string::npos)
        << surface->json;
    EXPECT_EQ(director.on_air()->tiles()[1].feed.get(), shown) << "shown until the other is there";
    EXPECT_FALSE(director.next()->ready());
    settle(*director.next());
    EXPECT_TRUE(director.next()->ready());
    director.go_live({2, 0, drill, {}}, 0, base::mono_ns());
    ASSERT_TRUE(director.swap(base::mono_ns()));
    director.drop_retired();
    panel_->read();
    EXPECT_EQ(panel_->surfaces.size(), 1u);
    EXPECT_EQ(panel_->surface_with(R"("space":"live")"), nullptr);
}

TEST_F(SpaceTest, TheRememberedSceneIsOfItsSpace) {
    auto memory = base::make_sealed_memfd("scene", 1 << 20);
    ASSERT_TRUE(memory.ok());
    wall::Scene scene = scene_in(space_of(SpaceKind::exercise));
    scene.take = 9;
    SceneMemory::map(memory->get())->write(scene);
    const auto back = SceneMemory::map(memory->get())->read();
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, scene);
    auto next = parse_next("{\"scene\":" + wall::to_json(scene) + "}");
    ASSERT_TRUE(next.ok() && next->has_value());
    EXPECT_EQ((*next)->space, scene.space);
}

TEST_F(SpaceTest, EveryTileWearsTheBandAndNoneOfALiveScene) {
    context_.wall.exercise = true;  // its tag gives way to the band, which says the same and more
    for (const auto& space :
         {std::optional<wall::SceneSpace>(), std::optional(space_of(SpaceKind::replay)),
          std::optional(space_of(SpaceKind::exercise))}) {
        wall::Scene scene = scene_in(space);
        scene.panes.push_back(testing::panel_pane("wide", {300, 310, 600, 150}));  // on both
        scene.panes.push_back(testing::source_pane("bare", {10, 360, 200, 100}));
        scene.panes.back().caption = false;
        for (wall::ScenePane& pane : scene.panes) pane.page = 0, pane.pages = 1;
        wall::put_into(scene, space);
        Stage stage(scene, context_);
        frame(stage);
        ASSERT_EQ(stage.tiles().size(), 5u);
        for (const Tile& tile : stage.tiles()) {
            bool said = false;
            for (const Furniture& worn : tile.furniture) {
                EXPECT_EQ(worn.look.band, band_of(space)) << tile.pane.id;
                said = said || worn.look.band_word;
                EXPECT_FALSE(space && worn.look.exercise);
            }
            EXPECT_TRUE(said) << tile.pane.id;
        }
    }
}

TEST_F(SpaceTest, APanelWithoutACaptionGetsAStripForTheBand) {
    auto bare = testing::panel_pane("p", {0, 0, 400, 300});
    auto camera = testing::source_pane("A", {400, 0, 200, 150});
    bare.caption = camera.caption = false;
    wall::Scene scene = testing::scene_of({bare, camera}, "");
    wall::put_into(scene, {});
    const Stage live(scene, context_);
    wall::put_into(scene, space_of(SpaceKind::exercise));
    Stage drill(scene, context_);
    settle(drill);
    const auto strip = static_cast<int>(kCaptionUnits);
    EXPECT_EQ(drill.tiles()[0].geometry.height, live.tiles()[0].geometry.height - strip);
    EXPECT_EQ(panel_->surface_with(R"("space":"drill")")->configure.height,
              static_cast<uint32_t>(live.tiles()[0].geometry.height - strip));
    const Furniture& worn = drill.tiles()[0].furniture[0];
    EXPECT_FALSE(worn.look.strip.empty());
    EXPECT_TRUE(worn.over.indices.empty()) << "nothing lies over what the panel draws";
    EXPECT_EQ(worn.look.name + worn.look.id, "") << "it has a title of its own";
    EXPECT_EQ(drill.tiles()[1].videos[0].feed, live.tiles()[1].videos[0].feed);
}

// A fade would show a live camera under the band of a replay.
TEST_F(SpaceTest, BetweenTwoSpacesATakeIsACut) {
    const config::Transition fade{config::Transition::Kind::fade, 10'000};
    const wall::Scene live = scene_in({}), drill = scene_in(space_of(SpaceKind::exercise)),
                      replay = scene_in(space_of(SpaceKind::replay));
    auto over = space_of(SpaceKind::replay);  // the same, at its end
    over.rate = 0;
    for (const wall::Scene* scene : {&live, &drill, &replay})
        EXPECT_EQ(transition_between(fade, *scene, *scene), fade);
    EXPECT_EQ(transition_between(fade, replay, scene_in(over)), fade);
    for (const auto& [from, to] : {std::pair{&live, &drill},
                                   {&drill, &live},
                                   {&live, &replay},
                                   {&replay, &live},
                                   {&drill, &replay}})
        EXPECT_EQ(transition_between(fade, *from, *to), config::Transition{});
}

// What a still wall draws: nothing, and once a minute of the space's clock its strip.
TEST_F(SpaceTest, TheStripTellsTheSpacesClockAndIsDrawnWhenItsMinuteTurns) {
    set_hall_clock(480);
    const auto replay = space_of(SpaceKind::replay), drill = space_of(SpaceKind::exercise);
    const auto said = [](const wall::SceneSpace& space, int64_t now, const char* language) {
        return space_words(space, now, language);
    };
    EXPECT_EQ(said(replay, kNoon, "zh"),
              (SpaceWords{Band::replay, "七月洪水", "6 月 30 日 12:00 ×10"}));
    EXPECT_EQ(said(replay, kNoon + 6 * base::kSecond, "en"),
              (SpaceWords{Band::replay, "July flood", "30 Jun 12:01 ×10"}));
    EXPECT_EQ(said(drill, kNoon, "zh"), (SpaceWords{Band::exercise, "春季演练", ""}));
    EXPECT_EQ(space_words({}, kNoon, "zh"), SpaceWords{});
    auto other = drill;
    other.title = {};
    other.space_ns -= 3600 * base::kSecond;  // it plays an hour ago
    EXPECT_EQ(said(other, kNoon, "en"), (SpaceWords{Band::exercise, "drill", "1 Jul 11:00"}));
    other = replay;
    other.rate = 0;
    EXPECT_EQ(said(other, kNoon, "zh").clock, "6 月 30 日 12:00 已播完");
    EXPECT_EQ(said(other, kNoon, "en").clock, "30 Jun 12:00 at its end");

    EXPECT_EQ(space_words_hold_ns({}, kNoon), 0);
    EXPECT_EQ(space_words_hold_ns(drill, kNoon), 0) << "the hall's own clock tells it";
    EXPECT_EQ(space_words_hold_ns(other, kNoon), 0) << "it stands still";
    EXPECT_EQ(space_words_hold_ns(replay, kNoon), 6 * base::kSecond);
    EXPECT_EQ(space_words_hold_ns(replay, kNoon + 5 * base::kSecond), base::kSecond);

    NullPainter painter;
    auto backend = make_null_backend();
    Screens screens(context_, *backend, painter);
    screens.draw(nullptr, 0);
    StripWords words;
    for (const int64_t passed : {0, 1, 5}) {
        words.space = said(replay, kNoon + passed * base::kSecond, "en");
        screens.say(words, kNoon);
        EXPECT_EQ(screens.damaged(), passed == 0) << passed;
        screens.draw(nullptr, 0);
    }
    words.space = said(replay, kNoon + 6 * base::kSecond, "en");
    screens.say(words, kNoon);
    EXPECT_TRUE(screens.damaged());
}

TEST_F(SpaceTest, AStillSceneInASpaceChangesNothing) {
    for (const SpaceKind kind : {SpaceKind::exercise, SpaceKind::replay}) {
        wall::Scene scene = scene_in(space_of(kind));
        scene.panes.pop_back();  // no pages
        wall::put_into(scene, space_of(kind));
        Stage stage(scene, context_);
        settle(stage);
        frame(stage);
        for (int i = 0; i < 3; ++i) EXPECT_TRUE(frame(stage).empty());
    }
}

}  // namespace
}  // namespace bw::compositor
