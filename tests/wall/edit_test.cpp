// SPDX-License-Identifier: Apache-2.0
#include "core/wall/edit.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/schema/schema.h"
#include "core/wall/scene.h"
#include "tests/wall/walls.h"

namespace bw::wall::test {
namespace {

using Op = Edit::Op;
using On = Edit::On;

/// Two displays: cameras "a b" over "c c" left, "wide" over both is not there; "board" right.
config::Layout layout_of_four() {
    config::Layout layout;
    layout.name = "four";
    config::Grid left;
    left.display = "left";
    left.columns = left.rows = {config::Track{}, config::Track{}};
    left.areas = {{"a", "b"}, {"c", "c"}};
    config::Grid right;
    right.display = "right";
    right.columns = right.rows = {config::Track{}};
    right.areas = {{"board"}};
    layout.grids = {left, right};
    for (const char* id : {"a", "b", "c"}) {
        config::Pane pane;
        pane.id = id;
        pane.shows = std::string("camera/") + id;
        layout.panes.push_back(pane);
    }
    config::Pane board;
    board.id = "board";
    board.shows = "maps/board";
    board.title = {"图", "Map"};
    board.settings = R"({"rows":3})";
    layout.panes.push_back(board);
    return layout;
}

config::Site site() {
    config::Site out = site_of(demo_wall(), layout_of_four());
    for (const char* id : {"a", "b", "c", "d"}) {
        config::Camera camera;
        camera.id = std::string("camera/") + id;
        camera.kind = "road";
        out.cameras.push_back(camera);
    }
    out.wall.zones = {{"front", {"前", "front"}, {"left", "right"}}};
    return out;
}

std::vector<config::Plugin> plugins() {
    config::Plugin maps;
    maps.name = "maps";
    maps.panels = {{"board", {"板", "Board"}, {}}, {"list", {"表", "List"}, {}}};
    return {maps};
}

base::Result<config::Layout> edited(const Edit& edit, config::Layout layout = layout_of_four()) {
    return apply(site(), plugins(), std::move(layout), edit);
}

const ScenePane* find(const Scene& scene, const std::string& id) {
    for (const ScenePane& pane : scene.panes)
        if (pane.id == id) return &pane;
    return nullptr;
}

TEST(Edit, swapped_panes_change_places_and_nothing_else) {
    const auto after = edited({Op::swap, "a", "board"});
    ASSERT_TRUE(after) << after.error().text;
    const Scene was = resolve(site(), layout_of_four()), is = resolve(site(), *after);
    EXPECT_EQ(find(is, "a")->rect, find(was, "board")->rect);
    EXPECT_EQ(find(is, "board")->rect, find(was, "a")->rect);
    EXPECT_EQ(find(is, "b")->rect, find(was, "b")->rect);
    EXPECT_EQ(find(is, "board")->settings, R"({"rows":3})");
    const auto back = edited({Op::swap, "a", "board"}, *after);
    EXPECT_EQ(*back, layout_of_four());
}

TEST(Edit, the_front_place_stays_in_front) {
    auto layout = layout_of_four();
    layout.panes[0].z = 5;
    const auto after = edited({Op::swap, "a", "c"}, layout);
    EXPECT_EQ(after->panes[0].z, 0);
    EXPECT_EQ(after->panes[2].z, 5);
}

TEST(Edit, full_screen_covers_its_display_and_leaves_the_others) {
    const auto after = edited({Op::full, "b"});
    ASSERT_TRUE(after) << after.error().text;
    const config::Site hall = site();
    const Scene is = resolve(hall, *after);
    ASSERT_EQ(is.panes.size(), 2u);
    const RectPx all = on_display(find(is, "b")->rect, hall.wall.displays[0]);
    const RectPx below = on_display(strip(hall.wall, hall.wall.displays[0]), hall.wall.displays[0]);
    EXPECT_EQ(all, (RectPx{0, 0, 1920, below.y}));
    EXPECT_EQ(find(is, "board")->rect, find(resolve(hall, layout_of_four()), "board")->rect);
    EXPECT_EQ(after->grids.size(), 2u);  // the empty one is gone
}

TEST(Edit, full_screen_on_the_wall_and_on_a_zone) {
    for (const On on : {On::wall, On::zone}) {
        const auto after = edited({Op::full, "b", {}, on});
        ASSERT_TRUE(after) << after.error().text;
        const Scene is = resolve(site(), *after);
        ASSERT_EQ(is.panes.size(), 1u);
        EXPECT_EQ(is.panes[0].rect.width, canvas(site().wall).width);
    }
    auto no_zones = site();
    no_zones.wall.zones.clear();
    const auto refused =
        apply(no_zones, plugins(), layout_of_four(), {Op::full, "b", {}, On::zone});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("no zone"), std::string::npos);
}

TEST(Edit, full_screen_lies_in_front_of_what_it_covers_in_part) {
    auto layout = layout_of_four();
    config::Grid wall;
    wall.columns = wall.rows = {config::Track{}};
    wall.areas = {{"wide"}};
    layout.grids.push_back(wall);
    config::Pane wide;
    wide.id = "wide";
    wide.shows = "camera/d";
    wide.z = 3;
    layout.panes.push_back(wide);
    const auto after = edited({Op::full, "b"}, layout);
    ASSERT_TRUE(after) << after.error().text;
    const Scene is = resolve(site(), *after);
    ASSERT_EQ(is.panes.size(), 3u);  // b, board, wide
    EXPECT_EQ(is.panes.back().id, "b");
    EXPECT_EQ(is.panes.back().z, 4);
}

TEST(Edit, a_cell_of_a_source_grid_can_fill_a_display) {
    auto layout = layout_of_four();
    layout.panes[2].shows = "sources";
    layout.panes[2].sources = config::SourceGrid{{"road", "", "", ""}, 2, 2, 12};
    const auto after = edited({Op::full, "c/d"}, layout);
    ASSERT_TRUE(after) << after.error().text;
    const Scene is = resolve(site(), *after);
    ASSERT_EQ(is.panes.size(), 2u);
    EXPECT_EQ(find(is, "c-d")->source, "camera/d");
    const auto refused = edited({Op::swap, "c/d", "a"}, layout);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("fills itself"), std::string::npos);
}

TEST(Edit, another_content_takes_nothing_of_the_old_one_with_it) {
    const auto camera = edited({Op::show, "board", {}, On::display, "camera/d"});
    ASSERT_TRUE(camera) << camera.error().text;
    const config::Pane& is = camera->panes[3];
    EXPECT_EQ(is.shows, "camera/d");
    EXPECT_EQ(is.settings, "{}");
    EXPECT_EQ(is.title, config::Text{});
    auto cropped = layout_of_four();
    cropped.panes[0].aspect = config::Aspect::crop;
    cropped.panes[0].focus_x = 0.1;
    const auto other = edited({Op::show, "a", {}, On::display, "camera/d"}, cropped);
    EXPECT_EQ(other->panes[0].aspect, config::Aspect::crop);
    EXPECT_EQ(other->panes[0].focus_x, 0.5);
    const auto panel = edited({Op::show, "a", {}, On::display, "maps/list", R"({"n":1})"}, cropped);
    EXPECT_EQ(panel->panes[0].title.en, "List");
    EXPECT_EQ(panel->panes[0].settings, R"({"n":1})");
    EXPECT_EQ(panel->panes[0].aspect, config::Aspect::fit);
}

TEST(Edit, settings_are_what_the_panel_takes) {
    auto all = plugins();
    all[0].panels[1].settings = *schema::Schema::compile(
        R"({"additionalProperties":false,"properties":{"n":{"type":"integer"}}})");
    const auto shown = [&](const char* settings) {
        return apply(site(), all, layout_of_four(),
                     {Op::show, "a", {}, On::display, "maps/list", settings});
    };
    EXPECT_TRUE(shown(R"({"n":1})"));
    EXPECT_TRUE(shown("{}"));
    const auto refused = shown(R"({"n":"1"})");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "invalid");
    EXPECT_EQ(
        refused.error().text,
        "settings/n: found a text; allowed: a whole number (the schema of maps/list says so)");
}

TEST(Edit, says_what_there_is) {
    const auto text = [](const Edit& edit) {
        const auto result = edited(edit);
        return result ? std::string("accepted") : result.error().code + ": " + result.error().text;
    };
    EXPECT_EQ(
        text({Op::swap, "a", "bord"}),
        "unknown: there is no pane \"bord\"; there are: a, b, c, board (did you mean board?)");
    EXPECT_EQ(text({Op::swap, "a", "a"}).substr(0, 8), "invalid:");
    EXPECT_EQ(text({Op::full, "x"}).substr(0, 8), "unknown:");
    EXPECT_NE(text({Op::show, "a", {}, On::display, "camera/x"}).find("camera/a, camera/b"),
              std::string::npos);
    EXPECT_NE(text({Op::show, "a", {}, On::display, "maps/x"}).find("maps/board, maps/list"),
              std::string::npos);
    EXPECT_EQ(text({Op::show, "x", {}, On::display, "camera/a"}).substr(0, 8), "unknown:");
}

// Whatever is edited: every pane stands in exactly one grid, and no id is there twice.
TEST(Edit, keeps_layouts_whole) {
    for (unsigned seed = 1; seed <= 100; ++seed) {
        const auto wall = random_wall(seed);
        config::Layout layout = tiling(wall, seed, seed % 3 == 0);
        const config::Site hall = site_of(wall, layout);
        for (unsigned step = 0; step < 5; ++step) {
            const auto& panes = layout.panes;
            const std::string a = panes[(seed * 31 + step) % panes.size()].id;
            const std::string b = panes[(seed * 17 + step * 3) % panes.size()].id;
            auto after =
                apply(hall, {}, layout,
                      step % 2 == 0 ? Edit{Op::swap, a, b}
                                    : Edit{Op::full, a, {}, seed % 2 ? On::wall : On::display});
            if (!after) continue;
            layout = *after;
            const Scene scene = resolve(hall, layout);
            EXPECT_EQ(scene.panes.size(), layout.panes.size()) << seed;
            size_t names = 0;
            for (const auto& pane : layout.panes) {
                size_t grids = 0;
                for (const auto& grid : layout.grids)
                    grids +=
                        std::any_of(grid.areas.begin(), grid.areas.end(), [&](const auto& row) {
                            return std::count(row.begin(), row.end(), pane.id) != 0;
                        });
                EXPECT_EQ(grids, 1u) << seed << " " << pane.id;
                names += grids;
            }
            EXPECT_EQ(names, layout.panes.size());
        }
    }
}

}  // namespace
}  // namespace bw::wall::test
