// SPDX-License-Identifier: Apache-2.0
// The real media process against cameras that misbehave (quirk_server.py): each quirk plays, each
// fault is named, and nobody else is late.
#include <gst/gst.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/clock.h"
#include "core/base/sanitized.h"
#include "core/base/unique_fd.h"
#include "tests/media/film.h"
#include "tests/media/wall.h"

namespace bw::media::testing {
namespace {

using nlohmann::json;
using surface::Reason;
using surface::SourceState;

constexpr double kSoon = 20;

/// A camera of quirk_server.py.
struct Quirky {
    Quirky(const std::string& name, const std::filesystem::path& stream, int fps = 25,
           int at_port = 0) {
        process =
            Child({"/usr/bin/python3", "-B", "tests/media/quirk_server.py", name, stream.string(),
                   "--fps", std::to_string(fps), "--port", std::to_string(at_port)},
                  -1, true);
        const std::string line = process.line();
        port = std::atoi(line.substr(line.rfind(' ') + 1).c_str());
    }
    [[nodiscard]] std::string uri(const std::string& login = "") const {
        return "rtsp://" + login + "127.0.0.1:" + std::to_string(port) + "/cam/";
    }
    Child process;
    int port = 0;
};

class QuirksTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder = std::filesystem::temp_directory_path() / ("bw-films-" + std::to_string(getpid()));
        std::filesystem::create_directories(folder);
        film(folder / "plain");
        film(folder / "b-frames", {.between = 2});
        film(folder / "long", {.pictures = 60, .group = 60});
    }
    static void TearDownTestSuite() { std::filesystem::remove_all(folder); }

    [[nodiscard]] json source(const std::string& id = "camera/Q") {
        const auto report = json::parse(wall.report(), nullptr, false);
        if (report.is_object())
            for (const auto& one : report["sources"])
                if (one["id"] == id) return one;
        return json::object();
    }
    /// Takes pictures until there were `count`; they never go back, but at the film's end.
    void expect_pictures(uint32_t tile, int count) {
        int taken = 0, last = 0;
        bool back = false;
        ASSERT_TRUE(wall.until(
            [&] {
                if (!wall.take(tile)) return false;
                const int grey = std::to_integer<int>(wall.picture.payload[0]);
                const bool round = grey < last - 60;
                back = back || (grey < last - 2 && !round);
                last = grey;
                return ++taken >= count;
            },
            kSoon))
            << taken << " pictures";
        EXPECT_FALSE(back) << "pictures out of order";
    }

    static inline std::filesystem::path folder;
    Wall wall;
};

class QuirkTest : public QuirksTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(QuirkTest, Plays) {
    const Quirky camera(GetParam(), folder / "plain", 50);
    wall.address("camera/Q", camera.uri());
    const uint32_t tile = wall.show("camera/Q", 320, 180);
    expect_pictures(tile, 40);
    EXPECT_TRUE(wall.playing(tile));
    const json now = source();
    EXPECT_EQ(now["reconnects"], 0);
    EXPECT_EQ(now["width_px"], 320);
}

INSTANTIATE_TEST_SUITE_P(Each, QuirkTest,
                         ::testing::Values("Camera", "UnassignedChannels", "OnlyOneUsed",
                                           "BareDescription", "SsrcOfNobody", "WrongRtpInfo",
                                           "VendorMedia", "NoParameterSets",
                                           "ParameterSetsOnlyInDescription", "GarbageParameterSets",
                                           "MarkerOnEverything", "NoMarker", "StartCodesInside",
                                           "OddFragments", "JumpingStamps", "ChangingSession",
                                           "LosesPackets", "TruncatesUnits", "Redirects"),
                         [](const auto& each) { return std::string(each.param); });

TEST_F(QuirksTest, AnAddressWithAQueryIsSetUpBehindIt) {
    const Quirky camera("ControlFirstAndQuery", folder / "plain");
    wall.address("camera/Q",
                 "rtsp://127.0.0.1:" + std::to_string(camera.port) + "/cam?channel=1&subtype=0");
    expect_pictures(wall.show("camera/Q", 320, 180), 20);
}

TEST_F(QuirksTest, DigestIsAnsweredHoweverItIsWritten) {
    for (const char* name : {"Sloppy401", "Sha256"}) {
        const Quirky camera(name, folder / "plain");
        const std::string id = std::string("camera/") + name;
        wall.address(id, camera.uri("duty:p%40ss%3Aw%25rd@"));
        SCOPED_TRACE(name);
        expect_pictures(wall.show(id, 320, 180), 20);
    }
    for (const auto& event : wall.hub->heard())
        EXPECT_EQ(event.data.find("p@ss"), std::string::npos);
}

TEST_F(QuirksTest, PicturesBetweenOthersComeInTheirOrder) {
    const Quirky camera("Camera", folder / "b-frames");
    wall.address("camera/Q", camera.uri());
    expect_pictures(wall.show("camera/Q", 320, 180), 60);
    EXPECT_EQ(source()["reconnects"], 0);
}

TEST_F(QuirksTest, ALongWayToTheNextKeyFrameIsWaitingAndNoFault) {
    const Quirky camera("StartsBetweenKeyFrames", folder / "long", 12);
    wall.address("camera/Q", camera.uri());
    const uint32_t tile = wall.show("camera/Q", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.state(tile) == SourceState::waiting; }, kSoon));
    bool calm = true;
    ASSERT_TRUE(wall.until(
        [&] {
            calm = calm && (wall.state(tile) == SourceState::waiting || wall.playing(tile));
            return wall.playing(tile);
        },
        kSoon));
    EXPECT_TRUE(calm);
    EXPECT_EQ(source()["reconnects"], 0);
}

TEST_F(QuirksTest, AnotherSizeInMidStreamKeepsTheTile) {
    film(folder / "large", {.width = 640, .height = 360});
    std::filesystem::copy_file(folder / "plain", folder / "both");
    std::ofstream(folder / "both", std::ios::app | std::ios::binary)
        << std::ifstream(folder / "large", std::ios::binary).rdbuf();
    const Quirky camera("Camera", folder / "both");
    wall.address("camera/Q", camera.uri());
    const uint32_t tile = wall.show("camera/Q", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.playing(tile); }, kSoon));
    std::set<int> widths;
    bool live = true;
    ASSERT_TRUE(wall.until(
        [&] {
            live = live && wall.playing(tile);
            widths.insert(source().value("width_px", 0));
            return widths.contains(320) && widths.contains(640);
        },
        kSoon));
    EXPECT_TRUE(live);
    EXPECT_EQ(source()["reconnects"], 0);
}

TEST_F(QuirksTest, ACameraThatKnowsNoGetParameterGetsOptions) {
    const Quirky camera("ForgetsGetParameter", folder / "plain");
    wall.address("camera/Q", camera.uri());
    const uint32_t tile = wall.show("camera/Q", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.playing(tile); }, kSoon));
    // Three times what it bears without a sign of life.
    const int64_t then = base::mono_ns() + 6 * base::kSecond;
    wall.until([&] { return base::mono_ns() > then; }, kSoon);
    EXPECT_TRUE(wall.playing(tile));
    EXPECT_EQ(source()["reconnects"], 0);
}

TEST_F(QuirksTest, GoodbyeIsSaidSoThatACameraForOneClientIsFreeAgain) {
    const Quirky camera("BusyWithoutGoodbye", folder / "plain");
    wall.address("camera/Q", camera.uri());
    for (int again = 0; again < 2; ++again) {
        const uint32_t tile = wall.show("camera/Q", 320, 180);
        ASSERT_TRUE(wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon));
        EXPECT_EQ(source()["reconnects"], 0) << "it was busy";
        wall.consumer->release(tile);
        ASSERT_TRUE(wall.until([&] { return source().value("state", "") == "idle"; }, kSoon));
    }
}

TEST_F(QuirksTest, TheClockOfACameraIsBelievedOnlyWhereItCanBe) {
    for (const auto& [name, clock] :
         {std::pair{"Camera", "camera"}, {"ClockOf1970", "arrival"}, {"NoReports", "arrival"}}) {
        const Quirky camera(name, folder / "plain");
        const std::string id = std::string("camera/") + name;
        wall.address(id, camera.uri());
        const uint32_t tile = wall.show(id, 320, 180);
        ASSERT_TRUE(wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon));
        EXPECT_EQ(source(id)["clock"], clock) << name;
        EXPECT_LT(wall.age_ns(tile), base::kSecond) << name;
    }
}

struct Fault {
    const char* name;
    SourceState state;
    Reason reason;
};

class FaultTest : public QuirksTest, public ::testing::WithParamInterface<Fault> {};

TEST_P(FaultTest, IsNamedAndHurtsNobodyElse) {
    const Quirky hurt(GetParam().name, folder / "plain"), well("Camera", folder / "plain");
    wall.address("camera/Q", hurt.uri());
    wall.address("camera/W", well.uri());
    const uint32_t other = wall.show("camera/W", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.playing(other); }, kSoon));
    const uint32_t tile = wall.show("camera/Q", 320, 180);
    bool never_late = true;
    const auto named = [&] {
        never_late = never_late && wall.playing(other);
        return wall.reason(tile) == GetParam().reason && wall.state(tile) == GetParam().state;
    };
    EXPECT_TRUE(wall.until(named, kSoon)) << surface::source_state_word(wall.state(tile)) << ", "
                                          << surface::reason_words(wall.reason(tile)).en;
    EXPECT_TRUE(never_late);
    EXPECT_TRUE(wall.media.running());
}

INSTANTIATE_TEST_SUITE_P(
    Each, FaultTest,
    ::testing::Values(Fault{"Unauthorised", SourceState::unauthorised, Reason::unauthorised},
                      Fault{"NotFound", SourceState::failed, Reason::not_found},
                      Fault{"RedirectsForEver", SourceState::failed, Reason::connect_failed},
                      Fault{"WrongCodec", SourceState::failed, Reason::no_decoder},
                      Fault{"GarbageAfterSetup", SourceState::failed, Reason::bad_stream},
                      Fault{"StallsAfterFirst", SourceState::late, Reason::stalled}),
    [](const auto& each) { return std::string(each.param.name); });

/// What `beaconwall source probe` prints, and its exit code.
std::pair<std::string, int> probed(const std::string& arguments) {
    const std::string command = std::string(std::getenv("BEACONWALL_BUILD")) +
                                "/bin/beaconwall source probe " + arguments + " 2>&1";
    std::string text;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 4096> buffer{};
    for (size_t size = 0; (size = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
        text.append(buffer.data(), size);
    const int status = pclose(pipe);
    return {text, WEXITSTATUS(status)};
}

TEST_F(QuirksTest, ProbeSaysWhatIsThereAndWhatIsOdd) {
    const Quirky camera("UnassignedChannels", folder / "plain");
    const auto [text, code] = probed(camera.uri());
    EXPECT_EQ(code, 0) << text;
    for (const char* part :
         {"first picture", "video/x-h264, 320x180", "pictures a second", "every 1.0 s",
          "packets on channels that were not set up", "[[camera]]", "the camera's clock"})
        EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
    EXPECT_NE(text.find("main = \"" + camera.uri() + "\""), std::string::npos) << text;
}

TEST_F(QuirksTest, ProbeSaysWhyNothingIsThereAndKeepsPasswordsToItself) {
    const Quirky camera("Sloppy401", folder / "plain");
    const auto [refused, code] = probed(camera.uri());
    EXPECT_EQ(code, 1);
    EXPECT_NE(refused.find("not authorised"), std::string::npos) << refused;
    std::ofstream(folder / "login") << "duty\np@ss:w%rd\n";
    const auto [open, well] = probed(camera.uri() + " --login < " + (folder / "login").string());
    EXPECT_EQ(well, 0) << open;
    EXPECT_EQ(open.find("p@ss"), std::string::npos) << open;
    EXPECT_NE(open.find("secrets.toml"), std::string::npos) << open;
    const auto [told, usage] = probed("rtsp://duty:p%40ss@127.0.0.1/");
    EXPECT_EQ(usage, 2);
    EXPECT_EQ(told.find("p%40ss"), std::string::npos);
}

/// A UDP port of loopback that nobody has at the moment; 0: there is none.
uint16_t free_udp_port() {
    const base::UniqueFd held(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (bind(held.get(), plain, size) != 0 || getsockname(held.get(), plain, &size) != 0) return 0;
    return ntohs(address.sin_port);
}

/// A transport stream over SRT, and motion JPEG over RTSP, which is GStreamer's to receive.
TEST_F(QuirksTest, OtherKindsOfSourcesPlay) {
    const uint16_t port = free_udp_port();
    ASSERT_NE(port, 0);
    const std::string line =
        "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=25/1 "
        "! "
        "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! h264parse "
        "config-interval=-1 ! mpegtsmux alignment=7 ! srtsink wait-for-connection=false "
        "uri=srt://127.0.0.1:" +
        std::to_string(port) + "?mode=listener";
    GstElement* sender = gst_parse_launch(line.c_str(), nullptr);
    ASSERT_NE(sender, nullptr);
    gst_element_set_state(sender, GST_STATE_PLAYING);
    Camera jpeg({"--encoding", "jpeg"});
    wall.address("camera/S", "srt://127.0.0.1:" + std::to_string(port));
    wall.address("camera/J", jpeg.uri());
    const uint32_t srt = wall.show("camera/S", 320, 180), mjpeg = wall.show("camera/J", 320, 180);
    EXPECT_TRUE(wall.until([&] { return wall.take(srt) && wall.playing(srt); }, kSoon))
        << surface::reason_words(wall.reason(srt)).en;
    EXPECT_TRUE(wall.until([&] { return wall.take(mjpeg) && wall.playing(mjpeg); }, kSoon))
        << surface::reason_words(wall.reason(mjpeg)).en;
    EXPECT_EQ(source("camera/J")["decoder"], "jpegdec");
    gst_element_set_state(sender, GST_STATE_NULL);
    gst_object_unref(sender);
}

TEST_F(QuirksTest, ACameraThatRebootsComesBackEachTime) {
    const Quirky camera("Reboots", folder / "plain");
    wall.address("camera/Q", camera.uri());
    const uint32_t tile = wall.show("camera/Q", 320, 180);
    ASSERT_TRUE(wall.until([&] { return source().value("reconnects", 0) >= 3; }, 60));
    ASSERT_TRUE(wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon));
}

TEST_F(QuirksTest, ACameraThatNeededGStreamerIsOursAgainWhenItHasChanged) {
    const auto descriptors = [&] {
        const auto held = "/proc/" + std::to_string(wall.media.pid()) + "/fd";
        return std::distance(std::filesystem::directory_iterator(held), {});
    };
    auto camera = std::make_unique<Quirky>("Camera", folder / "plain");
    const int port = camera->port;
    wall.address("camera/Q", camera->uri());
    const uint32_t tile = wall.show("camera/Q", 320, 180);
    const auto play = [&] {
        return wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon);
    };
    const auto become = [&](const char* name) {
        camera.reset();
        EXPECT_TRUE(wall.until([&] { return !wall.playing(tile); }, kSoon));
        camera = std::make_unique<Quirky>(name, folder / "plain", 25, port);
    };
    ASSERT_TRUE(play());
    const auto ours = descriptors();
    become("WrongCodec");
    ASSERT_TRUE(wall.until([&] { return wall.reason(tile) == Reason::no_decoder; }, kSoon));
    become("Camera");
    ASSERT_TRUE(play());
    const auto theirs = descriptors();
    EXPECT_GT(theirs, ours) << "GStreamer has it";
    // As long as it takes until a stream counts as settled.
    const int64_t settled = base::mono_ns() + 4 * base::kSecond;
    ASSERT_TRUE(wall.until([&] { return base::mono_ns() > settled && wall.take(tile); }, kSoon));
    become("Camera");
    ASSERT_TRUE(play());
    // Not as few as before: what GStreamer opens once for all it keeps.
    EXPECT_TRUE(wall.until([&] { return descriptors() < theirs; }, kSoon)) << descriptors();
}

/// A switch that reboots takes all cameras away and gives them back at one moment.
TEST_F(QuirksTest, SeventyThatRebootAtOnceComeBack) {
    const int count = kSanitized ? 20 : 70;
    auto camera = std::make_unique<Quirky>("Camera", folder / "plain", 5);
    std::vector<uint32_t> tiles;
    for (int i = 0; i < count; ++i) {
        const std::string id = "camera/S-" + std::to_string(i);
        wall.address(id, camera->uri());
        tiles.push_back(wall.show(id, 64, 36));
    }
    const auto all = [&](auto is) { return std::all_of(tiles.begin(), tiles.end(), is); };
    const auto play = [&](uint32_t tile) { return wall.playing(tile); };
    ASSERT_TRUE(wall.until([&] { return all(play); }, 60));
    const int port = camera->port;
    camera.reset();
    ASSERT_TRUE(
        wall.until([&] { return all([&](uint32_t tile) { return !wall.playing(tile); }); }, kSoon));
    camera = std::make_unique<Quirky>("Camera", folder / "plain", 5, port);
    ASSERT_TRUE(wall.until([&] { return all(play); }, 60));
}

}  // namespace
}  // namespace bw::media::testing
