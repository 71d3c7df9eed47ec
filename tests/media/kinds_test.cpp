// SPDX-License-Identifier: Apache-2.0
// Addresses that are no RTSP camera: desktops by VNC, pages, films and streams by HTTP. The real
// media process against real servers.
#include <fmt/core.h>
#include <gst/gst.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "tests/media/wall.h"

namespace bw::media::testing {
namespace {

using nlohmann::json;
using surface::Reason;
using surface::SourceState;

constexpr double kSoon = 30;
// libyuv's rows for x86 have coefficients of six bits: saturated colours are off by up to seven.
constexpr int kNear = 10;

class KindsTest : public ::testing::Test {
  protected:
    void SetUp() override { gst_init(nullptr, nullptr); }
    uint32_t show(const std::string& uri, const std::string& more = "") {
        wall.record("camera/K", "{\"main\":{\"uri\":\"" + uri + "\"}" + more + "}");
        return wall.show("camera/K", 320, 180);
    }
    bool pictures(uint32_t tile, int count) {
        int taken = 0;
        return wall.until([&] { return wall.take(tile) && ++taken >= count; }, kSoon);
    }
    /// Blue, green, red of the picture's middle.
    [[nodiscard]] std::array<int, 3> middle() const {
        const auto& header = wall.picture.header;
        const size_t at = size_t{header.height / 2} * header.stride + size_t{header.width / 2} * 4;
        const auto byte = [&](size_t i) {
            return std::to_integer<int>(wall.picture.payload[at + i]);
        };
        return {byte(2), byte(1), byte(0)};
    }
    static void make(const std::string& line) {
        GstElement* pipeline = gst_parse_launch(line.c_str(), nullptr);
        ASSERT_NE(pipeline, nullptr) << line;
        gst_element_set_state(pipeline, GST_STATE_PLAYING);
        GstBus* bus = gst_element_get_bus(pipeline);
        GstMessage* end = gst_bus_timed_pop_filtered(
            bus, 60 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
        EXPECT_TRUE(end != nullptr && GST_MESSAGE_TYPE(end) == GST_MESSAGE_EOS) << line;
        if (end != nullptr) gst_message_unref(end);
        gst_object_unref(bus);
        gst_element_set_state(pipeline, GST_STATE_NULL);
        gst_object_unref(pipeline);
    }
    Wall wall;
};

// -- desktops

/// An X server that shows its screen by VNC.
struct Desktop {
    explicit Desktop(const std::string& secret_file = "", const char* size = "640x360",
                     int at_port = 0) {
        static int next = 0;
        // Below the range from which the kernel gives ports away.
        port = at_port != 0 ? at_port : 21000 + static_cast<int>(getpid()) % 1000 * 8 + next++;
        number = port;
        std::vector<std::string> command{"/usr/bin/Xtigervnc",
                                         ":" + std::to_string(number),
                                         "-rfbport",
                                         std::to_string(port),
                                         "-localhost",
                                         "-geometry",
                                         size,
                                         "-depth",
                                         "24",
                                         "-nolisten",
                                         "tcp",
                                         "-SecurityTypes",
                                         "None"};
        if (!secret_file.empty()) {
            command.back() = "VncAuth";
            command.insert(command.end(), {"-PasswordFile", secret_file});
        }
        server = Child(std::move(command), -1, false);
    }
    /// Once it listens: the whole screen in one colour.
    [[nodiscard]] bool paint(const std::string& colour) const {
        const std::string line =
            fmt::format("xsetroot -display :{} -solid '{}' >/dev/null 2>&1", number, colour);
        for (int i = 0; i < 400; ++i) {
            if (std::system(line.c_str()) == 0) return true;  // NOLINT(concurrency-mt-unsafe)
            usleep(50'000);
        }
        return false;
    }
    [[nodiscard]] std::string uri() const { return fmt::format("vnc://127.0.0.1:{}", port); }
    int port = 0, number = 0;
    Child server;
};

TEST_F(KindsTest, ADesktopIsShownAsItChanges) {
    const Desktop desktop;
    ASSERT_TRUE(desktop.paint("#204080"));
    const uint32_t tile = show(desktop.uri());
    ASSERT_TRUE(wall.until(
        [&] {
            return wall.take(tile) && std::abs(middle()[0] - 0x80) < kNear && wall.playing(tile);
        },
        kSoon));
    EXPECT_NEAR(middle()[1], 0x40, kNear);
    EXPECT_NEAR(middle()[2], 0x20, kNear);
    ASSERT_TRUE(desktop.paint("#c0a000"));
    ASSERT_TRUE(
        wall.until([&] { return wall.take(tile) && std::abs(middle()[2] - 0xc0) < kNear; }, kSoon));
    EXPECT_NEAR(middle()[0], 0, kNear);
}

TEST_F(KindsTest, ADesktopThatStandsStillIsLiveAndNotFrozen) {
    const Desktop desktop;
    ASSERT_TRUE(desktop.paint("#204080"));
    const uint32_t tile = show(desktop.uri(), ",\"frozen_after_s\":1");
    ASSERT_TRUE(pictures(tile, 1));
    ASSERT_TRUE(wall.until([&] { return wall.playing(tile); }, kSoon));
    // Longer than a stream may be silent, and than a camera may stand still here.
    const int64_t until = base::mono_ns() + 6 * base::kSecond;
    bool other = false;
    int64_t oldest = 0;
    wall.until(
        [&] {
            other = other || !wall.playing(tile);
            oldest = std::max(oldest, wall.age_ns(tile));
            return base::mono_ns() > until;
        },
        kSoon);
    EXPECT_FALSE(other);
    EXPECT_LT(oldest, 4 * base::kSecond) << "each second the server is asked";
    EXPECT_GT(wall.age_ns(tile), 0);
}

TEST_F(KindsTest, ADesktopThatHangsIsToldAndComesBack) {
    const Desktop desktop;
    ASSERT_TRUE(desktop.paint("#204080"));
    const uint32_t tile = show(desktop.uri());
    ASSERT_TRUE(wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon));
    desktop.server.signal(SIGSTOP);
    ASSERT_TRUE(wall.until([&] { return wall.state(tile) == SourceState::late; }, kSoon));
    ASSERT_TRUE(wall.until([&] { return wall.reason(tile) == Reason::stalled; }, kSoon));
    desktop.server.signal(SIGCONT);
    ASSERT_TRUE(wall.until([&] { return wall.playing(tile); }, kSoon));
}

TEST_F(KindsTest, ADesktopThatDiesAndComesBackInAnotherSize) {
    auto desktop = std::make_unique<Desktop>();
    ASSERT_TRUE(desktop->paint("#204080"));
    const uint32_t tile = show(desktop->uri());
    ASSERT_TRUE(wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon));
    const int port = desktop->port;
    desktop.reset();
    ASSERT_TRUE(wall.until([&] { return !wall.playing(tile); }, kSoon));
    desktop = std::make_unique<Desktop>("", "500x500", port);
    ASSERT_TRUE(desktop->paint("#c0a000"));
    ASSERT_TRUE(wall.until(
        [&] { return wall.take(tile) && wall.playing(tile) && wall.picture.header.width == 180; },
        kSoon));
}

TEST_F(KindsTest, ADesktopsPasswordIsGivenAndAWrongOneTold) {
    const auto file = wall.folder / "password";
    // "password", as VNC's files hold it: DES with a key that everybody knows.
    std::ofstream(file, std::ios::binary).write("\xdb\xd8\x3c\xfd\x72\x7a\x14\x58", 8);
    const Desktop desktop(file.string());
    ASSERT_TRUE(desktop.paint("#204080"));
    const std::string place = desktop.uri().substr(6);
    wall.address("camera/W", "vnc://any:wrong@" + place);
    const uint32_t wrong = wall.show("camera/W", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.state(wrong) == SourceState::unauthorised; }, kSoon));
    const uint32_t tile = show("vnc://any:password@" + place);
    ASSERT_TRUE(wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon));
}

TEST_F(KindsTest, ADesktopThatIsNotThereIsNoConnection) {
    const uint32_t tile = show("vnc://127.0.0.1:9");
    ASSERT_TRUE(wall.until([&] { return wall.reason(tile) == Reason::connect_failed; }, kSoon));
}

// -- pages

TEST_F(KindsTest, APageIsDrawnOrItsPackageIsNamed) {
    std::ofstream(wall.folder / "page.html")
        << "<html><body style='background:#204080'></body></html>";
    const uint32_t tile = show("web+file://" + (wall.folder / "page.html").string());
    GstElementFactory* factory = gst_element_factory_find("wpesrc");
    if (factory == nullptr) {
        ASSERT_TRUE(wall.until([&] { return wall.reason(tile) == Reason::need_wpe; }, kSoon));
        return;
    }
    gst_object_unref(factory);
    ASSERT_TRUE(wall.until(
        [&] {
            return wall.take(tile) && std::abs(middle()[0] - 0x80) < kNear && wall.playing(tile);
        },
        kSoon))
        << middle()[0] << " " << middle()[1] << " " << middle()[2];
    EXPECT_NEAR(middle()[1], 0x40, kNear);
    EXPECT_NEAR(middle()[2], 0x20, kNear);
}

// -- HTTP

class HttpTest : public KindsTest {
  protected:
    void SetUp() override {
        KindsTest::SetUp();
        folder_ = wall.folder / "www";
        std::filesystem::create_directories(folder_);
        server_ = Child({"/usr/bin/python3", "-B", "tests/media/web_server.py", folder_.string()},
                        -1, true);
        const std::string line = server_.line();
        port_ = line.substr(line.rfind(' ') + 1);
    }
    [[nodiscard]] std::string at(const std::string& name) const {
        return "http://127.0.0.1:" + port_ + "/" + name;
    }
    [[nodiscard]] static std::string camera(int pictures) {
        return fmt::format(
            "videotestsrc pattern=ball num-buffers={} ! "
            "video/x-raw,format=I420,width=320,height=180,framerate=25/1 ! ",
            pictures);
    }
    std::filesystem::path folder_;
    Child server_;
    std::string port_;
};

TEST_F(HttpTest, MotionJpegPlays) {
    make(camera(20) + "jpegenc ! multifilesink location=" + (folder_ / "%03d.jpg").string());
    const uint32_t tile = show(at("live.mjpg"));
    ASSERT_TRUE(pictures(tile, 30));
    EXPECT_TRUE(wall.playing(tile));
    server_.end();
    ASSERT_TRUE(wall.until([&] { return !wall.playing(tile); }, kSoon));
}

TEST_F(HttpTest, HlsPlays) {
    make(camera(250) +
         "x264enc speed-preset=ultrafast key-int-max=25 ! h264parse ! mpegtsmux ! "
         "hlssink target-duration=2 max-files=100 playlist-length=0 location=" +
         (folder_ / "part%03d.ts").string() +
         " playlist-location=" + (folder_ / "live.m3u8").string());
    const uint32_t tile = show(at("live.m3u8"));
    ASSERT_TRUE(pictures(tile, 60));
    EXPECT_TRUE(wall.playing(tile));
}

TEST_F(HttpTest, AFilmPlaysAtItsPaceAndEnds) {
    make(camera(50) +
         "x264enc speed-preset=ultrafast key-int-max=25 ! h264parse ! mp4mux "
         "faststart=true ! filesink location=" +
         (folder_ / "film.mp4").string());
    const int64_t began = base::mono_ns();
    const uint32_t tile = show(at("film.mp4"));
    ASSERT_TRUE(pictures(tile, 45));
    EXPECT_GT(base::mono_ns() - began, 1400 * base::kMillisecond) << "two seconds of film";
    ASSERT_TRUE(wall.until([&] { return wall.reason(tile) == Reason::ended; }, kSoon));
}

TEST_F(HttpTest, APageThatIsNotThereIsToldAsSuch) {
    const uint32_t tile = show(at("nothing.m3u8"));
    ASSERT_TRUE(wall.until([&] { return wall.reason(tile) == Reason::not_found; }, kSoon));
}

}  // namespace
}  // namespace bw::media::testing
