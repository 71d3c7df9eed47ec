// SPDX-License-Identifier: Apache-2.0
// The demo's drawn cameras through the whole chain: drawn, encoded, served, decoded, scaled.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <memory>
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

/// Two drawn cameras on a wall, and the numbers of the pictures that arrived.
struct DemoCameras : ::testing::Test {
    void SetUp() override {
        auto started = demo_field::RtspCameras::start({ridge, river}, [](auto) { return true; });
        ASSERT_TRUE(started) << started.error().text;
        cameras = std::move(*started);
        wall.address("camera/FF-001", cameras->uri(ridge));
        wall.address("camera/FF-002", cameras->uri(river));
        surfaces[0] = wall.show("camera/FF-001", 480, 270);
        surfaces[1] = wall.show("camera/FF-002", 320, 180);
    }

    void read(uint32_t camera) {
        if (!wall.take(surfaces[camera - 1])) return;
        const auto& header = wall.picture.header;
        const auto code = demo_field::read_frame_code(
            reinterpret_cast<const uint8_t*>(wall.picture.payload), static_cast<int>(header.stride),
            4, static_cast<int>(header.width), static_cast<int>(header.height));
        ASSERT_TRUE(code) << "an unreadable code";
        EXPECT_EQ(code->camera, camera);
        numbers[camera - 1].insert(code->number);
    }

    bool read_until(size_t pictures) {
        return wall.until(
            [&] {
                read(1);
                read(2);
                return numbers[0].size() > pictures && numbers[1].size() > pictures;
            },
            60);
    }

    demo_field::CameraPlan ridge{"FF-001", "FF-001 试验", 3, 0, demo_field::Terrain::ridges, ""};
    demo_field::CameraPlan river{"FF-002", "FF-002 试验", 5, 1, demo_field::Terrain::river, ""};
    std::unique_ptr<demo_field::RtspCameras> cameras;
    Wall wall;
    uint32_t surfaces[2] = {};
    std::set<uint32_t> numbers[2];
};

TEST_F(DemoCameras, NumberedPicturesArriveDistinctAndYoung) {
    ASSERT_TRUE(read_until(30));
    const uint32_t now = demo_field::frame_number(base::mono_ns());
    EXPECT_LT((now - *numbers[0].rbegin()) & 0xFFFFFU, 45U)
        << "the newest picture is older than 3 s";
}

/// Two seconds of pictures come at once: more than may wait, so the stream has a gap.
TEST_F(DemoCameras, StallLeavesNoDamagedPicture) {
    ASSERT_TRUE(read_until(5));
    wall.media.signal(SIGSTOP);
    const uint32_t stopped = demo_field::frame_number(base::mono_ns());
    ASSERT_TRUE(wall.until(
        [&] { return ((demo_field::frame_number(base::mono_ns()) - stopped) & 0xFFFFFU) > 30; },
        60));
    wall.media.signal(SIGCONT);
    EXPECT_TRUE(read_until(numbers[0].size() + numbers[1].size() + 30));
}

/// The server's threads end after its owner: nothing of his may be in their hands (seen by ASan).
TEST_F(DemoCameras, ServerEndsWhileItsCamerasPlay) {
    ASSERT_TRUE(read_until(1));
    cameras.reset();
    EXPECT_TRUE(wall.until([&] { return !wall.playing(surfaces[0]); }, 60));
}

TEST(CamerasAlike, ShareOneEncoderUnderAddressesOfTheirOwn) {
    demo_field::CameraPlan ridge{"FF-001", "FF-001 试验", 3, 0, demo_field::Terrain::ridges, ""};
    demo_field::CameraPlan alike{"FF-002", "", 1, 0, demo_field::Terrain::ridges, "FF-001"};
    demo_field::CameraPlan orphan{"FF-003", "", 1, 0, demo_field::Terrain::ridges, "FF-002"};
    auto refused =
        demo_field::RtspCameras::start({ridge, alike, orphan}, [](auto) { return true; });
    ASSERT_FALSE(refused) << "FF-002 is not drawn itself";
    auto cameras = demo_field::RtspCameras::start({ridge, alike}, [](auto) { return false; });
    ASSERT_TRUE(cameras) << cameras.error().text;
    EXPECT_NE((*cameras)->uri(ridge), (*cameras)->uri(alike));
    Wall wall;
    wall.address("camera/FF-001", (*cameras)->uri(ridge));
    wall.address("camera/FF-002", (*cameras)->uri(alike));
    const uint32_t surfaces[] = {wall.show("camera/FF-001", 640, 360),
                                 wall.show("camera/FF-002", 640, 360)};
    std::set<uint32_t> numbers[2];
    const auto read = [&](size_t i) {
        if (!wall.take(surfaces[i])) return;
        const auto& header = wall.picture.header;
        const auto code = demo_field::read_frame_code(
            reinterpret_cast<const uint8_t*>(wall.picture.payload), static_cast<int>(header.stride),
            4, static_cast<int>(header.width), static_cast<int>(header.height));
        ASSERT_TRUE(code) << "an unreadable code";
        EXPECT_EQ(code->camera, 1u);
        numbers[i].insert(code->number);
    };
    // Two encoders would draw at moments of their own; one gives both the very same pictures.
    const auto common = [&] {
        return std::count_if(numbers[0].begin(), numbers[0].end(),
                             [&](uint32_t number) { return numbers[1].contains(number); });
    };
    ASSERT_TRUE(wall.until(
        [&] {
            read(0);
            read(1);
            return common() > 15;
        },
        30));
}

}  // namespace
}  // namespace bw::media::testing
