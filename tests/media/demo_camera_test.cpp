// SPDX-License-Identifier: Apache-2.0
// The demo's drawn cameras through the whole chain: drawn, encoded, served, decoded, scaled.
#include <gtest/gtest.h>

#include <set>

#include "core/base/clock.h"
#include "plugins/demo_field/camera_painter.h"
#include "plugins/demo_field/frame_code.h"
#include "plugins/demo_field/rtsp_cameras.h"
#include "tests/media/wall.h"

namespace bw::media::testing {
namespace {

using demo_field::FrameCode;

TEST(FrameCode, SurvivesWritingAndReadingAndRefusesNoise) {
    std::vector<uint8_t> luma(640 * 360, 16);
    EXPECT_FALSE(demo_field::read_frame_code(luma.data(), 640, 1, 640, 360));
    const FrameCode code{0xABCDE, 42};
    demo_field::write_frame_code(luma.data(), 640, code);
    EXPECT_EQ(demo_field::read_frame_code(luma.data(), 640, 1, 640, 360), code);
    luma[352 * 640 + 8] ^= 0xFF;  // one cell turns
    EXPECT_FALSE(demo_field::read_frame_code(luma.data(), 640, 1, 640, 360));
}

TEST(DemoCameras, NumberedPicturesArriveDistinctAndYoung) {
    demo_field::CameraPlan ridge{"FF-001", "FF-001 试验", 3, 0, demo_field::Terrain::ridges};
    demo_field::CameraPlan river{"FF-002", "FF-002 试验", 5, 1, demo_field::Terrain::river};
    auto cameras = demo_field::RtspCameras::start({ridge, river}, [](auto) { return true; });
    ASSERT_TRUE(cameras) << cameras.error().text;
    Wall wall;
    wall.address("camera/FF-001", (*cameras)->uri(ridge));
    wall.address("camera/FF-002", (*cameras)->uri(river));
    const uint32_t first = wall.show("camera/FF-001", 480, 270);
    const uint32_t second = wall.show("camera/FF-002", 320, 180);
    std::set<uint32_t> numbers[2];
    const auto read = [&](uint32_t surface, uint32_t camera) {
        if (!wall.take(surface)) return;
        const auto& header = wall.picture.header;
        const auto code = demo_field::read_frame_code(
            reinterpret_cast<const uint8_t*>(wall.picture.payload), static_cast<int>(header.stride),
            4, static_cast<int>(header.width), static_cast<int>(header.height));
        ASSERT_TRUE(code) << "an unreadable code";
        EXPECT_EQ(code->camera, camera);
        numbers[camera - 1].insert(code->number);
    };
    ASSERT_TRUE(wall.until(
        [&] {
            read(first, 1);
            read(second, 2);
            return numbers[0].size() > 30 && numbers[1].size() > 30;
        },
        30));
    const uint32_t now = demo_field::frame_number(base::mono_ns());
    EXPECT_LT((now - *numbers[0].rbegin()) & 0xFFFFFU, 45U)
        << "the newest picture is older than 3 s";
}

}  // namespace
}  // namespace bw::media::testing
