// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/damage.h"

#include <gtest/gtest.h>

#include <random>

namespace bw::compositor {
namespace {

using wall::RectPx;

bool covered(const Damage& damage, int x, int y) {
    for (const RectPx& r : damage.rects()) {
        if (!wall::intersect(r, {x, y, 1, 1}).empty()) return true;
    }
    return false;
}

TEST(Damage, IsClippedToTheDisplay) {
    Damage damage(100, 50);
    damage.add({-10, -10, 5, 5});
    EXPECT_TRUE(damage.empty());
    damage.add({90, 40, 100, 100});
    ASSERT_EQ(damage.rects().size(), 1u);
    EXPECT_EQ(damage.rects()[0], (RectPx{90, 40, 10, 10}));
}

TEST(Damage, KeepsFarApartTilesApart) {
    Damage damage(1920, 1080);
    for (int i = 0; i < 12; ++i) damage.add({i % 4 * 480 + 4, i / 4 * 340 + 4, 460, 320});
    EXPECT_EQ(damage.rects().size(), 12u);
}

TEST(Damage, SwallowsWhatLiesInside) {
    Damage damage(1920, 1080);
    damage.add({10, 10, 50, 50});
    damage.add({0, 0, 200, 200});
    damage.add({20, 20, 5, 5});
    ASSERT_EQ(damage.rects().size(), 1u);
    EXPECT_EQ(damage.rects()[0], (RectPx{0, 0, 200, 200}));
}

TEST(Damage, NeverForgetsAPixelAndStaysBounded) {
    std::mt19937 random(7);
    auto upto = [&random](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (int round = 0; round < 20; ++round) {
        Damage damage(300, 200);
        std::vector<RectPx> added;
        for (int i = 0; i < 150; ++i) {
            added.push_back({upto(300), upto(200), 1 + upto(12), 1 + upto(12)});
            damage.add(added.back());
        }
        EXPECT_LE(damage.rects().size(), 65u);
        for (const RectPx& r : added) {
            EXPECT_TRUE(covered(damage, r.x, r.y));
            int right = std::min(r.x + r.width, 300) - 1,
                bottom = std::min(r.y + r.height, 200) - 1;
            EXPECT_TRUE(covered(damage, right, bottom));
        }
    }
}

}  // namespace
}  // namespace bw::compositor
