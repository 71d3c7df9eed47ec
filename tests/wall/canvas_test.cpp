// SPDX-License-Identifier: Apache-2.0
// What holds on any wall: mixed pitches, turned displays, bezels and gaps, with bezel compensation
// and without.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/wall/geometry.h"
#include "core/wall/snap.h"
#include "tests/wall/walls.h"

namespace bw::wall::test {
namespace {

/// Panes that tile the canvas: cut at random places, across and down.
std::vector<RectMm> cut_up(const RectMm& canvas, unsigned seed) {
    std::mt19937 random(seed);
    const auto cuts = [&random](double begin, double length) {
        std::uniform_real_distribution<double> at(begin, begin + length);
        std::vector<double> out{begin, begin + length};
        for (int i = 0; i < 7; ++i) out.push_back(snap(at(random)));
        std::sort(out.begin(), out.end());
        return out;
    };
    const auto across = cuts(canvas.x, canvas.width), down = cuts(canvas.y, canvas.height);
    std::vector<RectMm> panes;
    for (size_t row = 0; row + 1 < down.size(); ++row)
        for (size_t column = 0; column + 1 < across.size(); ++column)
            panes.push_back({across[column], down[row], across[column + 1] - across[column],
                             down[row + 1] - down[row]});
    return panes;
}

long area(const RectPx& r) {
    return r.empty() ? 0 : static_cast<long>(r.width) * r.height;
}

TEST(Canvas, neighbouring_panes_lose_and_double_no_pixel_on_any_display) {
    for (const bool compensation : {true, false})
        for (unsigned seed = 1; seed <= 120; ++seed) {
            const config::Wall wall = random_hall(seed, compensation);
            const auto panes = cut_up(canvas(wall), seed);
            for (const config::Display& display : wall.displays) {
                long covered = 0;
                for (size_t i = 0; i < panes.size(); ++i) {
                    const RectPx a = on_display(panes[i], display);
                    covered += area(a);
                    for (size_t k = i + 1; k < panes.size(); ++k)
                        ASSERT_TRUE(intersect(a, on_display(panes[k], display)).empty())
                            << "doubled on " << display.name << ", seed " << seed;
                }
                EXPECT_EQ(covered, static_cast<long>(display.width_px) * display.height_px)
                    << "lost on " << display.name << ", seed " << seed << ", compensation "
                    << compensation;
            }
        }
}

/// Where a row of edges along a line falls on each display it crosses, against the line itself.
TEST(Canvas, a_straight_line_in_wall_millimetres_is_straight_across_any_displays) {
    for (const bool compensation : {true, false})
        for (unsigned seed = 1; seed <= 120; ++seed) {
            const config::Wall wall = random_hall(seed, compensation);
            const RectMm all = canvas(wall);
            std::mt19937 random(seed);
            std::uniform_real_distribution<double> share(0, 1);
            const double from = all.y + share(random) * all.height;
            const double to = all.y + share(random) * all.height;
            int shown = 0;
            for (int i = 0; i <= 400; ++i) {
                const double x = snap(all.x + all.width * i / 400);
                const double y = snap(from + (to - from) * i / 400);
                for (const config::Display& d : wall.displays) {
                    // Two panes meet in this point; the corner pixel's own place on the wall.
                    const RectPx corner = project({x, y, 1e4, 1e4}, d);
                    const double back_x = d.x_mm + corner.x * d.width_mm / d.width_px;
                    const double back_y = d.y_mm + corner.y * d.height_mm / d.height_px;
                    const double half = 0.5001 * d.width_mm / d.width_px;
                    EXPECT_LE(std::abs(back_x - x), half) << d.name << ", seed " << seed;
                    EXPECT_LE(std::abs(back_y - y), half) << d.name << ", seed " << seed;
                    ++shown;
                }
            }
            EXPECT_GT(shown, 0);
        }
}

TEST(Canvas, closed_up_displays_of_one_pitch_share_one_raster) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        const config::Wall wall = even_hall(seed, false);
        std::mt19937 random(seed);
        const RectMm all = canvas(wall);
        std::uniform_int_distribution<int> at(0, 4000);
        const config::Display& first = wall.displays.front();
        const double pitch = first.width_mm / first.width_px;
        for (int i = 0; i < 200; ++i) {
            // Edges at half pixels are the hard ones.
            const double x = snap(all.x + (at(random) + 0.5) * pitch);
            const int on_first = project({x, all.y, 10, 10}, first).x;
            for (size_t k = 1; k < wall.displays.size(); ++k) {
                const config::Display& d = wall.displays[k];
                const int away = static_cast<int>(std::lround((d.x_mm - first.x_mm) / pitch));
                ASSERT_EQ(project({x, all.y, 10, 10}, d).x, on_first - away)
                    << "a pane over both would lose or double a column, seed " << seed;
            }
        }
    }
}

TEST(Canvas, an_edge_half_a_pixel_in_rounds_alike_on_every_display) {
    // 12.5 pixels of 0.63 mm are 7.875 mm to the bit; the displays' own places are not.
    config::Wall wall;
    for (int i = 0; i < 8; ++i) {
        config::Display d;
        d.x_mm = 0.1 + i * 1209.6;
        d.width_mm = 1209.6;
        d.height_mm = 680.4;
        wall.displays.push_back(d);
    }
    for (config::Display& d : wall.displays) d.x_mm -= 0.1;
    for (int odd = 1; odd < 1300; odd += 2)
        for (size_t i = 0; i < wall.displays.size(); ++i)
            ASSERT_EQ(project({7.875 * odd, 0, 10, 10}, wall.displays[i]).x,
                      (25 * odd + 1) / 2 - 1920 * static_cast<int>(i))
                << "display " << i << ", edge " << odd;
}

TEST(Canvas, keepouts_are_what_no_display_shows_and_nothing_else) {
    for (const bool compensation : {true, false})
        for (unsigned seed = 1; seed <= 100; ++seed) {
            const config::Wall wall = random_hall(seed, compensation);
            const RectMm all = canvas(wall);
            std::mt19937 random(seed);
            std::uniform_real_distribution<double> share(0, 1);
            const RectMm pane{all.x + all.width * 0.3 * share(random),
                              all.y + all.height * 0.3 * share(random), all.width * 0.6,
                              all.height * 0.6};
            const auto bare = keepouts(pane, wall.displays);
            const auto holds = [](const RectMm& r, double x, double y) {
                return x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;
            };
            bool seen = false;
            for (const config::Display& d : wall.displays) seen |= !on_display(pane, d).empty();
            for (int i = 0; seen && i < 500; ++i) {
                const double x = pane.x + pane.width * share(random);
                const double y = pane.y + pane.height * share(random);
                bool near_an_edge = false;
                int shown = 0;
                for (const config::Display& d : wall.displays) {
                    shown += holds({d.x_mm, d.y_mm, d.width_mm, d.height_mm}, x, y) ? 1 : 0;
                    for (const double edge : {d.x_mm, d.x_mm + d.width_mm})
                        near_an_edge |= std::abs(edge - x) < 0.02;
                    for (const double edge : {d.y_mm, d.y_mm + d.height_mm})
                        near_an_edge |= std::abs(edge - y) < 0.02;
                }
                if (near_an_edge) continue;
                const auto kept = std::count_if(bare.begin(), bare.end(),
                                                [&](const RectMm& r) { return holds(r, x, y); });
                EXPECT_EQ(kept, shown > 0 ? 0 : 1) << "seed " << seed;
            }
        }
}

TEST(Canvas, a_seam_between_displays_that_meet_is_a_keepout_without_width) {
    config::Wall wall = even_hall(1, false);
    wall.displays.resize(2);
    const config::Display& right = wall.displays[1];
    const RectMm all = canvas(wall);
    const auto bare = keepouts(all, wall.displays);
    ASSERT_EQ(bare.size(), 1u);
    EXPECT_EQ(bare[0].width, 0);
    EXPECT_EQ(bare[0].height, all.height);
    EXPECT_NEAR(bare[0].x, right.x_mm, 0.01);
    EXPECT_TRUE(keepouts({all.x + 5, all.y, 20, 20}, wall.displays).empty()) << "on one display";
    EXPECT_TRUE(keepouts({1e5, 1e5, 20, 20}, wall.displays).empty()) << "beside the wall";
}

TEST(Canvas, only_the_lowest_displays_of_a_zone_carry_the_strip) {
    config::Wall wall;
    wall.viewing_distance_mm = 3000;
    const auto add = [&wall](const char* name, double x, double y, double height) {
        config::Display d;
        d.name = name;
        d.x_mm = d.hang_x_mm = x;
        d.y_mm = d.hang_y_mm = y;
        d.width_mm = 1000;
        d.height_mm = height;
        wall.displays.push_back(d);
    };
    add("upper", 0, 0, 562.5);
    add("lower", 0, 565, 562.5);
    add("beside", 1003, 0, 562.5);
    add("far below", 1003, 2000, 562.5);
    EXPECT_EQ(strip(wall, wall.displays[0]).height, 0);
    EXPECT_GT(strip(wall, wall.displays[1]).height, 0);
    EXPECT_GT(strip(wall, wall.displays[2]).height, 0) << "what hangs far below is another part";
    EXPECT_GT(strip(wall, wall.displays[3]).height, 0);
    EXPECT_EQ(strip(wall, wall.displays[0]).y, snap(562.5)) << "panes may go down to its edge";
    wall.zones = {{"banner", {}, {"upper"}}, {"main", {}, {"lower"}}};
    EXPECT_GT(strip(wall, wall.displays[0]).height, 0) << "each zone has its own";
}

}  // namespace
}  // namespace bw::wall::test
