// SPDX-License-Identifier: Apache-2.0
// Rotation: from the picture as it hangs to the pixels of the output, and back.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "core/wall/geometry.h"

namespace bw::wall::test {
namespace {

config::Display turned(uint32_t rotation, uint32_t width, uint32_t height) {
    config::Display display;
    display.rotation = rotation;
    display.width_px = width;
    display.height_px = height;
    return display;
}

TEST(OutputPixels, a_monitor_turned_clockwise_has_its_own_top_at_the_right) {
    // 1080x1920 as it hangs; its mode is 1920x1080.
    const auto portrait = turned(90, 1080, 1920);
    EXPECT_EQ(output_size(portrait), (SizePx{1920, 1080}));
    EXPECT_EQ(to_output({1079, 0, 1, 1}, portrait), (RectPx{0, 0, 1, 1}));
    EXPECT_EQ(to_output({0, 0, 1, 1}, portrait), (RectPx{0, 1079, 1, 1}));
    const auto other_way = turned(270, 1080, 1920);
    EXPECT_EQ(to_output({0, 1919, 1, 1}, other_way), (RectPx{0, 0, 1, 1}));
    EXPECT_EQ(to_output({0, 0, 1, 1}, other_way), (RectPx{1919, 0, 1, 1}));
    const auto overhead = turned(180, 1920, 1080);
    EXPECT_EQ(output_size(overhead), (SizePx{1920, 1080}));
    EXPECT_EQ(to_output({0, 0, 10, 20}, overhead), (RectPx{1910, 1060, 10, 20}));
    EXPECT_EQ(to_output({3, 4, 10, 20}, turned(0, 1920, 1080)), (RectPx{3, 4, 10, 20}));
}

TEST(OutputPixels, every_pixel_has_one_place_and_every_place_one_pixel) {
    for (const uint32_t rotation : {0U, 90U, 180U, 270U}) {
        const auto display = turned(rotation, 37, 23);
        const SizePx size = output_size(display);
        std::set<std::pair<int, int>> places;
        for (int y = 0; y < 23; ++y)
            for (int x = 0; x < 37; ++x) {
                const RectPx to = to_output({x, y, 1, 1}, display);
                ASSERT_EQ(to.width, 1);
                ASSERT_EQ(to.height, 1);
                ASSERT_TRUE(to.x >= 0 && to.x < size.width && to.y >= 0 && to.y < size.height)
                    << rotation << ": " << x << ", " << y;
                places.emplace(to.x, to.y);
                EXPECT_EQ(from_output(to, display), (RectPx{x, y, 1, 1})) << rotation;
            }
        EXPECT_EQ(places.size(), 37u * 23u) << rotation;
    }
}

TEST(OutputPixels, a_rectangle_goes_where_its_pixels_go) {
    std::mt19937 random(5);
    std::uniform_int_distribution<int> at(0, 15), size(1, 8);
    for (int i = 0; i < 200; ++i) {
        const auto display = turned(90U * static_cast<uint32_t>(i % 4), 24, 24);
        const RectPx rect{at(random), at(random), size(random), size(random)};
        RectPx joined;
        for (int y = rect.y; y < rect.y + rect.height; ++y)
            for (int x = rect.x; x < rect.x + rect.width; ++x)
                joined = bounds(joined, to_output({x, y, 1, 1}, display));
        EXPECT_EQ(to_output(rect, display), joined);
        EXPECT_EQ(from_output(to_output(rect, display), display), rect);
    }
}

}  // namespace
}  // namespace bw::wall::test
