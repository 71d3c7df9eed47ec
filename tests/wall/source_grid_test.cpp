// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/wall/resolve.h"
#include "tests/wall/walls.h"

namespace bw::wall::test {
namespace {

config::Camera camera(const std::string& id, const std::string& kind = "forest",
                      const std::string& town = "石城镇", const std::string& owner = "") {
    config::Camera out;
    out.id = "camera/" + id;
    out.name = {"名" + id, "Name " + id};
    out.kind = kind;
    out.town = town;
    out.owner = owner;
    return out;
}

config::Site site_with(const config::SourceGrid& sources, size_t cameras) {
    config::Layout layout;
    layout.name = "cams";
    layout.grids = {{"left", {{}}, {{}}, 0, 0, {{"grid"}}}};
    config::Pane pane;
    pane.id = "grid";
    pane.shows = "sources";
    pane.title = {"周边", "Around"};
    pane.sources = sources;
    pane.aspect = config::Aspect::crop;
    pane.focus_y = 0.75;
    pane.z = 3;
    layout.panes = {pane};
    config::Site site = site_of(demo_wall(), layout);
    for (size_t i = cameras; i > 0; --i)  // not in the order of their ids
        site.cameras.push_back(camera("C-" + std::to_string(100 + i)));
    return site;
}

std::vector<std::string> ids(const Scene& scene) {
    std::vector<std::string> out;
    for (const ScenePane& pane : scene.panes) out.push_back(pane.id);
    return out;
}

TEST(SourceGrid, each_camera_becomes_a_pane_in_the_order_of_ids) {
    const auto site = site_with({{}, 3, 2, 12}, 4);
    const Scene scene = resolve(site, site.layouts[0]);
    EXPECT_THAT(ids(scene),
                testing::ElementsAre("grid/C-101", "grid/C-102", "grid/C-103", "grid/C-104"));
    const ScenePane& first = scene.panes[0];
    EXPECT_EQ(first.kind, Shows::source);
    EXPECT_EQ(first.source, "camera/C-101");
    EXPECT_EQ(first.title.en, "Name C-101") << "not the grid's title";
    EXPECT_EQ(first.grid, "grid");
    EXPECT_EQ(first.aspect, config::Aspect::crop);
    EXPECT_EQ(first.focus_y, 0.75);
    EXPECT_EQ(first.z, 3);
    EXPECT_EQ(first.pages, 1u);
    EXPECT_EQ(first.page_ms, 0u);
    const auto back = parse_scene(to_json(scene));
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(*back, scene);
}

TEST(SourceGrid, more_cameras_than_cells_come_in_pages) {
    const auto site = site_with({{}, 2, 2, 9}, 9);
    const Scene scene = resolve(site, site.layouts[0]);
    ASSERT_EQ(scene.panes.size(), 9u);
    for (size_t i = 0; i < 9; ++i) {
        EXPECT_EQ(scene.panes[i].page, i / 4);
        EXPECT_EQ(scene.panes[i].pages, 3u);
        EXPECT_EQ(scene.panes[i].page_ms, 9000u);
        EXPECT_EQ(scene.panes[i].rect, scene.panes[i % 4].rect) << "a cell of the same place";
    }
    ASSERT_TRUE(parse_scene(to_json(scene)));
}

TEST(SourceGrid, query_without_a_match_is_an_empty_grid) {
    config::SourceGrid grid{{}, 2, 2, 9};
    grid.query.kind = "flood";
    const auto site = site_with(grid, 9);
    EXPECT_TRUE(resolve(site, site.layouts[0]).panes.empty());
}

TEST(SourceGrid, every_part_of_a_query_counts) {
    const config::Camera one = camera("FF-001", "forest", "石城镇", "demo_field");
    EXPECT_TRUE(matches({}, one));
    EXPECT_TRUE(matches({"forest", "石城镇", "demo_field", "camera/FF-"}, one));
    EXPECT_FALSE(matches({"river", "石城镇", "demo_field", "camera/FF-"}, one));
    EXPECT_FALSE(matches({"forest", "石城", "demo_field", "camera/FF-"}, one));
    EXPECT_FALSE(matches({"forest", "石城镇", "demo", "camera/FF-"}, one));
    EXPECT_FALSE(matches({"forest", "石城镇", "demo_field", "camera/F-"}, one));
}

TEST(SourceGrid, cameras_of_records_fill_it_too_and_one_id_comes_once) {
    const auto site = site_with({{}, 3, 2, 12}, 1);
    auto cameras = site.cameras;
    cameras.push_back(camera("C-050"));
    cameras.push_back(camera("C-050"));
    EXPECT_THAT(ids(resolve(site, site.layouts[0], cameras)),
                testing::ElementsAre("grid/C-050", "grid/C-101"));
}

TEST(SourceGrid, scene_never_has_more_panes_than_a_compositor_takes) {
    auto site = site_with({{}, 16, 16, 12}, 700);
    site.layouts[0].panes.push_back(site.layouts[0].panes[0]);
    site.layouts[0].panes[1].id = "last";
    site.layouts[0].panes[1].sources.reset();
    site.layouts[0].panes[1].shows = "maps/board";
    site.layouts[0].grids[0].display = "right";
    site.layouts[0].grids.push_back({"left", {{}}, {{}}, 0, 0, {{"last"}}});
    const Scene scene = resolve(site, site.layouts[0]);
    EXPECT_LE(scene.panes.size(), kMaxScenePanes);
    EXPECT_GE(scene.panes.size(), kMaxScenePanes - 2);
    EXPECT_EQ(scene.panes.back().id, "last") << "a pane of the layout is never left out";
    ASSERT_TRUE(parse_scene(to_json(scene)));
}

bool inside(const RectMm& in, const RectMm& out) {
    return in.x >= out.x && in.y >= out.y && in.x + in.width <= out.x + out.width &&
           in.y + in.height <= out.y + out.height;
}

bool apart(const RectMm& a, const RectMm& b) {
    return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y ||
           b.y + b.height <= a.y;
}

TEST(SourceGrid, cells_are_equal_inside_their_pane_and_apart) {
    constexpr double snap_mm = 1.0 / 1024;
    std::mt19937 random(7);
    std::uniform_int_distribution<uint32_t> count(1, 16);
    std::uniform_int_distribution<int> place(-4000000, 4000000), size(1, 4000000);
    for (int i = 0; i < 500; ++i) {
        const RectMm rect{place(random) * snap_mm, place(random) * snap_mm, size(random) * snap_mm,
                          size(random) * snap_mm};
        const config::SourceGrid grid{{}, count(random), count(random), 12};
        const auto cells = source_cells(grid, rect, 5.82);
        ASSERT_EQ(cells.size(), size_t{grid.columns} * grid.rows);
        for (size_t a = 0; a < cells.size(); ++a) {
            EXPECT_NEAR(cells[a].width, cells[0].width, snap_mm) << "case " << i;
            EXPECT_NEAR(cells[a].height, cells[0].height, snap_mm) << "case " << i;
            EXPECT_TRUE(inside(cells[a], rect)) << "case " << i << " cell " << a;
            for (size_t b = a + 1; b < cells.size(); ++b)
                EXPECT_TRUE(apart(cells[a], cells[b])) << "case " << i;
        }
    }
}

TEST(SourceGrid, same_site_gives_the_same_scene) {
    const auto site = site_with({{}, 2, 2, 9}, 30);
    auto shuffled = site;
    std::shuffle(shuffled.cameras.begin(), shuffled.cameras.end(), std::mt19937(3));
    EXPECT_EQ(resolve(site, site.layouts[0]), resolve(shuffled, site.layouts[0]));
}

}  // namespace
}  // namespace bw::wall::test
