// SPDX-License-Identifier: Apache-2.0
#include "core/surface/spread.h"

#include <gtest/gtest.h>

#include <vector>

namespace bw::surface {
namespace {

std::string camera(int number) {
    return "camera/FF-" + std::to_string(number);
}

TEST(Spread, EachProcessGetsItsShare) {
    for (const uint32_t count : {1U, 2U, 3U, 8U}) {
        std::vector<int> share(count);
        for (int i = 0; i < 1000; ++i) ++share.at(media_of(camera(i), count));
        for (const int one : share) EXPECT_NEAR(one, 1000.0 / count, 0.25 * 1000 / count) << count;
    }
}

TEST(Spread, OneProcessMoreTakesSourcesAndMovesNoOthers) {
    for (int i = 0; i < 1000; ++i) {
        const uint32_t before = media_of(camera(i), 3), after = media_of(camera(i), 4);
        EXPECT_TRUE(after == before || after == 3) << camera(i);
    }
}

TEST(Spread, IsTheSameInEveryBuild) {
    // Two processes of two builds must agree: these were reckoned by another program.
    EXPECT_EQ(media_of("camera/FF-001", 1), 0U);
    EXPECT_EQ(media_name(media_of("camera/FF-001", 4)), "media:3");
    EXPECT_EQ(media_name(media_of("", 4)), "media:0");
}

TEST(Spread, NoProcessIsTreatedAsOne) {
    EXPECT_EQ(media_of("camera/FF-001", 0), 0U);
}

}  // namespace
}  // namespace bw::surface
