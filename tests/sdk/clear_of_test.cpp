// SPDX-License-Identifier: Apache-2.0
// Text kept clear of bezels: the helper by itself, against every rectangle there is.
#include <beaconwall/sdk/geometry.h>
#include <gtest/gtest.h>

#include <random>

namespace bw::sdk {
namespace {

bool same(const Rect& a, const Rect& b) {
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

bool crosses(const Rect& strip, const Rect& area) {
    const auto along = [](float begin, float size, float from, float to) {
        return size > 0 ? begin < to && begin + size > from : begin > from && begin < to;
    };
    return along(strip.x, strip.w, area.x, area.right()) &&
           along(strip.y, strip.h, area.y, area.bottom());
}

TEST(ClearOf, without_strips_the_area_stays) {
    const Rect area{10, 20, 300, 200};
    EXPECT_TRUE(same(clear_of(area, {}), area));
    EXPECT_TRUE(same(clear_of(area, {{400, 0, 10, 500}}), area)) << "beside it";
    EXPECT_TRUE(same(clear_of(area, {{310, 0, 0, 500}}), area)) << "on its edge";
}

TEST(ClearOf, the_larger_side_of_a_bezel_wins) {
    EXPECT_TRUE(same(clear_of({0, 0, 300, 100}, {{100, 0, 8, 100}}), {108, 0, 192, 100}));
    EXPECT_TRUE(same(clear_of({0, 0, 300, 100}, {{200, 0, 8, 100}}), {0, 0, 200, 100}));
    EXPECT_TRUE(same(clear_of({0, 0, 300, 100}, {{200, 0, 0, 100}}), {0, 0, 200, 100})) << "a seam";
    EXPECT_TRUE(same(clear_of({0, 0, 100, 100}, {{0, 48, 100, 4}}), {0, 0, 100, 48}))
        << "of equals the upper";
}

TEST(ClearOf, nothing_is_left_of_what_nobody_sees) {
    EXPECT_TRUE(clear_of({10, 10, 50, 50}, {{0, 0, 100, 100}}).empty());
}

TEST(ClearOf, is_the_largest_clear_rectangle_of_all_in_random_areas) {
    constexpr int kSide = 9;
    for (unsigned seed = 1; seed <= 150; ++seed) {
        std::mt19937 random(seed);
        std::uniform_int_distribution<int> at(0, kSide), size(0, 3);
        std::vector<Rect> strips;
        for (unsigned i = 0; i < 1 + seed % 4; ++i) {
            Rect strip{static_cast<float>(at(random)), static_cast<float>(at(random)),
                       static_cast<float>(size(random)), static_cast<float>(size(random))};
            if (strip.w + strip.h > 0) strips.push_back(strip);
        }
        float most = 0;
        for (int x = 0; x < kSide; ++x)
            for (int y = 0; y < kSide; ++y)
                for (int w = 1; x + w <= kSide; ++w)
                    for (int h = 1; y + h <= kSide; ++h) {
                        const Rect part{static_cast<float>(x), static_cast<float>(y),
                                        static_cast<float>(w), static_cast<float>(h)};
                        bool clear = true;
                        for (const Rect& strip : strips) clear = clear && !crosses(strip, part);
                        if (clear) most = std::max(most, part.w * part.h);
                    }
        const Rect found = clear_of({0, 0, kSide, kSide}, strips);
        EXPECT_EQ(found.w * found.h, most) << "seed " << seed;
        for (const Rect& strip : strips) EXPECT_FALSE(crosses(strip, found)) << "seed " << seed;
    }
}

TEST(MovedOff, a_label_moves_the_shortest_way_off_a_bezel) {
    const Rect label{100, 50, 80, 20};
    EXPECT_TRUE(same(moved_off(label, {}), label));
    EXPECT_TRUE(same(moved_off(label, {{0, 70, 400, 6}}), label)) << "below it";
    EXPECT_TRUE(same(moved_off(label, {{0, 66, 400, 6}}), {100, 46, 80, 20})) << "up";
    EXPECT_TRUE(same(moved_off(label, {{0, 48, 400, 6}}), {100, 54, 80, 20})) << "down";
    EXPECT_TRUE(same(moved_off(label, {{170, 0, 6, 400}}), {90, 50, 80, 20})) << "left";
    EXPECT_TRUE(same(moved_off(label, {{110, 0, 0, 400}}), {110, 50, 80, 20})) << "off a seam";
}

}  // namespace
}  // namespace bw::sdk
