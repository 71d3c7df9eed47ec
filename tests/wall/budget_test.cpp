// SPDX-License-Identifier: Apache-2.0
#include "core/wall/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/wall/walls.h"

namespace bw::wall::test {
namespace {

/// A wall of one 1920x1080 display at a millimetre a pixel, with one picture per width.
config::Site site_of_widths(const std::vector<double>& widths, const std::string& source = "") {
    config::Wall wall;
    wall.displays = {{"d", 0, 0, 1920, 1080, 1920, 1080}};
    config::Layout layout;
    layout.name = "cams";
    config::Grid grid{"d", {}, {{360, config::Track::Unit::millimetres}}, 0, 0, {{}}};
    config::Site site;
    for (size_t i = 0; i < widths.size(); ++i) {
        config::Pane pane;
        pane.id = "p" + std::to_string(i);
        pane.shows = source.empty() ? "camera/C-" + std::to_string(i) : source;
        grid.columns.push_back({widths[i], config::Track::Unit::millimetres});
        grid.areas[0].push_back(pane.id);
        layout.panes.push_back(pane);
    }
    layout.grids = {grid};
    return site_of(wall, layout);
}

Budget budget(const config::Site& site) {
    return budget_of(site, resolve(site, site.layouts[0]));
}

TEST(Budget, small_pictures_play_the_sub_stream_and_large_ones_the_main) {
    const Budget two = budget(site_of_widths({799, 800}));
    EXPECT_EQ(two.subs, 1u);
    EXPECT_EQ(two.mains, 1u);
    EXPECT_THAT(two.large, testing::ElementsAre("camera/C-1"));
    EXPECT_NEAR(two.decode_cores, 0.015 + 0.114, 1e-9);
}

TEST(Budget, source_shown_twice_is_decoded_once_for_the_wider) {
    const Budget b = budget(site_of_widths({400, 900, 300}, "camera/C-1"));
    EXPECT_EQ(b.pictures, 3u);
    EXPECT_EQ(b.mains, 1u);
    EXPECT_EQ(b.subs, 0u);
}

TEST(Budget, drawing_grows_with_pixels) {
    const double one = budget(site_of_widths({400})).draw_cores;
    EXPECT_GT(one, 0);
    EXPECT_NEAR(budget(site_of_widths({400, 400})).draw_cores, 2 * one, one * 0.01);
}

TEST(Budget, page_in_sight_counts_alone) {
    auto site = site_of_widths({1920});
    site.layouts[0].panes[0].shows = "sources";
    site.layouts[0].panes[0].sources = config::SourceGrid{{}, 4, 1, 12};
    for (int i = 0; i < 10; ++i) {
        site.cameras.emplace_back();
        site.cameras.back().id = "camera/" + std::to_string(i);
    }
    const Budget b = budget(site);
    EXPECT_EQ(b.pictures, 4u);
    EXPECT_EQ(b.subs, 4u);
}

TEST(Budget, cameras_named_in_the_settings_of_a_panel_fill_its_pane) {
    auto site = site_of_widths({1920});
    site.layouts[0].panes[0].shows = "maps/board";
    site.layouts[0].panes[0].settings = R"({"first": "C-1", "more": [{"id": "camera/C-2"}, 3]})";
    EXPECT_EQ(budget(site).pictures, 0u) << "no camera of the site";
    for (const char* id : {"camera/C-1", "camera/C-2", "camera/C-3"}) {
        site.cameras.emplace_back();
        site.cameras.back().id = id;
    }
    const Budget b = budget(site);
    EXPECT_EQ(b.pictures, 2u);
    EXPECT_EQ(b.mains, 2u) << "960 pixels each";
    EXPECT_NEAR(b.draw_cores, 0.1 * 1920 * 360 / (16 * 480 * 270), 1e-6);
}

TEST(Budget, panels_are_no_pictures) {
    auto site = site_of_widths({400, 400});
    site.layouts[0].panes[0].shows = "maps/board";
    const Budget b = budget(site);
    EXPECT_EQ(b.panes, 2u);
    EXPECT_EQ(b.pictures, 1u);
}

TEST(Budget, verdict_leaves_something_for_the_rest) {
    Budget b;
    b.decode_cores = 1.3;
    EXPECT_EQ(verdict(b, 2), Verdict::fits);
    b.draw_cores = 0.2;
    EXPECT_EQ(verdict(b, 2), Verdict::tight);
    b.draw_cores = 0.8;
    EXPECT_EQ(verdict(b, 2), Verdict::too_much);
    EXPECT_EQ(verdict(b, 4), Verdict::fits);
}

}  // namespace
}  // namespace bw::wall::test
