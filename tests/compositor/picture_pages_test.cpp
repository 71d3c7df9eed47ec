// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/picture_pages.h"

#include <gtest/gtest.h>

#include <random>

namespace bw::compositor {
namespace {

using Place = PicturePages::Place;

bool overlap(const Place& a, const Place& b) {
    return a.page == b.page && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

TEST(PicturePages, ManyPicturesOfOneSizeShareAPage) {
    PicturePages pages(4096, 4);
    for (int i = 0; i < 70; ++i) ASSERT_TRUE(pages.take(480, 270));
    EXPECT_EQ(pages.count(), 1);
}

TEST(PicturePages, PlacesAreEvenAndOddSizesAreRoundedUp) {
    PicturePages pages(256, 1);
    pages.take(33, 17);
    auto place = pages.take(33, 17);
    ASSERT_TRUE(place);
    EXPECT_EQ(place->x % 2, 0);
    EXPECT_EQ(place->width, 34);
    EXPECT_EQ(place->height, 18);
}

TEST(PicturePages, RefusesWhatDoesNotFitAndStopsAtItsLastPage) {
    PicturePages pages(100, 2);
    EXPECT_FALSE(pages.take(102, 10));
    EXPECT_FALSE(pages.take(0, 10));
    EXPECT_TRUE(pages.take(100, 100));
    EXPECT_TRUE(pages.take(100, 100));
    EXPECT_FALSE(pages.take(2, 2));
    EXPECT_EQ(pages.count(), 2);
}

TEST(PicturePages, APlaceGivenBackIsUsedAgain) {
    PicturePages pages(100, 1);
    auto first = pages.take(100, 50);
    ASSERT_TRUE(pages.take(100, 50));
    EXPECT_FALSE(pages.take(100, 50));
    pages.give_back(*first);
    EXPECT_TRUE(pages.take(100, 50));
    EXPECT_FALSE(pages.take(100, 50));
}

TEST(PicturePages, AnEmptyPageTakesAnySizeAgain) {
    PicturePages pages(100, 1);
    auto small = pages.take(10, 10);
    pages.give_back(*small);
    EXPECT_TRUE(pages.take(100, 100));
}

TEST(PicturePages, NoTwoPlacesOverlapWhateverComesAndGoes) {
    std::mt19937 random(11);
    auto upto = [&random](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    PicturePages pages(512, 3);
    std::vector<Place> held;
    for (int round = 0; round < 2000; ++round) {
        if (!held.empty() && upto(3) == 0) {
            const auto at = held.begin() + upto(static_cast<int>(held.size()));
            pages.give_back(*at);
            held.erase(at);
            continue;
        }
        auto place = pages.take(1 + upto(200), 1 + upto(120));
        if (!place) continue;
        ASSERT_LE(place->x + place->width, 512);
        ASSERT_LE(place->y + place->height, 512);
        for (const Place& other : held) ASSERT_FALSE(overlap(*place, other)) << round;
        held.push_back(*place);
    }
    EXPECT_GT(held.size(), 10u);
}

}  // namespace
}  // namespace bw::compositor
