// SPDX-License-Identifier: Apache-2.0
// The layout is pinned by static assertions (pins.h) in every standard of CMakeLists.txt; what only
// a running program can compare is here.
#include <gtest/gtest.h>

#include <cstddef>

#include "core/surface/layout.h"
#include "textures.h"

namespace {

TEST(Abi, IdsAreAsShipped) {
    EXPECT_STREQ(BW_PANEL_ENTRY_SYMBOL, "beaconwall_panel_entry");
    EXPECT_STREQ(BW_EXT_LOG, "beaconwall.log/1");
    EXPECT_STREQ(BW_EXT_EVENTS, "beaconwall.events/1");
    EXPECT_STREQ(BW_EXT_CLOCK, "beaconwall.clock/1");
    EXPECT_STREQ(BW_EXT_VIEW, "beaconwall.view/1");
    EXPECT_STREQ(BW_EXT_GLYPHS, "beaconwall.glyphs/1");
    EXPECT_STREQ(BW_EXT_KEEPOUTS, "beaconwall.keepouts/1");
    EXPECT_STREQ(BW_EXT_TEXTURES, "beaconwall.textures/1");
}

TEST(Abi, AgreesWithTheSurfaceLink) {
    using namespace bw::surface;
    EXPECT_EQ(static_cast<uint32_t>(Fit::contain), uint32_t{BW_FIT_CONTAIN});
    EXPECT_EQ(static_cast<uint32_t>(Fit::cover), uint32_t{BW_FIT_COVER});
    EXPECT_EQ(static_cast<uint32_t>(Fit::stretch), uint32_t{BW_FIT_STRETCH});
    EXPECT_EQ(sizeof(bw_vertex_t), sizeof(Vertex));
    EXPECT_EQ(offsetof(bw_draw_command_t, first_index), offsetof(DrawCommand, first_index));
    EXPECT_EQ(offsetof(bw_video_command_t, flags), offsetof(VideoCommand, flags));
    EXPECT_EQ(sizeof(bw_video_command_t::source), sizeof(VideoCommand::source));
    EXPECT_EQ(offsetof(Input, wheel), offsetof(bw_input_t, wheel));
}

// What the header says that there is room for.
TEST(Abi, TexturesHaveTheRoomThatIsPromised) {
    using namespace bw::surface;
    EXPECT_GE(kMaxTextures, uint32_t{BW_TEXTURE_COUNT});
    EXPECT_GE(kMaxTextureSide, uint32_t{BW_TEXTURE_SIDE});
    EXPECT_GE(kMaxTextureBytes, uint64_t{BW_TEXTURE_BYTES});
    EXPECT_GE(kMaxLinkTextureBytes, 8 * uint64_t{BW_TEXTURE_BYTES});
    EXPECT_GT(kTextureHeapBytes, 3 * kMaxLinkTextureBytes) << "three versions, and gaps";
}

}  // namespace
