// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>

#include "core/wall/scene.h"
#include "tests/wall/walls.h"

namespace bw::wall::test {
namespace {

TEST(Geometry, intersect_is_what_both_cover) {
    EXPECT_EQ(intersect({0, 0, 10, 10}, {5, 6, 10, 10}), (RectPx{5, 6, 5, 4}));
    EXPECT_TRUE(intersect({0, 0, 10, 10}, {10, 0, 5, 5}).empty());
    EXPECT_TRUE(intersect({0, 0, 10, 10}, {2, 2, 0, 5}).empty());
    EXPECT_EQ(intersect({-5, -5, 10, 10}, {-3, -3, 100, 100}), (RectPx{-3, -3, 8, 8}));
}

TEST(Geometry, bounds_is_the_box_of_both) {
    EXPECT_EQ(bounds({0, 0, 10, 10}, {20, -5, 5, 5}), (RectPx{0, -5, 25, 15}));
    EXPECT_EQ(bounds({}, {3, 4, 5, 6}), (RectPx{3, 4, 5, 6}));
    EXPECT_EQ(bounds({3, 4, 5, 6}, {100, 100, 0, 9}), (RectPx{3, 4, 5, 6}));
    EXPECT_TRUE(bounds({}, {}).empty());
}

RectPx random_rect(std::mt19937& random) {
    std::uniform_int_distribution<int> place(-50, 50), size(0, 40);
    return {place(random), place(random), size(random), size(random)};
}

bool covers(const RectPx& r, int x, int y) {
    return x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;
}

TEST(Geometry, intersect_and_bounds_agree_with_single_pixels) {
    std::mt19937 random(1);
    std::uniform_int_distribution<int> at(-60, 100);
    for (int i = 0; i < 2000; ++i) {
        const RectPx a = random_rect(random), b = random_rect(random);
        const int x = at(random), y = at(random);
        EXPECT_EQ(covers(intersect(a, b), x, y), covers(a, x, y) && covers(b, x, y));
        const bool in_either = covers(a, x, y) || covers(b, x, y);
        EXPECT_TRUE(!in_either || covers(bounds(a, b), x, y));
        EXPECT_EQ(intersect(a, b), intersect(b, a));
        EXPECT_EQ(bounds(a, b), bounds(b, a));
    }
}

TEST(Geometry, canvas_is_the_box_of_all_displays) {
    const RectMm box = canvas(demo_wall());
    EXPECT_EQ(box, (RectMm{0, 0, 3810, 1066}));
    EXPECT_EQ(canvas({}), RectMm{});
}

TEST(Geometry, whole_display_is_all_its_pixels) {
    for (unsigned seed = 1; seed <= 200; ++seed) {
        for (const auto& display : random_wall(seed).displays) {
            config::Wall alone;
            alone.displays = {display};
            const RectPx whole{0, 0, static_cast<int>(display.width_px),
                               static_cast<int>(display.height_px)};
            EXPECT_EQ(on_display(canvas(alone), display), whole) << "seed " << seed;
        }
    }
}

TEST(Geometry, what_is_elsewhere_is_empty) {
    const auto wall = demo_wall();
    EXPECT_TRUE(on_display({0, 0, 1000, 1000}, wall.displays[1]).empty());
    EXPECT_TRUE(on_display({1896, 0, 18, 1000}, wall.displays[0]).empty()) << "the bezel";
    EXPECT_EQ(on_display({1000, 0, 2000, 1066}, wall.displays[1]).x, 0);
}

TEST(Geometry, picture_has_the_pixels_of_its_display) {
    const auto wall = demo_wall();
    const RectMm rect{100.25, 50.5, 333.125, 222};
    const RectPx there = on_display(rect, wall.displays[0]);
    EXPECT_EQ(picture_size(rect, wall.displays), (RectPx{0, 0, there.width, there.height}));
    EXPECT_TRUE(picture_size({1e5, 1e5, 10, 10}, wall.displays).empty());
}

TEST(Geometry, picture_over_two_pitches_is_made_at_the_denser) {
    config::Wall wall;
    wall.viewing_distance_mm = 5000;
    wall.displays = {{"coarse", 0, 0, 2000, 1000, 1000, 500},
                     {"fine", 2000, 0, 1000, 500, 1000, 500}};
    EXPECT_EQ(picture_size({1500, 0, 1000, 400}, wall.displays), (RectPx{0, 0, 1000, 400}));
    EXPECT_DOUBLE_EQ(unit_scale({1500, 0, 1000, 400}, wall),
                     2 * unit_scale({0, 0, 900, 400}, wall));
}

TEST(Geometry, unit_is_a_minute_of_arc) {
    // 5 m away a minute of arc is 1.4544 mm; the demo's pixels are 0.98698 mm wide.
    EXPECT_NEAR(unit_scale({0, 0, 100, 100}, demo_wall()), 1.4544 / 0.98698, 1e-4);
    EXPECT_NEAR(unit_scale({-1e5, 0, 1, 1}, demo_wall()), 1.4736, 1e-3) << "on no display";
}

TEST(Geometry, strip_lies_along_the_bottom) {
    const auto wall = demo_wall();
    const RectPx px = on_display(strip(wall, wall.displays[1]), wall.displays[1]);
    EXPECT_EQ(px.x, 0);
    EXPECT_EQ(px.width, 1920);
    EXPECT_EQ(px.y + px.height, 1080);
    EXPECT_NEAR(px.height, kStripUnits * 1.4736, 1);
}

}  // namespace
}  // namespace bw::wall::test
