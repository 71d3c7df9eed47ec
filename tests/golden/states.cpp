// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/states.h"

#include "core/base/clock.h"
#include "core/compositor/pen.h"
#include "core/compositor/words.h"
#include "tests/golden/clock.h"
#include "tests/golden/test_card.h"

namespace bw::golden {

using compositor::Freshness;
using compositor::testing::FakeProducer;

namespace {

constexpr int64_t kSecond = base::kSecond;

config::Wall state_wall(const TileState& state) {
    config::Wall wall;
    wall.title = {"演练大厅", "Exercise hall"};
    wall.language = state.language;
    wall.viewing_distance_mm = 3438;  // one unit is one millimetre, hence one pixel
    wall.exercise = state.exercise;
    config::Display display;
    display.name = "main";
    display.width_mm = display.width_px = 1280;
    display.height_mm = display.height_px = 720;
    wall.displays = {display};
    return wall;
}

wall::Scene state_scene() {
    auto camera = [](const char* id, wall::RectMm rect, bool caption) {
        wall::ScenePane pane = compositor::testing::source_pane(id, rect);
        pane.caption = caption;
        return pane;
    };
    auto panel = [](const char* id, wall::RectMm rect, config::Text title) {
        wall::ScenePane pane = compositor::testing::panel_pane(id, rect);
        pane.title = std::move(title);
        return pane;
    };
    wall::Scene scene = compositor::testing::scene_of(
        {camera("FF-017", {8, 8, 624, 384}, true), camera("FF-018", {640, 8, 316, 190}, false),
         camera("FF-019", {964, 8, 150, 106}, true), camera("FF-020", {964, 122, 150, 76}, false),
         panel("board", {640, 206, 632, 186}, {"水位站", "River gauges"}),
         panel("grid", {8, 400, 624, 272}, {"周边视频", "Cameras around"}),
         panel("bare", {640, 400, 632, 272}, {})},
        "states");
    scene.panes.back().caption = false;
    scene.title = {"总览", "Overview"};
    return scene;
}

std::optional<wall::SceneSpace> space_of(compositor::Band band) {
    using Kind = wall::SceneSpace::Kind;
    constexpr int64_t kThreeWeeks = 21 * 86'400 * kSecond;
    if (band == compositor::Band::exercise)
        return {{"drill", Kind::exercise, {"春季演练", "Spring drill"}, kWallNs, kWallNs, 1}};
    if (band == compositor::Band::replay)
        return {{"flood",
                 Kind::replay,
                 {"七月洪水", "July flood"},
                 kWallNs,
                 kWallNs - kThreeWeeks,
                 10}};
    return {};
}

// What a panel might draw: a ground, a line of text, a level, and in one a camera.
surface::DrawList panel_list(const text::Atlas& atlas, bool with_video) {
    surface::DrawList list;
    compositor::testing::add_rect(list, atlas, 16, 16, 240, 4, compositor::colour::kText3);
    text::draw(atlas, atlas.face(text::Role::body), list, 16, 28, compositor::colour::kText,
               "石城站 152.38 m ↗");
    compositor::testing::add_rect(list, atlas, 16, 64, 12, 60, 0xFF1F8AFF);  // level orange
    if (with_video) compositor::testing::add_video(list, "camera/FF-021", {300, 16, 300, 200}, 1);
    return list;
}

/// The block of a surface as its producer leaves it in that state.
void say(FakeProducer::Surface& surface, Freshness freshness, bool source) {
    surface::Block& block = surface.writer->block();
    auto state = [&](surface::SourceState value, surface::Reason reason) {
        block.source_state.store(static_cast<uint32_t>(value));
        block.reason.store(static_cast<uint32_t>(reason));
    };
    switch (freshness) {
        case Freshness::late:
            block.as_of_ns.store(kMonoNs - 4 * kSecond);
            break;
        case Freshness::frozen:
            block.as_of_ns.store(kMonoNs - 34 * kSecond);
            state(surface::SourceState::frozen, surface::Reason::none);
            break;
        case Freshness::lost:
            block.as_of_ns.store(kMonoNs - 192 * kSecond);
            if (!source) break;
            state(surface::SourceState::lost, surface::Reason::connect_failed);
            block.next_try_ns.store(kMonoNs + 7 * kSecond);
            break;
        default:
            block.as_of_ns.store(kMonoNs);
    }
}

const char* english(Freshness freshness) {
    return compositor::freshness_word(freshness);
}

}  // namespace

std::string TileState::picture_name() const {
    const char* in_space = band == compositor::Band::replay     ? "-in-replay"
                           : band == compositor::Band::exercise ? "-in-exercise"
                                                                : "";
    return std::string("states/") + (orphaned ? "orphaned" : english(freshness)) +
           (exercise ? "-exercise" : "") + in_space + (attention ? "-attention" : "") + "." +
           language;
}

const std::vector<TileState>& tile_states() {
    static const std::vector<TileState> all = [] {
        std::vector<TileState> out;
        for (const char* language : {"zh", "en"}) {
            for (Freshness freshness : {Freshness::live, Freshness::late, Freshness::frozen,
                                        Freshness::lost, Freshness::starting, Freshness::error})
                out.push_back({freshness, language});
            out.push_back({Freshness::live, language, true});
            out.push_back({Freshness::late, language, true});
            out.push_back({Freshness::live, language, false, true});
            out.push_back({Freshness::live, language, true, false, compositor::Band::exercise});
            out.push_back({Freshness::late, language, true, false, compositor::Band::exercise});
            out.push_back({Freshness::live, language, true, false, compositor::Band::replay});
            out.push_back({Freshness::live, language, false, false, compositor::Band::none, true});
            out.push_back({Freshness::lost, language, true, false, compositor::Band::none, true});
            out.push_back(
                {Freshness::late, language, true, false, compositor::Band::exercise, true});
        }
        return out;
    }();
    return all;
}

Picture paint_state(const TileState& state, const Rig::SpoilStage& spoil,
                    const Rig::SpoilGlyphs& spoil_glyphs) {
    set_wall_clock(kWallNs);
    Rig rig(state_wall(state), spoil_glyphs);
    for (const char* id : {"FF-017", "FF-018", "FF-019", "FF-020", "FF-021"})
        rig.context().sources[std::string("camera/") + id] = {{"云蒙山", "Yunmeng ridge"},
                                                              "石城镇"};
    auto panels = rig.join("panel:test");
    const bool pictures = state.freshness != Freshness::starting;
    rig.show_sources([&](FakeProducer::Surface& surface, const std::string& source) {
        if (!pictures || state.freshness == Freshness::error) return;
        publish_card(*surface.writer, source, kMonoNs);
        say(surface, state.freshness, true);
    });
    wall::Scene scene = state_scene();
    if (state.band != compositor::Band::none) wall::put_into(scene, space_of(state.band));
    rig.show(std::move(scene));
    panels->read();
    for (auto& [number, surface] : panels->surfaces) {
        if (!pictures) continue;
        const bool grid = surface.json.find("\"grid\"") != std::string::npos;
        FakeProducer::draw(surface, panel_list(rig.atlas(), grid));
        // A panel has no frozen picture of its own: only sources tell.
        say(surface, state.freshness == Freshness::frozen ? Freshness::live : state.freshness,
            false);
    }
    rig.settle();
    if (state.freshness == Freshness::error) {
        panels->refuse("\"board\"", surface::Reason::quarantined, "");
        panels->refuse("\"bare\"", surface::Reason::panel_failed, "");
        rig.media().refuse("camera/", surface::Reason::unknown_source, "");
        rig.settle();
    }
    if (state.orphaned) {
        rig.all_lost = true;
        rig.notice = compositor::words(state.language).supervisor_gone;
    }
    if (state.attention) {
        rig.attention.heard("a/1", {{true, 2, {"物资缺口", "Shortage"}, "2026-07-01T08:00:00Z"}});
        rig.attention.heard(
            "a/2", {{true, 4, {"超警戒水位", "Above the alarm level"}, "2026-07-01T07:00:00Z"}});
        rig.attention.heard("a/3", {{false, 4, {"已解除", "Over"}, "2026-07-01T09:00:00Z"}});
    }
    return rig.paint(spoil).front();
}

}  // namespace bw::golden
