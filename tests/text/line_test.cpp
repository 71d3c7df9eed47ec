// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "shared_atlas.h"

namespace bw::text {
namespace {

using test::shared_atlas;

const Face& body() {
    return shared_atlas().face(Role::body);
}

TEST(Decode, ValidAndBrokenUtf8) {
    EXPECT_EQ(decode("a级\xF0\x9F\x98\x80"), U"a级\U0001F600");
    EXPECT_EQ(decode("\xFFz"), U"\uFFFDz");
    EXPECT_EQ(decode("\xE7\xBA"), U"\uFFFD\uFFFD");            // cut short
    EXPECT_EQ(decode("\xC0\x80"), U"\uFFFD\uFFFD");            // overlong
    EXPECT_EQ(decode("\xED\xA0\x80"), U"\uFFFD\uFFFD\uFFFD");  // a surrogate
    EXPECT_EQ(decode("\xF5\x80\x80\x80").size(), 4u);
    EXPECT_TRUE(decode("").empty());
}

TEST(Measure, AddsAdvancesAndCountsLines) {
    Extent one = measure(body(), "水");
    EXPECT_GT(one.width, 0);
    EXPECT_EQ(one.height, body().size);
    Extent two = measure(body(), "水水水\n水", 2);
    EXPECT_EQ(two.width, 6 * one.width);
    EXPECT_EQ(two.height, 4 * body().size);
    EXPECT_EQ(measure(body(), "").width, 0);
}

TEST(Draw, MakesOneQuadPerVisibleGlyphInOneCommand) {
    surface::DrawList list;
    float advance = draw(shared_atlas(), body(), list, 10.4f, 20, 0xFF123456, "水 位");
    EXPECT_EQ(advance, measure(body(), "水 位").width);
    EXPECT_EQ(list.vertices.size(), 8u);
    EXPECT_EQ(list.indices.size(), 12u);
    ASSERT_EQ(list.commands.size(), 1u);
    EXPECT_EQ(list.commands[0].count, 12u);
    EXPECT_EQ(list.commands[0].video, -1);
    const Glyph* first = body().find(U'水');
    EXPECT_EQ(list.vertices[0].x, 10 + first->x0);  // on whole pixels
    EXPECT_EQ(list.vertices[2].u, first->u1);
    EXPECT_EQ(list.vertices[5].rgba, 0xFF123456u);

    draw(shared_atlas(), body(), list, 0, 50, 0xFFFFFFFF, "位");
    EXPECT_EQ(list.commands.size(), 1u);
    EXPECT_EQ(list.commands[0].count, 18u);
    surface::DrawCommand video{};
    video.first_index = 18;
    list.commands.push_back(video);  // video 0
    draw(shared_atlas(), body(), list, 0, 50, 0xFFFFFFFF, "位");
    ASSERT_EQ(list.commands.size(), 3u);
    EXPECT_EQ(list.commands[2].first_index, 18u);
}

TEST(Draw, WhatIsMissingIsDrawnAsReplacement) {
    surface::DrawList list;
    draw(shared_atlas(), body(), list, 0, 0, 0xFFFFFFFF, "\U0001F600");
    ASSERT_EQ(list.vertices.size(), 4u);
    EXPECT_EQ(list.vertices[0].u, body().find(0xFFFD)->u0);
}

TEST(Fit, CutsBetweenCharactersAndNeverExceeds) {
    std::string text = "密云水库入库流量 1830 m³/s";
    EXPECT_EQ(fit(body(), text, 1000), text);
    for (float room = 0; room < 300; room += 7) {
        std::string cut = fit(body(), text, room);
        EXPECT_LE(measure(body(), cut).width, room) << cut;
        for (char32_t code : decode(cut)) EXPECT_NE(code, U'\uFFFD');
    }
    EXPECT_EQ(fit(body(), text, 60), "密云…");
    EXPECT_EQ(fit(body(), text, 1), "");
    EXPECT_EQ(fit(body(), "", 0), "");
}

}  // namespace
}  // namespace bw::text
