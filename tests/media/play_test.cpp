// SPDX-License-Identifier: Apache-2.0
// The real media process against real cameras: what it plays, says and survives.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/sanitized.h"
#include "tests/media/wall.h"

namespace bw::media::testing {
namespace {

using nlohmann::json;
using surface::Reason;
using surface::SourceState;

constexpr double kSoon = 20;  // generous: a busy machine is no failure

TEST(MediaPlay, NoSourceIsUnknownBeforeTheHubHasSaidSo) {
    Wall wall;
    wall.hub->hang(true);
    const uint32_t surface = wall.show("camera/T-1", 480, 480);
    ASSERT_TRUE(wall.until([&] { return wall.state(surface) == SourceState::idle; }, kSoon));
    // For something that must not happen: when it did, it did so within milliseconds.
    EXPECT_FALSE(wall.until([&] { return wall.reason(surface) != Reason::none; }, 1));
    wall.hub->hang(false);
    EXPECT_TRUE(wall.until([&] { return wall.reason(surface) == Reason::unknown_source; }, kSoon));
}

TEST(MediaPlay, PicturesOfACameraArriveAtTheWantedSize) {
    Camera camera;
    Wall wall;
    const uint32_t large = wall.show("camera/T-1", 480, 480);
    const uint32_t planes = wall.show("camera/T-1", 640, 360, surface::SlotKind::i420);
    ASSERT_TRUE(wall.until([&] { return wall.reason(large) == Reason::unknown_source; }, kSoon));
    wall.address("camera/T-1", camera.uri());
    ASSERT_TRUE(wall.until([&] { return wall.playing(large) && wall.take(large); }, kSoon));
    EXPECT_EQ(wall.picture.header.kind, surface::SlotKind::rgba);
    EXPECT_EQ(wall.picture.header.width, 480U);
    EXPECT_EQ(wall.picture.header.height, 270U) << "the whole picture fits inside the square";
    EXPECT_EQ(wall.picture.payload[3], std::byte{255}) << "opaque";
    ASSERT_TRUE(wall.until([&] { return wall.take(planes); }, kSoon));
    EXPECT_EQ(wall.picture.header.kind, surface::SlotKind::i420);
    EXPECT_EQ(wall.picture.header.height, 360U);
    EXPECT_LT(wall.age_ns(large), 3 * base::kSecond);
    // Two surfaces, one connection.
    const auto report = json::parse(wall.report());
    ASSERT_EQ(report["sources"].size(), 1U);
    const auto& source = report["sources"][0];
    EXPECT_EQ(source["id"], "camera/T-1");
    EXPECT_EQ(source["state"], "playing");
    EXPECT_TRUE(source["reason"].is_null());
    EXPECT_EQ(source["decoder"], "avdec_h264");
    EXPECT_EQ(source["stream"], "main");
    EXPECT_EQ(source["width_px"], 640);
    EXPECT_EQ(source["reconnects"], 0);
    EXPECT_GT(source["pictures"].get<int>(), 0);
    EXPECT_EQ(json::parse(wall.hub->newest("beaconwall.source.state.v1", "camera/T-1"))["state"],
              "playing");
}

TEST(MediaPlay, StopsWithoutDemandAndStartsAgain) {
    Wall wall;
    wall.address("camera/T-1", "test://ball");
    const uint32_t first = wall.show("camera/T-1", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.take(first); }, kSoon));
    wall.consumer->release(first);
    const auto state = [&] {
        const auto data = wall.hub->newest("beaconwall.source.state.v1", "camera/T-1");
        return data.empty() ? "" : json::parse(data)["state"].get<std::string>();
    };
    ASSERT_TRUE(wall.until([&] { return state() == "idle"; }, kSoon));
    const uint32_t second = wall.show("camera/T-1", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.take(second) && state() == "playing"; }, kSoon));
}

TEST(MediaPlay, AStandbySourceIsReceivedAndThereAtOnce) {
    Camera camera({"--gop", "3000"});  // of 200 s: who waits for the next key frame waits long
    Wall wall;
    ASSERT_TRUE(wall.until([&] { return wall.hub->greeted(); }, kSoon));
    wall.address("camera/T-1", camera.uri(), "", true);
    const auto source = [&] {
        const auto report = json::parse(wall.report(), nullptr, false);
        return report.is_object() && !report["sources"].empty() ? report["sources"][0]
                                                                : json::object();
    };
    ASSERT_TRUE(wall.until([&] { return source().value("state", "") == "playing"; }, kSoon));
    EXPECT_FALSE(source()["decoding"].get<bool>());
    EXPECT_EQ(source()["pictures"], 0) << "decoded though nobody looks";
    const uint32_t tile = wall.show("camera/T-1", 320, 180);
    ASSERT_TRUE(
        wall.until([&] { return wall.take(tile) && wall.age_ns(tile) < base::kSecond; }, kSoon));
    EXPECT_EQ(source()["reconnects"], 0);
    wall.consumer->release(tile);
    ASSERT_TRUE(wall.until([&] { return !source()["decoding"].get<bool>(); }, kSoon));
    EXPECT_EQ(source()["state"], "playing");
}

TEST(MediaPlay, MainAndSubChangeWithoutLosingThePicture) {
    Camera large({"--width", "1280", "--height", "720"}), small;
    Wall wall;
    wall.address("camera/T-1", large.uri(), small.uri());
    const auto source = [&] { return json::parse(wall.report())["sources"][0]; };
    const uint32_t tile = wall.show("camera/T-1", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon));
    EXPECT_EQ(source()["stream"], "sub");
    // Neither on the way up nor on the way down is the tile anything but live.
    const auto changes_to = [&](const std::string& stream) {
        bool live = true;
        const bool changed = wall.until(
            [&] {
                live = live && wall.playing(tile) && wall.age_ns(tile) < 1500 * base::kMillisecond;
                return source()["stream"] == stream;
            },
            kSoon);
        EXPECT_TRUE(live) << "on the way to " << stream;
        return changed;
    };
    const uint32_t wide = wall.show("camera/T-1", 1280, 720);
    ASSERT_TRUE(changes_to("main"));
    ASSERT_TRUE(wall.until([&] { return source()["width_px"] == 1280; }, kSoon));
    wall.consumer->release(wide);
    ASSERT_TRUE(changes_to("sub"));
    EXPECT_EQ(source()["reconnects"], 0);
}

TEST(MediaPlay, ACameraWhoseMainStreamIsDeadKeepsItsSubStream) {
    Camera small;
    Wall wall;
    wall.address("camera/T-1", "rtsp://127.0.0.1:1/none", small.uri());
    const uint32_t tile = wall.show("camera/T-1", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.playing(tile); }, kSoon));
    const uint32_t wide = wall.show("camera/T-1", 1280, 720);
    const int64_t tried = base::mono_ns() + 4 * base::kSecond;  // longer than a failure takes
    bool live = true;
    wall.until(
        [&] {
            live = live && wall.playing(tile);
            return base::mono_ns() > tried;
        },
        kSoon);
    EXPECT_TRUE(live);
    EXPECT_TRUE(wall.take(wide)) << "a small picture is better than none";
}

TEST(MediaPlay, ACameraWhosePictureHangsIsFrozenAndItsWorthlessPictureIsNamed) {
    Wall wall;
    wall.record("camera/T-1", R"({"main": {"uri": "test://smpte100"}, "frozen_after_s": 2})");
    wall.record("camera/T-2", R"({"main": {"uri": "test://ball"}, "frozen_after_s": 2})");
    const uint32_t hangs = wall.show("camera/T-1", 320, 180);
    const uint32_t moves = wall.show("camera/T-2", 320, 180);
    bool other_froze = false;
    ASSERT_TRUE(wall.until(
        [&] {
            other_froze = other_froze || wall.state(moves) == SourceState::frozen;
            return wall.state(hangs) == SourceState::frozen;
        },
        kSoon));
    EXPECT_EQ(wall.reason(hangs), Reason::unchanged);
    EXPECT_FALSE(other_froze);
    EXPECT_TRUE(wall.playing(moves));
    const auto look = [&](size_t i) {
        return json::parse(wall.report())["sources"][i]["look"].get<std::string>();
    };
    ASSERT_TRUE(wall.until([&] { return look(0) == "bars"; }, kSoon));
}

TEST(MediaPlay, AStillStaysTrue) {
    Wall wall;
    wall.address("still/one",
                 "file://" + std::filesystem::current_path().string() + "/docs/pictures/fire.png");
    const uint32_t tile = wall.show("still/one", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon));
    // Longer than a camera may be silent before it is rebuilt.
    const int64_t then = base::mono_ns() + 4 * base::kSecond;
    bool live = true;
    wall.until(
        [&] {
            live = live && wall.playing(tile) && wall.age_ns(tile) < 1500 * base::kMillisecond;
            return base::mono_ns() > then;
        },
        kSoon);
    EXPECT_TRUE(live);
    const uint32_t later = wall.show("still/one", 640, 360);
    ASSERT_TRUE(wall.until([&] { return wall.take(later); }, kSoon));
    EXPECT_EQ(json::parse(wall.report())["sources"][0]["reconnects"], 0);
}

TEST(MediaPlay, ANewCompositorFindsTheStreamPlaying) {
    Camera camera;
    Wall wall;
    wall.address("camera/T-1", camera.uri());
    const uint32_t first = wall.show("camera/T-1", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.take(first); }, kSoon));
    wall.new_link();
    const uint32_t second = wall.show("camera/T-1", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.take(second) && wall.playing(second); }, kSoon));
    EXPECT_EQ(json::parse(wall.report())["sources"][0]["reconnects"], 0);
}

TEST(MediaPlay, AStoppedCameraIsLateAndThenComesBack) {
    Camera camera;
    Wall wall;
    wall.address("camera/T-1", camera.uri());
    const uint32_t tile = wall.show("camera/T-1", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon));
    camera.process.signal(SIGSTOP);
    ASSERT_TRUE(wall.until([&] { return wall.state(tile) == SourceState::late; }, kSoon));
    EXPECT_EQ(wall.reason(tile), Reason::stalled);
    wall.take(tile);
    // Through the rebuild at 3 s and the failure to connect after it, no picture is published.
    ASSERT_TRUE(wall.until([&] { return wall.state(tile) == SourceState::lost; }, kSoon));
    EXPECT_FALSE(wall.take(tile)) << "a picture was published while nothing played";
    camera.process.signal(SIGCONT);
    ASSERT_TRUE(wall.until([&] { return wall.take(tile) && wall.playing(tile); }, kSoon));
    EXPECT_GE(json::parse(wall.report())["sources"][0]["reconnects"], 1);
}

TEST(MediaPlay, AKilledCameraComesBackOnItsPort) {
    Camera camera;
    Wall wall;
    wall.address("camera/T-1", camera.uri());
    wall.address("camera/T-2", "test://smpte");
    const uint32_t tile = wall.show("camera/T-1", 320, 180);
    const uint32_t other = wall.show("camera/T-2", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.playing(tile) && wall.playing(other); }, kSoon));
    camera.process.end();
    ASSERT_TRUE(wall.until([&] { return wall.state(tile) == SourceState::lost; }, kSoon));
    EXPECT_EQ(wall.reason(tile), Reason::connect_failed);
    EXPECT_TRUE(wall.playing(other));
    Camera again({"--port", std::to_string(camera.port)});
    ASSERT_EQ(again.port, camera.port);
    ASSERT_TRUE(wall.until([&] { return wall.playing(tile); }, kSoon));
}

TEST(MediaPlay, SaysWhatIsWrongWithAnAddress) {
    Camera camera;
    Camera foreign({"--encoding", "theora"});
    Wall wall;
    wall.address("camera/none", camera.uri("/other"));
    wall.address("camera/closed", "rtsp://127.0.0.1:1/one");
    wall.address("camera/foreign", foreign.uri());
    wall.address("camera/file", "file:///nowhere/at-all.mp4");
    const uint32_t none = wall.show("camera/none", 320, 180);
    const uint32_t closed = wall.show("camera/closed", 320, 180);
    const uint32_t odd = wall.show("camera/foreign", 320, 180);
    const uint32_t file = wall.show("camera/file", 320, 180);
    EXPECT_TRUE(wall.until([&] { return wall.reason(none) == Reason::not_found; }, kSoon));
    EXPECT_TRUE(wall.until([&] { return wall.reason(closed) == Reason::connect_failed; }, kSoon));
    EXPECT_TRUE(wall.until([&] { return wall.reason(odd) == Reason::no_decoder; }, kSoon));
    EXPECT_TRUE(wall.until([&] { return wall.reason(file) == Reason::not_found; }, kSoon));
    EXPECT_EQ(wall.state(none), SourceState::failed);
    EXPECT_GT(wall.consumer->block(none).next_try_ns.load(), 0);
}

TEST(MediaPlay, AFileThatDoesNotAnswerHoldsUpNobody) {
    Wall wall;
    const auto silent = wall.folder / "silent.mp4";  // its opening blocks until somebody writes
    ASSERT_EQ(mkfifo(silent.c_str(), 0600), 0);
    wall.address("camera/A", "file://" + silent.string());
    wall.address("camera/B", "test://ball");
    const uint32_t stuck = wall.show("camera/A", 320, 180);
    const uint32_t other = wall.show("camera/B", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.take(other) && wall.playing(other); }, kSoon));
    ASSERT_TRUE(wall.until([&] { return wall.reason(stuck) == Reason::connect_failed; }, kSoon));
    EXPECT_TRUE(wall.playing(other));
    EXPECT_TRUE(wall.media.running());
}

TEST(MediaPlay, CredentialsComeFromTheSecretsFileAlone) {
    Camera camera({"--user", "duty", "--password", "s3cret"});
    Wall wall;
    wall.address("camera/T-1", camera.uri());
    const uint32_t tile = wall.show("camera/T-1", 320, 180);
    ASSERT_TRUE(wall.until([&] { return wall.state(tile) == SourceState::unauthorised; }, kSoon));
    EXPECT_EQ(wall.reason(tile), Reason::unauthorised);
    const auto secrets = wall.folder / "site" / "secrets.toml";
    {
        std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(secrets.c_str(), "w"), std::fclose);
        std::fputs("[[camera]]\nid = \"T-1\"\nuser = \"duty\"\npassword = \"s3cret\"\n",
                   file.get());
    }
    std::filesystem::permissions(secrets, std::filesystem::perms(0600));
    wall.hub->send("beaconwall.source.try.v1", "camera/T-1", "{}");
    ASSERT_TRUE(wall.until([&] { return wall.playing(tile); }, kSoon));
    for (const auto& event : wall.hub->heard())
        EXPECT_EQ(event.data.find("s3cret"), std::string::npos);
}

TEST(MediaPlay, DemandThatComesAndGoesLeaksNeitherSurfacesNorMemory) {
    Wall wall;
    wall.address("camera/T-1", "test://ball");
    const uint32_t always = wall.show("camera/T-1", 640, 360);
    ASSERT_TRUE(wall.until([&] { return wall.take(always); }, kSoon));
    const auto change = [&](int times) {
        for (int i = 0; i < times; ++i) {
            const uint32_t tile = wall.show("camera/T-1", i % 2 != 0 ? 480 : 320, 180);
            if (!wall.until([&] { return wall.take(tile); }, kSoon)) return false;
            wall.consumer->release(tile);
        }
        return true;
    };
    ASSERT_TRUE(change(50));
    const int64_t threads = wall.from_proc("Threads"), memory = wall.from_proc("VmRSS");
    // More often than there are numbers: every release is answered.
    ASSERT_TRUE(change(static_cast<int>(surface::kMaxSurfaces)));
    EXPECT_LE(wall.from_proc("Threads"), threads + 2);
    if (!kSanitized) {
        EXPECT_LE(wall.from_proc("VmRSS"), memory + 8 * 1024);
    }
}

TEST(MediaPlay, ReconnectingLeaksNeitherThreadsNorMemory) {
    Camera camera({"--pictures", "12"});  // ends by itself again and again
    Wall wall;
    wall.address("camera/T-1", camera.uri());
    const uint32_t tile = wall.show("camera/T-1", 320, 180);
    const auto reconnects = [&] {
        return json::parse(wall.report())["sources"][0]["reconnects"].get<int>();
    };
    ASSERT_TRUE(wall.until([&] { return wall.playing(tile); }, kSoon));
    const auto rebuild = [&](int times) {
        for (int i = 0; i < times; ++i) {
            const int before = reconnects();
            wall.hub->send("beaconwall.source.try.v1", "camera/T-1", "{}");  // forget the back-off
            if (!wall.until([&] { return reconnects() > before && wall.playing(tile); }, kSoon))
                return false;
        }
        return true;
    };
    ASSERT_TRUE(rebuild(3));  // pools and caches have their size
    const int64_t threads = wall.from_proc("Threads"), memory = wall.from_proc("VmRSS");
    ASSERT_TRUE(rebuild(20));
    EXPECT_LE(wall.from_proc("Threads"), threads + 6);
    // A sanitizer keeps freed memory aside to catch its use: there LeakSanitizer judges, not the
    // resident size.
    if (!kSanitized) {
        EXPECT_LE(wall.from_proc("VmRSS"), memory + 12 * 1024);
    }
}

}  // namespace
}  // namespace bw::media::testing
