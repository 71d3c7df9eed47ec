// SPDX-License-Identifier: Apache-2.0
// What counts as the same picture.
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/golden/picture.h"

namespace bw::golden {
namespace {

Picture plain(int width, int height, uint8_t grey) {
    return {
        width, height,
        std::vector<uint8_t>(static_cast<size_t>(width) * static_cast<size_t>(height) * 3, grey)};
}

void set(Picture& picture, int x, int y, uint8_t grey) {
    const auto at =
        (static_cast<size_t>(y) * static_cast<size_t>(picture.width) + static_cast<size_t>(x)) * 3;
    for (size_t k = 0; k < 3; ++k) picture.rgb[at + k] = grey;
}

TEST(Compare, OneLevelMoreEverywhereIsNotSeen) {
    EXPECT_TRUE(compare(plain(640, 360, 100), plain(640, 360, 101)).tolerable());
    EXPECT_FALSE(compare(plain(640, 360, 100), plain(640, 360, 110)).tolerable());
}

TEST(Compare, AFewStrayPixelsAreForgivenAndASpotIsNot) {
    Picture expected = plain(640, 360, 20), stray = expected, spot = expected;
    for (int i = 0; i < 20; ++i) set(stray, i * 30, i * 16, 50);
    for (int i = 0; i < 20; ++i) set(spot, 300 + i % 5, 200 + i / 5, 200);
    EXPECT_TRUE(compare(expected, stray).tolerable());
    Difference difference = compare(expected, spot);
    EXPECT_FALSE(difference.tolerable());
    EXPECT_EQ(difference.block_x, 296);
    EXPECT_EQ(difference.block_y, 200);
}

TEST(Compare, AnotherSizeIsAnotherPicture) {
    EXPECT_FALSE(compare(plain(640, 360, 0), plain(640, 361, 0)).tolerable());
}

TEST(Compare, FilesGiveBackWhatWasWritten) {
    Picture picture = plain(33, 9, 77);
    set(picture, 32, 8, 200);
    auto path = std::filesystem::temp_directory_path() /
                ("bw-golden-" + std::to_string(::getpid()) + ".png");
    ASSERT_TRUE(write_png(picture, path));
    auto read = read_png(path);
    std::filesystem::remove(path);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->rgb, picture.rgb);
    EXPECT_FALSE(read_png(path));
}

TEST(Shrink, TakesTheMeanAndDropsWhatIsLeftOver) {
    Picture picture = plain(5, 4, 10);
    set(picture, 0, 0, 50);
    Picture small = shrink(picture, 2);
    EXPECT_EQ(small.width, 2);
    EXPECT_EQ(small.height, 2);
    EXPECT_EQ(small.rgb[0], 20);
    EXPECT_EQ(small.rgb[3], 10);
}

}  // namespace
}  // namespace bw::golden
