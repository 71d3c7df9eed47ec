// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/wall/scene.h"
#include "tests/wall/walls.h"

namespace bw::wall::test {
namespace {

long area(const RectPx& r) {
    return r.empty() ? 0 : static_cast<long>(r.width) * r.height;
}

/// Each pixel above the strip belongs to exactly one pane, and none below it.
void expect_tiled(const Scene& scene, const config::Wall& wall, const config::Display& display,
                  const std::string& what) {
    const RectPx below = on_display(strip(wall, display), display);
    const long all = static_cast<long>(display.width_px) * display.height_px - area(below);
    long covered = 0;
    for (size_t i = 0; i < scene.panes.size(); ++i) {
        const RectPx a = on_display(scene.panes[i].rect, display);
        covered += area(a);
        EXPECT_TRUE(intersect(a, below).empty()) << what << ": the strip is covered";
        for (size_t k = i + 1; k < scene.panes.size(); ++k)
            EXPECT_TRUE(intersect(a, on_display(scene.panes[k].rect, display)).empty())
                << what << ": " << scene.panes[i].id << " over " << scene.panes[k].id;
    }
    EXPECT_EQ(covered, all) << what << ": a gap";  // as many pixels, none twice: no gap
}

TEST(Resolve, panes_tile_their_display_without_overlap_or_gap) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        const auto site = site_of(random_wall(seed), tiling(random_wall(seed), seed));
        const Scene scene = resolve(site, site.layouts[0]);
        ASSERT_EQ(scene.panes.size(), site.layouts[0].panes.size());
        for (const auto& display : site.wall.displays)
            expect_tiled(scene, site.wall, display,
                         "seed " + std::to_string(seed) + " " + display.name);
    }
}

TEST(Resolve, grid_over_the_wall_never_overlaps_itself) {
    for (unsigned seed = 1; seed <= 100; ++seed) {
        const auto site = site_of(random_wall(seed), tiling(random_wall(seed), seed, true));
        const Scene scene = resolve(site, site.layouts[0]);
        for (const auto& display : site.wall.displays)
            for (size_t i = 0; i < scene.panes.size(); ++i)
                for (size_t k = i + 1; k < scene.panes.size(); ++k)
                    EXPECT_TRUE(intersect(on_display(scene.panes[i].rect, display),
                                          on_display(scene.panes[k].rect, display))
                                    .empty())
                        << "seed " << seed;
    }
}

TEST(Resolve, grid_over_the_wall_ends_above_the_strips) {
    config::Layout layout;
    layout.grids = {{"", {{}}, {{}}, 0, 0, {{"a"}}}};
    layout.panes.resize(1);
    layout.panes[0].id = "a";
    layout.panes[0].shows = "maps/board";
    const auto site = site_of(demo_wall(), layout);
    const Scene scene = resolve(site, site.layouts[0]);
    for (const auto& display : site.wall.displays)
        expect_tiled(scene, site.wall, display, display.name);
    EXPECT_EQ(scene.panes[0].rect.width, 3810);
}

config::Layout two_columns() {
    config::Layout layout;
    layout.name = "two";
    layout.title = {"二", "Two"};
    using Unit = config::Track::Unit;
    layout.grids = {{"left",
                     {{300, Unit::millimetres}, {1, Unit::fraction}, {3, Unit::fraction}},
                     {{1, Unit::fraction}},
                     10,
                     20,
                     {{"a", "b", "c"}}}};
    for (const char* id : {"a", "b", "c"}) {
        config::Pane pane;
        pane.id = id;
        pane.shows = "maps/board";
        layout.panes.push_back(pane);
    }
    return layout;
}

TEST(Resolve, tracks_gaps_and_margins_add_up) {
    const auto site = site_of(demo_wall(), two_columns());
    const Scene scene = resolve(site, site.layouts[0]);
    ASSERT_EQ(scene.panes.size(), 3u);
    const RectMm a = scene.panes[0].rect, b = scene.panes[1].rect, c = scene.panes[2].rect;
    EXPECT_EQ(a.x, 20);
    EXPECT_EQ(a.y, 20);
    EXPECT_NEAR(a.width, 300, 0.001);
    EXPECT_NEAR(b.x, 330, 0.001);
    // 1895 - 2 * 20 - 2 * 10 - 300 = 1535, in shares of 1 and 3.
    EXPECT_NEAR(b.width, 383.75, 0.001);
    EXPECT_NEAR(c.width, 1151.25, 0.001);
    EXPECT_NEAR(c.x + c.width, 1875, 0.001);
    const RectMm below = strip(site.wall, site.wall.displays[0]);
    EXPECT_NEAR(a.y + a.height, below.y - 20, 0.002);
}

TEST(Resolve, panes_come_in_drawing_order) {
    auto layout = two_columns();
    layout.panes[0].z = 5;
    layout.panes[2].z = -1;
    const auto site = site_of(demo_wall(), layout);
    const Scene scene = resolve(site, site.layouts[0]);
    EXPECT_EQ(scene.panes[0].id, "c");
    EXPECT_EQ(scene.panes[1].id, "b");
    EXPECT_EQ(scene.panes[2].id, "a");
}

TEST(Resolve, pane_says_what_it_shows) {
    auto layout = two_columns();
    layout.panes[0].shows = "camera/C-1";
    layout.panes[1].shows = "camera/C-1";
    layout.panes[1].title = {"近景", "Close"};
    auto site = site_of(demo_wall(), layout);
    config::Camera camera;
    camera.id = "camera/C-1";
    camera.name = {"一号", "First"};
    site.cameras = {camera};
    const Scene scene = resolve(site, site.layouts[0]);
    EXPECT_EQ(scene.panes[0].kind, Shows::source);
    EXPECT_EQ(scene.panes[0].shows(), "camera/C-1");
    EXPECT_EQ(scene.panes[0].title, camera.name) << "a camera's own name, if the layout has none";
    EXPECT_EQ(scene.panes[1].title.en, "Close");
    EXPECT_EQ(scene.panes[2].kind, Shows::panel);
    EXPECT_EQ(scene.panes[2].plugin, "maps");
    EXPECT_EQ(scene.panes[2].panel, "board");
    EXPECT_EQ(scene.panes[2].shows(), "maps/board");
}

TEST(Resolve, hash_tells_scenes_apart_but_not_takes) {
    const auto site = site_of(demo_wall(), two_columns());
    Scene scene = resolve(site, site.layouts[0]);
    EXPECT_EQ(scene.hash.size(), 32u);
    EXPECT_EQ(scene.hash, resolve(site, site.layouts[0]).hash);
    auto other = two_columns();
    other.panes[1].settings = R"({"rows":3})";
    EXPECT_NE(resolve(site_of(demo_wall(), other), other).hash, scene.hash);
    scene.take = 7;
    const auto back = parse_scene(to_json(scene));
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(back->hash, scene.hash);
}

TEST(Resolve, scene_follows_by_the_transition_of_its_layout) {
    auto site = site_of(random_wall(1), tiling(random_wall(1), 1));
    site.layouts[0].transition = {config::Transition::Kind::push, 400};
    EXPECT_EQ(resolve(site, site.layouts[0]).transition, site.layouts[0].transition);
}

TEST(Resolve, grid_on_a_zone_lies_on_its_displays) {
    config::Layout layout = two_columns();
    layout.grids[0].display = "";
    layout.grids[0].zone = "side";
    auto site = site_of(demo_wall(), layout);
    site.wall.zones = {{"side", {}, {"right"}}};
    const Scene scene = resolve(site, site.layouts[0]);
    EXPECT_EQ(scene.panes[0].rect.x, 1915 + 20);
    const RectMm below = strip(site.wall, site.wall.displays[1]);
    EXPECT_NEAR(scene.panes[0].rect.y + scene.panes[0].rect.height, below.y - 20, 0.002);
    EXPECT_NEAR(scene.panes[2].rect.x + scene.panes[2].rect.width, 1915 + 1875, 0.002);
}

TEST(Resolve, no_grid_covers_a_strip_of_the_lowest_row) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        const auto site = site_of(random_wall(seed), tiling(random_wall(seed), seed, true));
        const Scene scene = resolve(site, site.layouts[0]);
        const RectMm all = canvas(site.wall);
        for (const auto& display : site.wall.displays) {
            const RectMm below = strip(site.wall, display);
            if (display.y_mm + display.height_mm < all.y + all.height - display.height_mm / 2)
                continue;
            for (const ScenePane& pane : scene.panes)
                EXPECT_LE(pane.rect.y + pane.rect.height, below.y)
                    << "seed " << seed << " " << display.name;
        }
    }
}

TEST(Resolve, margin_of_a_pane_is_left_on_each_side) {
    auto layout = two_columns();
    const auto site = site_of(demo_wall(), layout);
    const RectMm whole = resolve(site, layout).panes[0].rect;
    layout.panes[0].margin_mm = 7.5;
    const RectMm less = resolve(site, layout).panes[0].rect;
    EXPECT_EQ(less, (RectMm{whole.x + 7.5, whole.y + 7.5, whole.width - 15, whole.height - 15}));
    layout.panes[0].margin_mm = 1e6;
    EXPECT_GT(resolve(site, layout).panes[0].rect.width, 0);
}

TEST(Resolve, layout_gives_its_transition_and_a_camera_its_aspect) {
    auto layout = two_columns();
    layout.transition = {config::Transition::Kind::push, 300};
    layout.panes[0].shows = "camera/C-1";
    layout.panes[0].aspect = config::Aspect::fill;
    layout.panes[0].focus_x = 0.25;
    const auto site = site_of(demo_wall(), layout);
    const Scene scene = resolve(site, site.layouts[0]);
    EXPECT_EQ(scene.transition, layout.transition);
    EXPECT_EQ(scene.panes[0].aspect, config::Aspect::fill);
    EXPECT_EQ(scene.panes[0].focus_x, 0.25);
}

TEST(Resolve, impossible_grid_still_resolves) {
    auto layout = two_columns();
    layout.grids[0].columns[0].value = 1e6;
    layout.grids[0].gap_mm = 1e6;
    layout.grids[0].margin_mm = 1e6;
    const auto site = site_of(demo_wall(), layout);
    for (const ScenePane& pane : resolve(site, site.layouts[0]).panes) {
        EXPECT_GE(pane.rect.width, 0);
        EXPECT_GE(pane.rect.height, 0);
        EXPECT_LE(pane.rect.x + pane.rect.width, 1895);
    }
}

}  // namespace
}  // namespace bw::wall::test
