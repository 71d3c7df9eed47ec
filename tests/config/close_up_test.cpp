// SPDX-License-Identifier: Apache-2.0
#include "core/config/close_up.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace bw::config::test {
namespace {

Display at(double x, double y, double width, double height) {
    Display display;
    display.hang_x_mm = x;
    display.hang_y_mm = y;
    display.width_mm = width;
    display.height_mm = height;
    return display;
}

TEST(CloseUp, a_row_with_gaps_is_pushed_together) {
    std::vector<Display> row = {at(100, 50, 1000, 600), at(1120, 50, 1000, 600),
                                at(2150, 50, 500, 600)};
    close_up(row);
    EXPECT_EQ(row[0].x_mm, 100) << "the first stays where it hangs";
    EXPECT_EQ(row[1].x_mm, 1100);
    EXPECT_EQ(row[2].x_mm, 2100);
    for (const Display& display : row) EXPECT_EQ(display.y_mm, 50);
    EXPECT_EQ(row[2].hang_x_mm, 2150) << "as it hangs is kept";
}

TEST(CloseUp, each_axis_by_itself) {
    std::vector<Display> four = {at(0, 0, 100, 100), at(110, 0, 100, 100), at(0, 120, 100, 100),
                                 at(110, 120, 100, 100)};
    close_up(four);
    EXPECT_EQ(four[3].x_mm, 100);
    EXPECT_EQ(four[3].y_mm, 100);
    EXPECT_EQ(four[1].y_mm, 0);
    EXPECT_EQ(four[2].x_mm, 0);
}

TEST(CloseUp, what_another_display_covers_is_no_gap) {
    // A banner over the whole row: across, every stretch is covered.
    std::vector<Display> wall = {at(0, 200, 100, 100), at(110, 200, 100, 100), at(0, 0, 210, 150)};
    close_up(wall);
    EXPECT_EQ(wall[1].x_mm, 110);
    EXPECT_EQ(wall[0].y_mm, 150) << "down, the gap below the banner is taken out";
}

TEST(CloseUp, nothing_at_all_is_fine) {
    std::vector<Display> none;
    close_up(none);
    EXPECT_TRUE(none.empty());
}

/// The total of what an axis covers, and its reach.
struct Axis {
    double covered = 0, reach = 0;
};
Axis axis_of(std::vector<std::pair<double, double>> spans) {
    std::sort(spans.begin(), spans.end());
    Axis axis;
    double end = spans.front().first;
    for (const auto& [begin, stop] : spans) {
        axis.covered += std::max(stop - std::max(begin, end), 0.0);
        end = std::max(end, stop);
    }
    axis.reach = end - spans.front().first;
    return axis;
}

TEST(CloseUp, any_wall_has_no_bare_stretch_left_and_loses_nothing_else) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        std::mt19937 random(seed);
        std::uniform_real_distribution<double> place(-2000, 2000), size(50, 900);
        std::vector<Display> wall;
        for (unsigned i = 0; i < 2 + seed % 6; ++i)
            wall.push_back(at(place(random), place(random), size(random), size(random)));
        close_up(wall);
        std::vector<std::pair<double, double>> hung, closed;
        for (const Display& d : wall) {
            hung.emplace_back(d.hang_x_mm, d.hang_x_mm + d.width_mm);
            closed.emplace_back(d.x_mm, d.x_mm + d.width_mm);
        }
        const Axis before = axis_of(hung), after = axis_of(closed);
        EXPECT_NEAR(after.covered, before.covered, 1e-6) << "seed " << seed;
        EXPECT_NEAR(after.reach, after.covered, 1e-6) << "seed " << seed;
    }
}

}  // namespace
}  // namespace bw::config::test
