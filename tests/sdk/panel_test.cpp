// SPDX-License-Identifier: Apache-2.0
// The gallery's panels through the C ABI: what they draw, to the pixel where it matters.
#include <beaconwall/sdk/format.h>
#include <beaconwall/sdk/tokens.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstring>

#include "sdk_panel.h"

namespace bw::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Corners of glyphs (not of plain fills) that lie in the column of pixels between x0 and x1.
int letters_between(const Drawn& drawn, float x0, float x1) {
    int found = 0;
    for (size_t i = 0; i + 3 < drawn.vertices.size(); i += 4) {
        const bw_vertex_t &a = drawn.vertices[i], &c = drawn.vertices[i + 2];
        const bool letter = c.u != a.u && c.v != a.v && c.x > a.x && c.x - a.x < 60;
        if (letter && a.y < 40 && c.x > x0 && a.x < x1) ++found;
    }
    return found;
}

TEST(SdkHost, IsAskedNothingOnceItIsGone) {
    { const FakeHost gone(beaconwall_panel_entry, 1.0); }
    EXPECT_EQ(sdk::clock_text(1'782'892'800'000'000'000), "16:00");
}

TEST_F(SdkPanel, words_of_a_header_keep_clear_of_a_bezel) {
    // The header's words begin at the left, so a bezel near the left lies right below them.
    ASSERT_GT(letters_between(draw_once("numbers"), 60, 70), 0);
    host_.keepouts = {{60, 0, 10, kHeight}};
    const Drawn drawn = draw_once("numbers");
    EXPECT_EQ(letters_between(drawn, 60, 70), 0);
    EXPECT_GT(letters_between(drawn, 70, kWidth), 0) << "they stand beside it";
    // The age stands at the far end, also where that is a display of its own.
    host_.keepouts = {{600, 0, 10, kHeight}};
    EXPECT_GT(letters_between(draw_once("numbers"), 610, kWidth), 0);
}

// A plot or a map goes on across displays; what is written on it stands beside the bezel.
TEST_F(SdkPanel, LabelsOnWhatGoesOnAcrossDisplaysKeepClearOfBezels) {
    for (const char* id : {"curve", "places", "times", "alarms"}) {
        int met = 0;
        for (int i = 1; i < 20; ++i) {
            const float x = static_cast<float>(kWidth) * static_cast<float>(i) / 20;
            const float y = 60 + static_cast<float>(kHeight - 60) * static_cast<float>(i) / 20;
            for (const bw_keepout_t& strip : {bw_keepout_t{x, 52, 6, kHeight - 52.0f},
                                              bw_keepout_t{0, y, static_cast<float>(kWidth), 6}}) {
                host_.keepouts = {};
                met += letters_in(draw_once(id), strip, host_.atlas());
                host_.keepouts = {strip};
                EXPECT_EQ(letters_in(draw_once(id), strip, host_.atlas()), 0)
                    << id << " at " << strip.x << ", " << strip.y;
            }
        }
        EXPECT_GT(met, 0) << id << " has letters that could be met";
    }
}

/// Right ends of the tracks of bars, in pixels.
std::vector<float> track_ends(const Drawn& drawn) {
    std::vector<float> ends;
    for (size_t i = 0; i + 3 < drawn.vertices.size(); ++i) {
        const bw_vertex_t *a = &drawn.vertices[i], *c = &drawn.vertices[i + 2];
        if (a->rgba == sdk::token::line && c->rgba == a->rgba && c->y - a->y > 4 &&
            c->x - a->x > 20 && c->y - a->y < 20)
            ends.push_back(c->x);
    }
    return ends;
}

TEST_F(SdkPanel, BarsOfAColumnHaveTracksOfOneLength) {
    std::vector<float> ends;
    for (int page = 0; page < 3; ++page) {  // 5,000 down to 200
        for (const float end : track_ends(draw_once("rows", "zh", R"({"rows": 25})")))
            ends.push_back(end);
        host_.wall_ns += 12'000'000'000;
    }
    ASSERT_GT(ends.size(), 20u);
    for (const float end : ends) EXPECT_EQ(end, ends.front());
}

TEST_F(SdkPanel, UnknownPanelIsNone) {
    EXPECT_EQ(host_.create("no_such"), nullptr);
}

TEST_F(SdkPanel, EveryPanelStaysInsideItsPictureAndNamesNothingUnknown) {
    for (const char* id : kPanels) {
        for (const char* language : {"zh", "en"}) {
            Drawn drawn = draw_once(id, language);
            ASSERT_FALSE(drawn.commands.empty()) << id;
            for (uint32_t index : drawn.indices) ASSERT_LT(index, drawn.vertices.size()) << id;
            for (const bw_vertex_t& v : drawn.vertices) {
                ASSERT_TRUE(std::isfinite(v.x) && std::isfinite(v.y)) << id;
            }
            for (const bw_draw_command_t& c : drawn.commands) {
                EXPECT_EQ(c.texture, 0u);
                EXPECT_LE(uint64_t{c.first_index} + c.count, drawn.indices.size());
                EXPECT_LT(c.video, static_cast<int32_t>(drawn.videos.size()));
            }
        }
    }
    EXPECT_THAT(host_.log, IsEmpty());
}

TEST_F(SdkPanel, GroundReachesEveryEdge) {
    Image image = draw_once("nothing").image;
    for (int x : {0, image.width / 2, image.width - 1}) {
        for (int y : {0, image.height - 1})
            EXPECT_EQ(image.at(x, y), sdk::token::tile) << x << " " << y;
    }
}

/// Quads of the atlas' glyph for U+FFFD mean text that no font had.
TEST_F(SdkPanel, NoTextIsDrawnAsTofu) {
    for (const char* id : kPanels) {
        for (const char* language : {"zh", "en"}) {
            Drawn drawn = draw_once(id, language);
            for (const text::Face& face : host_.atlas().faces()) {
                const text::Glyph* tofu = face.find(0xFFFD);
                EXPECT_TRUE(std::none_of(
                    drawn.vertices.begin(), drawn.vertices.end(),
                    [&](const bw_vertex_t& v) { return v.u == tofu->u0 && v.v == tofu->v0; }))
                    << id;
            }
        }
    }
}

/// Glyph quads that leave the picture or their command's clip are cut text.
TEST_F(SdkPanel, NoTextIsClipped) {
    for (const char* id : kPanels) {
        for (const char* language : {"zh", "en"}) {
            Drawn drawn = draw_once(id, language);
            for (const bw_draw_command_t& c : drawn.commands) {
                for (uint32_t i = 0; i < c.count; ++i) {
                    const bw_vertex_t& v = drawn.vertices[drawn.indices[c.first_index + i]];
                    bool shape = v.u == host_.atlas().white_u() && v.v == host_.atlas().white_v();
                    if (shape) continue;
                    EXPECT_GE(v.x, c.clip_x0) << id;
                    EXPECT_LE(v.x, c.clip_x1) << id;
                    EXPECT_GE(v.y, c.clip_y0) << id;
                    EXPECT_LE(v.y, c.clip_y1) << id;
                }
            }
        }
    }
}

TEST_F(SdkPanel, SameFactsGiveTheSameBytes) {
    for (const char* id : kPanels) {
        Drawn a = draw_once(id), b = draw_once(id);
        ASSERT_EQ(a.vertices.size(), b.vertices.size());
        EXPECT_EQ(std::memcmp(a.vertices.data(), b.vertices.data(),
                              a.vertices.size() * sizeof(bw_vertex_t)),
                  0)
            << id;
        EXPECT_EQ(a.indices, b.indices) << id;
    }
}

TEST_F(SdkPanel, CamerasAreVideoCommandsOnWholePixels) {
    Drawn drawn = draw_once("places");
    ASSERT_EQ(drawn.videos.size(), 3u);
    std::vector<int32_t> order;
    for (const bw_draw_command_t& c : drawn.commands) {
        if (c.video >= 0) order.push_back(c.video);
    }
    EXPECT_THAT(order, ElementsAre(0, 1, 2));
    for (const bw_video_command_t& video : drawn.videos) {
        EXPECT_EQ(video.flags, static_cast<uint32_t>(BW_VIDEO_CAPTION));
        EXPECT_EQ(video.fit, static_cast<uint32_t>(BW_FIT_CONTAIN));
        EXPECT_LE(video.x + video.width, static_cast<int32_t>(kWidth));
        EXPECT_LE(video.y + video.height, static_cast<int32_t>(kHeight));
    }
    EXPECT_STREQ(drawn.videos[0].source, "camera/FF-001");
    // The alarmed camera's frame lies on its video.
    const bw_video_command_t& first = drawn.videos[0];
    EXPECT_EQ(drawn.image.at(first.x + 1, first.y + 1), sdk::token::red);
}

TEST_F(SdkPanel, PagesTurnEveryTwelveSecondsAndHoldUnderThePointer) {
    bw_panel_t* panel = host_.create("rows");
    host_.configure(panel, kWidth, kHeight, 1);
    host_.wall_ns = 36'000'000'000'000;  // a multiple of 3 pages of 12 s
    Drawn first = draw(panel);
    EXPECT_NEAR(static_cast<double>(first.next_draw_ns - host_.mono_ns), 12e9, 0.1e9);
    host_.wall_ns += 12'000'000'000;
    Drawn second = draw(panel);
    EXPECT_NE(first.image.pixels, second.image.pixels);

    bw_input_t move{BW_INPUT_MOVE, 0, 100, 200, 0};
    EXPECT_TRUE(panel->input(panel, &move));
    host_.wall_ns += 12'000'000'000;
    Drawn held = draw(panel);
    EXPECT_EQ(held.image.pixels, second.image.pixels);
    EXPECT_EQ(held.next_draw_ns, 0);
    bw_input_t leave{BW_INPUT_LEAVE, 0, 0, 0, 0};
    EXPECT_TRUE(panel->input(panel, &leave));
    EXPECT_NE(draw(panel).image.pixels, held.image.pixels);
    panel->destroy(panel);
}

TEST_F(SdkPanel, ATableThatFitsNeverAsksToBeDrawnAgain) {
    Drawn drawn = draw_once("rows", "zh", R"({"rows": 4})");
    EXPECT_EQ(drawn.next_draw_ns, 0);
}

TEST_F(SdkPanel, AgesAskForOneDrawAMinute) {
    Drawn drawn = draw_once("numbers");  // its oldest fact is 3 min 12 s old
    EXPECT_NEAR(static_cast<double>(drawn.next_draw_ns - host_.mono_ns), 48e9, 0.1e9);
}

TEST_F(SdkPanel, ExceptionsEndInTheLogAndThePanelGoesOn) {
    bw_panel_t* panel = host_.create("thrower");
    host_.configure(panel, 100, 100, 1);
    EXPECT_FALSE(event(panel, R"({"throw": true})"));
    EXPECT_TRUE(event(panel, R"({"throw_in_draw": true})"));
    bw_draw_list_t list{};
    EXPECT_FALSE(panel->draw(panel, &list));
    EXPECT_THAT(host_.log,
                ElementsAre(HasSubstr("event asked for it"), HasSubstr("draw asked for it")));
    EXPECT_TRUE(event(panel, "{}"));
    Image image = draw(panel, 100, 100).image;
    EXPECT_EQ(image.at(50, 50), sdk::token::raised);
    panel->destroy(panel);
}

TEST_F(SdkPanel, MoreThanSixtyFourThousandVerticesKeepTheirTriangles) {
    bw_panel_t* panel = host_.create("rows");
    // A very tall table: over 65536 vertices, so Dear ImGui's 16-bit indices start over.
    host_.configure(panel, 900, 20000, 1, "zh", R"({"rows": 560})");
    bw_draw_list_t list{};
    ASSERT_TRUE(panel->draw(panel, &list));
    ASSERT_GT(list.vertex_count, 65536u);
    uint32_t highest = *std::max_element(list.indices, list.indices + list.index_count);
    EXPECT_EQ(highest, list.vertex_count - 1);
    panel->destroy(panel);
}

// A wall that is switched every few seconds makes a million panels a month.
TEST_F(SdkPanel, OnceDestroyedNothingOfAPanelIsLeft) {
    auto live_and_die = [this](int times) {
        for (int i = 0; i < times; ++i) {
            for (const char* id : {"numbers", "nothing"}) {
                bw_panel_t* panel = host_.create(id);
                host_.configure(panel, kWidth, kHeight, 1);
                bw_draw_list_t list{};
                ASSERT_TRUE(panel->draw(panel, &list));
                panel->destroy(panel);
            }
            host_.subscribed.clear();
        }
    };
    live_and_die(20);  // what is made once for all
    const size_t before = mallinfo2().uordblks;
    live_and_die(500);
    const size_t after = mallinfo2().uordblks;
    EXPECT_LT(after, before + 64 * 1024);
}

}  // namespace
}  // namespace bw::test
