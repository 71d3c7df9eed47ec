// SPDX-License-Identifier: Apache-2.0
// Each warning on a site that earns it, and not on the same site without the flaw.
#include "core/wall/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/wall/walls.h"

namespace bw::wall::test {
namespace {

using config::Fault;
using testing::HasSubstr;

config::Pane camera_pane(const std::string& id, const std::string& source = "camera/C-1") {
    config::Pane pane;
    pane.id = id;
    pane.shows = source;
    return pane;
}

config::Pane panel_pane(const std::string& id) {
    return camera_pane(id, "maps/board");
}

config::Camera camera(const std::string& id, const std::string& kind = "forest") {
    config::Camera out;
    out.id = "camera/" + id;
    out.kind = kind;
    out.main_uri = "rtsp://192.0.2.1/main";
    out.sub_uri = "rtsp://192.0.2.1/sub";
    return out;
}

/// One panel on the whole left display of the demo hall: no warning.
config::Site good_site() {
    config::Layout layout;
    layout.name = "one";
    layout.grids = {{"left", {{}}, {{}}, 0, 0, {{"a"}}}};
    layout.panes = {panel_pane("a")};
    config::Site site = site_of(demo_wall(), layout);
    site.cameras = {camera("C-1")};
    return site;
}

/// A row of equal panes on a display, named p0 and so on.
void add_row(config::Site& site, const std::string& display, size_t count, bool cameras) {
    config::Grid grid{display, {}, {{}}, 0, 0, {{}}};
    for (size_t i = 0; i < count; ++i) {
        const std::string id = display + std::to_string(i);
        grid.columns.emplace_back();
        grid.areas[0].push_back(id);
        site.layouts[0].panes.push_back(cameras ? camera_pane(id) : panel_pane(id));
    }
    site.layouts[0].grids.push_back(grid);
}

std::set<int> numbers(const std::vector<Fault>& warnings) {
    std::set<int> out;
    for (const Fault& each : warnings) out.insert(each.number);
    return out;
}

std::string list(const std::vector<Fault>& warnings) {
    std::string text;
    for (const Fault& each : warnings) text += to_string(each) + "\n";
    return text;
}

/// Exactly these numbers, and the first warning of `number` says so.
void expect_only(const config::Site& site, int number, const std::string& says,
                 unsigned cores = 16) {
    const auto warnings = lint(site, cores);
    EXPECT_EQ(numbers(warnings), std::set<int>{number}) << list(warnings);
    ASSERT_FALSE(warnings.empty());
    EXPECT_THAT(warnings[0].text, HasSubstr(says));
}

void expect_none(const config::Site& site, unsigned cores = 16) {
    EXPECT_TRUE(lint(site, cores).empty()) << list(lint(site, cores));
}

TEST(Lint, good_site_has_no_warning) {
    expect_none(good_site());
}

TEST(Lint, text_needs_pixels) {
    auto site = good_site();
    for (auto& display : site.wall.displays) display.width_px = 960, display.height_px = 540;
    expect_only(site, warning::text_too_coarse, "display left is 14.7 pixels");
    EXPECT_EQ(lint(site, 16)[0].file, "wall.toml");
    for (auto& display : site.wall.displays) display.width_px = 1100, display.height_px = 619;
    expect_none(site);
}

TEST(Lint, panel_needs_width_and_height) {
    auto site = good_site();
    add_row(site, "right", 7, false);  // 1895 / 7 / 1.4544 = 186 units
    expect_only(site, warning::pane_too_small, "pane right0 is 186 by");
    EXPECT_EQ(lint(site, 16).size(), 7u);
    site = good_site();
    add_row(site, "right", 6, false);
    expect_none(site);
}

TEST(Lint, camera_may_be_smaller_than_a_panel) {
    auto site = good_site();
    add_row(site, "right", 13, true);
    expect_none(site);
    site = good_site();
    add_row(site, "right", 14, true);
    expect_only(site, warning::pane_too_small, "a camera needs 96 by 54");
}

TEST(Lint, pane_over_a_bezel_is_told_with_its_gap) {
    auto site = good_site();
    site.layouts[0].grids[0].display = "";
    expect_only(site, warning::across_bezel,
                "pane a lies over 2 displays with up to 20.0 mm between them: a line of text");
    site.layouts[0].panes[0] = camera_pane("a");
    expect_only(site, warning::across_bezel, "a face");
    EXPECT_EQ(lint(site, 16)[0].file, "layouts/one.toml");
    site.wall.displays[1].x_mm = 1895;  // cabinets that meet
    expect_none(site);
}

TEST(Lint, closed_up_canvas_still_has_bezels) {
    auto site = good_site();
    site.layouts[0].grids[0].display = "";
    site.wall.displays[1].x_mm = 1895;
    site.wall.displays[1].hang_x_mm = 1903.5;
    site.wall.bezel_compensation = false;
    expect_only(site, warning::across_bezel, "8.5 mm");
}

/// So many cameras on the left and on the right, and nothing else.
config::Site site_of_pictures(size_t left, size_t right) {
    auto site = good_site();
    site.layouts[0].panes.clear();
    site.layouts[0].grids.clear();
    add_row(site, "left", left, true);
    add_row(site, "right", right, true);
    return site;
}

TEST(Lint, more_pictures_than_people_follow) {
    expect_none(site_of_pictures(12, 12));
    auto site = site_of_pictures(12, 13);
    expect_only(site, warning::too_many_pictures, "25 moving pictures at once on the wall");
    site.wall.zones = {{"main", {}, {"left"}}};
    expect_none(site);  // 12 in the zone and 13 beside it
    site.wall.zones = {{"main", {}, {"left", "right"}}};
    expect_only(site, warning::too_many_pictures, "zone main");
    for (auto& pane : site.layouts[0].panes)
        if (pane.id == "left0") pane.shows = "maps/board";
    EXPECT_FALSE(numbers(lint(site, 16)).contains(warning::too_many_pictures))
        << "a panel is no picture";
}

TEST(Lint, panes_over_each_other_need_an_order) {
    auto site = good_site();
    site.layouts[0].panes.push_back(panel_pane("b"));
    site.layouts[0].grids.push_back({"left", {{}, {}}, {{}}, 0, 0, {{".", "b"}}});
    expect_only(site, warning::panes_overlap, "pane a and pane b lie over one another on display");
    site.layouts[0].panes[1].z = 1;
    expect_none(site);
}

TEST(Lint, pages_of_a_source_grid_do_not_overlap_each_other) {
    auto site = good_site();
    auto& pane = site.layouts[0].panes[0];
    pane.shows = "sources";
    pane.sources = config::SourceGrid{{}, 2, 2, 12};
    for (int i = 0; i < 9; ++i) site.cameras.push_back(camera("D-" + std::to_string(i)));
    expect_none(site);
}

/// Two displays with a hole between them that a grid over both covers.
config::Site site_with_a_hole() {
    auto site = good_site();
    site.wall.displays[1].x_mm = 1895 + 4 * 1895;
    site.layouts[0].grids[0] = {"", {}, {{}}, 0, 0, {{"a", "b", "c", "d", "e", "f"}}};
    site.layouts[0].grids[0].columns.resize(6);
    site.layouts[0].panes.clear();
    for (const char* id : {"a", "b", "c", "d", "e", "f"})
        site.layouts[0].panes.push_back(panel_pane(id));
    return site;
}

TEST(Lint, pane_beside_the_displays_is_not_seen) {
    auto site = site_with_a_hole();
    expect_only(site, warning::pane_off_wall, "pane b lies on no display");
    EXPECT_EQ(lint(site, 16).size(), 4u);
    site.wall.displays[1].x_mm = 1895;
    expect_none(site);
}

TEST(Lint, pane_partly_beside_the_displays) {
    auto site = site_with_a_hole();
    site.layouts[0].grids[0].areas = {{"a", "a", ".", ".", ".", "f"}};
    site.layouts[0].panes = {panel_pane("a"), panel_pane("f")};
    expect_only(site, warning::pane_partly_off, "pane a lies 50 % beside");
    site.layouts[0].grids[0].areas = {{"a", ".", ".", ".", ".", "f"}};
    expect_none(site);
}

TEST(Lint, grid_over_two_rows_is_crossed_by_the_upper_strips) {
    auto site = good_site();
    site.wall.displays[1].x_mm = 0;
    site.wall.displays[1].y_mm = 1066;  // below the other, and meeting it
    site.layouts[0].grids[0].display = "";
    expect_only(site, warning::pane_under_strip,
                "pane a lies under the wall strip of display left");
    site.layouts[0].grids[0].display = "right";
    expect_none(site);
}

config::Site site_with_query(const std::string& kind) {
    auto site = good_site();
    auto& pane = site.layouts[0].panes[0];
    pane.shows = "sources";
    pane.sources = config::SourceGrid{{}, 2, 2, 12};
    pane.sources->query.kind = kind;
    return site;
}

TEST(Lint, query_without_a_match) {
    expect_none(site_with_query("forest"));
    expect_only(site_with_query("forrest"), warning::no_match,
                "pane a finds no camera in cameras.toml (kind = \"forrest\")");
}

TEST(Lint, query_with_more_matches_than_a_scene_takes) {
    auto site = site_with_query("forest");
    for (int i = 0; i < 510; ++i) site.cameras.push_back(camera("D-" + std::to_string(i)));
    expect_none(site);
    site.cameras.push_back(camera("E-1"));
    expect_only(site, warning::sources_left_out, "finds 512 cameras and shows 511");
}

/// `count` panes of a camera each, from one stream or two.
config::Site site_of_cameras(size_t count, bool sub) {
    auto site = good_site();
    site.layouts[0].panes.clear();
    site.layouts[0].grids.clear();
    add_row(site, "left", count, true);
    for (size_t i = 0; i < count; ++i) {
        config::Camera each = camera("L-" + std::to_string(i));
        if (!sub) each.sub_uri.clear();
        site.layouts[0].panes[i].shows = each.id;
        site.cameras.push_back(each);
    }
    return site;
}

TEST(Lint, pictures_cost_cores) {
    // Two of 960 pixels from their main streams: 2 x 0.114 to decode and 0.09 to draw.
    expect_none(site_of_cameras(2, true), 1);
    auto site = site_of_cameras(12, true);  // 12 small ones
    expect_none(site, 1);
    for (auto& display : site.wall.displays)
        display.width_px *= 6, display.height_px *= 6;  // and each 960 wide
    expect_only(site, warning::over_budget, "12 pictures need about", 1);
    EXPECT_THAT(lint(site, 1)[0].text, HasSubstr("camera/L-0, camera/L-1"));
    EXPECT_THAT(lint(site, 1)[0].text, HasSubstr("… (12 in all)"));
    expect_none(site, 64);
}

TEST(Lint, small_picture_from_a_main_stream) {
    expect_none(site_of_cameras(4, true));
    auto site = site_of_cameras(4, false);
    expect_only(site, warning::main_shown_small, "camera/L-0");
    for (auto& each : site.cameras) each.main_uri = "test://ball";
    expect_none(site);
    for (auto& each : site.cameras) each.main_uri.clear();
    expect_none(site);  // a service gives the address
}

std::string read(const std::string& path) {
    const char* folder = std::getenv("BEACONWALL_SOURCE");
    std::ifstream in(std::string(folder ? folder : ".") + "/" + path);
    EXPECT_TRUE(in) << path;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::set<int> numbers_in(const std::string& path, const char* pattern) {
    const std::string text = read(path);
    const std::regex number(pattern);
    std::set<int> found;
    for (std::sregex_iterator at(text.begin(), text.end(), number), end; at != end; ++at)
        found.insert(std::stoi((*at)[1].str()));
    return found;
}

TEST(Lint, source_and_manual_list_the_same_numbers) {
    const auto source = numbers_in("core/wall/lint.h", "= (2\\d{3}),");
    EXPECT_EQ(source.size(), 12u);
    EXPECT_EQ(source, numbers_in("docs/faults.md", "\\| BW(2\\d{3}) \\|"));
}

}  // namespace
}  // namespace bw::wall::test
