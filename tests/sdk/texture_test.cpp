// SPDX-License-Identifier: Apache-2.0
// Pictures of a panel's own: through the ABI, into Dear ImGui's lists, and as they look.
#include <beaconwall/sdk/texture.h>
#include <beaconwall/sdk/tokens.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "fake_host.h"
#include "raster.h"

extern "C" const bw_panel_entry_t beaconwall_panel_entry;

namespace bw::test {
namespace {

using ::testing::IsEmpty;

constexpr uint32_t kWidth = 860, kHeight = 480;

struct SdkTexture : ::testing::Test {
    bw_panel_t* shown(FakeHost& host) {
        bw_panel_t* panel = host.create("pictures");
        FakeHost::configure(panel, kWidth, kHeight, 1);
        return panel;
    }
    static bw_draw_list_t list_of(bw_panel_t* panel) {
        bw_draw_list_t list{};
        EXPECT_TRUE(panel->draw(panel, &list));
        return list;
    }
    static std::set<uint32_t> textures_of(const bw_draw_list_t& list) {
        std::set<uint32_t> ids;
        for (uint32_t i = 0; i < list.command_count; ++i) ids.insert(list.commands[i].texture);
        return ids;
    }
    static bool event(bw_panel_t* panel, const char* data) {
        bw_event_t event{"x.test", "thing/1", "test", "2026-07-01T08:00:00Z", data, 1,
                         0,        false,     false};
        return panel->event(panel, &event);
    }
};

TEST_F(SdkTexture, its_commands_name_it_and_others_the_atlas) {
    FakeHost host(beaconwall_panel_entry, 1.0);
    bw_panel_t* panel = shown(host);
    ASSERT_EQ(host.textures.size(), 2u);
    const std::set<uint32_t> used = textures_of(list_of(panel));
    EXPECT_EQ(used.size(), 3u);
    for (uint32_t id : used) EXPECT_TRUE(id == 0 || host.textures.contains(id)) << id;
    EXPECT_TRUE(used.contains(0)) << "words and shapes";
    panel->destroy(panel);
    EXPECT_THAT(host.textures, IsEmpty()) << "they go with the panel";
    EXPECT_THAT(host.log, IsEmpty());
}

TEST_F(SdkTexture, a_picture_of_its_own_size_is_drawn_pixel_for_pixel) {
    FakeHost host(beaconwall_panel_entry, 1.0);
    bw_panel_t* panel = shown(host);
    EXPECT_TRUE(event(panel, "{}"));  // a white pixel near its corner
    const Image image = rasterize(list_of(panel), host, kWidth, kHeight);
    int white = 0;
    for (uint32_t pixel : image.pixels) white += pixel == 0xFFFFFFFFu ? 1 : 0;
    EXPECT_EQ(white, 1) << "the others are drawn enlarged or in blue";
    panel->destroy(panel);
}

TEST_F(SdkTexture, what_is_transparent_darkens_no_edge) {
    FakeHost host(beaconwall_panel_entry, 1.0);
    bw_panel_t* panel = shown(host);
    const Image image = rasterize(list_of(panel), host, kWidth, kHeight);
    // From the ground to the lamp every pixel lies between both, and none is darker than the
    // ground.
    for (int x = 20; x < 190; ++x) {
        const uint32_t red = image.at(x, 350) & 0xFF;
        EXPECT_GE(red, (sdk::token::raised & 0xFF) - 1) << x;
    }
    panel->destroy(panel);
}

TEST_F(SdkTexture, one_that_is_let_go_is_not_named_any_more) {
    FakeHost host(beaconwall_panel_entry, 1.0);
    bw_panel_t* panel = shown(host);
    EXPECT_TRUE(event(panel, R"({"drop": true})"));
    EXPECT_EQ(host.textures.size(), 1u);
    EXPECT_EQ(textures_of(list_of(panel)).size(), 2u);
    panel->destroy(panel);
}

TEST_F(SdkTexture, a_host_that_refuses_or_has_none_is_borne) {
    for (const bool has : {true, false}) {
        FakeHost host(beaconwall_panel_entry, 1.0, has);
        host.refuses_textures = true;
        bw_panel_t* panel = shown(host);
        EXPECT_EQ(textures_of(list_of(panel)), std::set<uint32_t>{0});
        EXPECT_TRUE(event(panel, R"({"drop": true})"));
        panel->destroy(panel);
        EXPECT_THAT(host.log, IsEmpty());
    }
}

}  // namespace
}  // namespace bw::test
