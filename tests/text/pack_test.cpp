// SPDX-License-Identifier: Apache-2.0
#include "core/text/pack.h"

#include <gtest/gtest.h>

#include <random>

namespace bw::text {
namespace {

TEST(Pack, PlacesEverythingApartAndInside) {
    std::mt19937 random(1);
    std::vector<Packed> items;
    for (int i = 0; i < 3000; ++i)
        items.push_back(
            {1 + static_cast<uint32_t>(random() % 40), 1 + static_cast<uint32_t>(random() % 40)});
    Sheet sheet = pack(items, 5);
    ASSERT_GT(sheet.width, 0u);
    std::vector<char> used(size_t{sheet.width} * sheet.height);
    for (const Packed& item : items) {
        ASSERT_GE(item.y, 5u);
        ASSERT_LE(item.x + item.width, sheet.width);
        ASSERT_LE(item.y + item.height, sheet.height);
        for (uint32_t y = item.y; y < item.y + item.height; ++y)
            for (uint32_t x = item.x; x < item.x + item.width; ++x)
                ASSERT_EQ(used[size_t{y} * sheet.width + x]++, 0);
    }
}

TEST(Pack, SaysWhenItDoesNotFit) {
    std::vector<Packed> items(200, {1000, 1000});
    EXPECT_EQ(pack(items, 0).width, 0u);
}

}  // namespace
}  // namespace bw::text
