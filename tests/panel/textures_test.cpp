// SPDX-License-Identifier: Apache-2.0
// A panel process whose plugin shows pictures of its own (image_panel.c).
#include <gtest/gtest.h>

#include <cstring>

#include "plain_list.h"
#include "rig.h"

namespace bw::test {
namespace {

using surface::DrawList;

uint32_t pixel(const DrawList& list, uint32_t x, uint32_t y) {
    uint32_t out = 0;
    const surface::Texture& texture = list.textures.at(0);
    std::memcpy(&out, texture.pixels + (size_t{y} * texture.width + x) * 4, 4);
    return out;
}

class TexturePanel : public ::testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(rig_.until([&] { return rig_.ready && rig_.hub->greeted; })) << rig_.failure;
        rig_.link();
    }
    Rig rig_{build_folder() / "tests/panel/image_panel.so"};
};

TEST_F(TexturePanel, ItsPictureArrivesWithTheListThatShowsIt) {
    const uint32_t surface = rig_.configure("a", "image");
    const auto list = rig_.picture(surface, any);
    ASSERT_TRUE(list);
    ASSERT_EQ(list->textures.size(), 1u);
    EXPECT_EQ(list->textures[0].width, 64u);
    EXPECT_EQ(list->commands[0].texture, list->textures[0].id);
    EXPECT_EQ(pixel(*list, 0, 0), 0xFF2020C0u);
    EXPECT_EQ(pixel(*list, 63, 0), 0xFF20C020u);
    EXPECT_EQ(pixel(*list, 0, 63), 0xFFC02020u);
    EXPECT_EQ(pixel(*list, 63, 63), 0xFF808080u);
}

TEST_F(TexturePanel, WhatAnEventWritesComesWithTheNextPictureAndOnlyThatIsNew) {
    const uint32_t surface = rig_.configure("a", "image");
    const auto first = rig_.picture(surface, any);
    ASSERT_TRUE(first);
    rig_.hub->deliver("x.image.v1", "it", {{"other", 1}});
    const auto same = rig_.picture(surface, any);
    ASSERT_TRUE(same);
    EXPECT_EQ(same->textures[0].version, first->textures[0].version);
    EXPECT_EQ(same->textures[0].pixels, first->textures[0].pixels);
    rig_.hub->deliver("x.image.v1", "it", {{"colour", 0x123456}});
    const auto list = rig_.picture(surface, [&](const DrawList& l) {
        return l.textures[0].version != first->textures[0].version;
    });
    ASSERT_TRUE(list);
    EXPECT_EQ(pixel(*list, 63, 63), 0xFF123456u);
    EXPECT_EQ(pixel(*list, 0, 0), 0xFF2020C0u);
}

TEST_F(TexturePanel, TwoPanesHaveTheirOwn) {
    const uint32_t a = rig_.configure("a", "image"), b = rig_.configure("b", "image");
    const auto first = rig_.picture(a, any), second = rig_.picture(b, any);
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->textures[0].pixels, second->textures[0].pixels);
    // One goes, and with it what is its own; the other draws on.
    rig_.consumer->release(a);
    rig_.hub->deliver("x.image.v1", "it", {{"colour", 0x010203}});
    const auto list =
        rig_.picture(b, [](const DrawList& l) { return pixel(l, 63, 63) == 0xFF010203u; });
    ASSERT_TRUE(list);
    EXPECT_EQ(pixel(*list, 0, 0), 0xFF2020C0u);
    EXPECT_FALSE(rig_.exit_code());
}

TEST_F(TexturePanel, ANewLinkHasThemAnew) {
    ASSERT_TRUE(rig_.picture(rig_.configure("a", "image"), any));
    rig_.link();
    const auto list = rig_.picture(rig_.configure("a", "image"), any);
    ASSERT_TRUE(list);
    EXPECT_EQ(pixel(*list, 0, 0), 0xFF2020C0u);
}

TEST_F(TexturePanel, OneThatItLetGoOfIsABadTextureLikeAnyOther) {
    const uint32_t surface = rig_.configure("a", "stale");
    ASSERT_TRUE(rig_.picture(surface, any));
    rig_.hub->deliver("x.image.v1", "it", {{"colour", 1}});
    std::string refused;
    ASSERT_TRUE(rig_.until([&] {
        auto picture = rig_.consumer->take(surface);
        if (!picture.ok() || !picture->has_value()) return false;
        auto list = surface::copy_draw_list(**picture);
        if (!list.ok()) refused = list.error().text;
        return true;
    }));
    EXPECT_EQ(refused, "draw list: texture is not known (entry 0)");
}

TEST_F(TexturePanel, MoreThanThereIsIsRefusedAndTheRestStays) {
    const auto list = rig_.picture(rig_.configure("a", "greedy"), any);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->vertices[0].x, 0) << "a side of 5000";
    EXPECT_EQ(list->vertices[1].x, 0) << "16 MiB beside the first";
    EXPECT_EQ(list->vertices[2].x, 63) << "64 in all";
    EXPECT_EQ(list->vertices[3].x, 0) << "a rectangle that reaches out";
    EXPECT_EQ(pixel(*list, 0, 0), 0xFF2020C0u);
}

TEST_F(TexturePanel, AnotherThreadGetsNoneAndTakesNone) {
    const auto list = rig_.picture(rig_.configure("a", "threaded"), any);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->vertices[0].x, 0);
    EXPECT_EQ(list->vertices[1].x, 0);
    EXPECT_EQ(list->textures.size(), 1u);
}

// From the SDK: a Texture is a member, and lets go of itself while its panel is destroyed.
TEST(TextureOfTheSdk, ComesAndGoesWithItsPanel) {
    Rig rig(build_folder() / "tests/panel/gallery.so");
    ASSERT_TRUE(rig.until([&] { return rig.ready; })) << rig.failure;
    rig.link();
    for (int round = 0; round < 3; ++round) {
        const uint32_t a = rig.configure("a", "pictures"), b = rig.configure("b", "pictures");
        const auto list = rig.picture(a, any);
        ASSERT_TRUE(list && rig.picture(b, any));
        EXPECT_EQ(list->textures.size(), 2u);
        rig.consumer->release(a);
        rig.link();  // and b at once with its link
    }
    ASSERT_TRUE(rig.picture(rig.configure("c", "pictures"), any));
    EXPECT_FALSE(rig.exit_code());
}

}  // namespace
}  // namespace bw::test
