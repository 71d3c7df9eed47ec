// SPDX-License-Identifier: Apache-2.0
// The real program under a supervisor that the test plays: a remembered scene, producers over real
// links, its picture by the mirror, and what it does when the supervisor dies. No hub runs.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "core/base/packet.h"
#include "core/compositor/pen.h"
#include "core/compositor/scene_memory.h"
#include "core/control/message.h"
#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {
namespace {

using namespace std::chrono_literals;
using control::Kind;
using testing::FakeProducer;

constexpr uint32_t kGreen = 0xFF00FF00;

class Process : public ::testing::Test {
  protected:
    void SetUp() override {
        char name[] = "/tmp/bw-compositor-XXXXXX";
        folder_ = ::mkdtemp(name);
        write_site();
        auto pair = base::packet_pair();
        ASSERT_TRUE(pair.ok());
        control_ = std::make_unique<control::Channel>(std::move(pair->first));
        auto memory = base::make_sealed_memfd("scene", 2 << 20);
        ASSERT_TRUE(memory.ok());
        memory_fd_ = std::move(*memory);
        wall::Scene scene = wall::resolve(site_, site_.layouts.front(), space_);
        scene.take = 7;
        SceneMemory::map(memory_fd_.get())->write(scene);
        spawn(pair->second.get());
        control::Message start;
        start.kind = Kind::start;
        std::array<int, 2> fds{testing::atlas_fd(), memory_fd_.get()};
        ASSERT_TRUE(control_->send(start, fds).ok());
    }
    void TearDown() override {
        control_.reset();
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        std::filesystem::remove_all(folder_);
    }
    void write_site() {
        std::filesystem::create_directories(folder_ / "site/layouts");
        std::filesystem::create_directories(folder_ / "run");
        std::ofstream(folder_ / "site/wall.toml")
            << "title = { zh = \"试\", en = \"Test\" }\nlanguage = \"en\"\nviewing_distance_mm = "
               "3438\nfirst_layout = \"one\"\n[[display]]\nname = \"main\"\nx_mm = 0\ny_mm = "
               "0\nwidth_mm = 640\nheight_mm = 480\nwidth_px = 640\nheight_px = 480\n";
        std::ofstream(folder_ / "site/cameras.toml")
            << "[[camera]]\nid = \"A\"\nname = { zh = \"甲\", en = \"Alpha\" }\nkind = \"forest\"\n"
               "place = \"nowhere\"\nmain = \"rtsp://127.0.0.1:9/a\"\n";
        std::ofstream(folder_ / "site/layouts/one.toml")
            << "title = { zh = \"一\", en = \"One\" }\n[[grid]]\ndisplay = \"main\"\ncolumns = "
               "[\"1fr\"]\nrows = [\"1fr\"]\nareas = [\"cam\"]\n[[pane]]\nid = \"cam\"\nshows = "
               "\"camera/A\"\n";
        auto loaded = config::load_site(folder_ / "site", {});
        for (const auto& fault : loaded.faults) ADD_FAILURE() << config::to_string(fault);
        site_ = std::move(loaded.value);
    }
    void spawn(int control_fd) {
        const char* build = std::getenv("BEACONWALL_BUILD");
        ASSERT_NE(build, nullptr);
        std::string program = std::string(build) + "/libexec/beaconwall-compositor";
        std::string site = folder_ / "site", run = folder_ / "run";
        pid_ = ::fork();
        if (pid_ != 0) return;
        ::dup2(control_fd, control::kControlFd);  // without close-on-exec
        ::execl(program.c_str(), program.c_str(), "--site", site.c_str(), "--run-dir", run.c_str(),
                "--state-dir", run.c_str(), "--headless", nullptr);
        ::_exit(127);
    }
    bool until(const std::function<bool()>& done, std::chrono::seconds limit = 60s) {
        auto end = std::chrono::steady_clock::now() + limit;
        while (std::chrono::steady_clock::now() < end) {
            while (true) {
                auto message = control_ ? control_->receive() : base::Error{"closed", ""};
                if (!message.ok()) break;
                heard_.push_back(message->message.kind);
            }
            if (done()) return true;
            std::this_thread::sleep_for(5ms);
        }
        return false;
    }
    bool heard(Kind kind) { return std::count(heard_.begin(), heard_.end(), kind) > 0; }
    // Sends one end of a new link; `mine` is what stays here.
    surface::LinkFds link(const std::string& name, control::Direction direction) {
        auto fds = surface::make_link(64 << 20);
        EXPECT_TRUE(fds.ok());
        control::Message message;
        message.kind = Kind::link;
        message.set_name(name);
        message.value = {static_cast<int64_t>(direction), 64 << 20, 0, 0};
        bool consume = direction == control::Direction::consume;
        std::array<int, 3> sent{consume ? fds->consumer_socket.get() : fds->producer_socket.get(),
                                fds->arena.get(), fds->page.get()};
        EXPECT_TRUE(control_->send(message, sent).ok());
        return std::move(*fds);
    }
    std::unique_ptr<FakeProducer> media() {
        auto fds = link("media:0", control::Direction::consume);
        auto producer = surface::Producer::open(std::move(fds.producer_socket),
                                                std::move(fds.arena), std::move(fds.page));
        return std::make_unique<FakeProducer>(std::move(*producer));
    }
    // Looks at the wall as the console does.
    void open_mirror() {
        auto fds = link("console", control::Direction::produce);
        auto consumer = surface::Consumer::open(std::move(fds.consumer_socket),
                                                std::move(fds.arena), std::move(fds.page));
        mirror_ = std::move(*consumer);
        auto surface = mirror_->configure({640, 480, 1, surface::SlotKind::rgba, 0, "{}"});
        ASSERT_TRUE(surface.ok());
        mirror_surface_ = *surface;
    }
    std::optional<uint32_t> pixel(int x, int y) {
        (void)mirror_->send(surface::Kind::want, mirror_surface_,
                            base::mono_ns() + 2 * base::kSecond);
        auto picture = mirror_->take(mirror_surface_);
        if (picture.ok() && picture->has_value()) {
            mirrored_.resize(size_t{640} * 480);
            std::memcpy(mirrored_.data(), (*picture)->payload, mirrored_.size() * 4);
        }
        if (mirrored_.empty()) return std::nullopt;
        return mirrored_[static_cast<size_t>(y) * 640 + static_cast<size_t>(x)];
    }

    std::filesystem::path folder_;
    config::Site site_;
    std::optional<wall::SceneSpace> space_;  // of the remembered scene
    base::UniqueFd memory_fd_;
    std::unique_ptr<control::Channel> control_;
    std::vector<Kind> heard_;
    std::unique_ptr<surface::Consumer> mirror_;
    uint32_t mirror_surface_ = 0;
    std::vector<uint32_t> mirrored_;  // the last picture; nothing new comes of a still wall
    pid_t pid_ = -1;
};

TEST_F(Process, ShowsTheRememberedSceneWithoutAHub) {
    auto camera = media();
    open_mirror();
    FakeProducer::Surface* surface = nullptr;
    ASSERT_TRUE(until([&] {
        camera->read();
        surface = camera->surface_with("camera/A");
        return surface != nullptr;
    }));
    EXPECT_TRUE(until([&] { return heard(Kind::ready); }));
    EXPECT_FALSE(heard(Kind::wall_ready));  // its one picture is not there yet
    FakeProducer::fill(*surface, kGreen);
    EXPECT_TRUE(until([&] { return pixel(320, 240) == kGreen; }));
    EXPECT_TRUE(until([&] { return heard(Kind::wall_ready); }));
    std::ifstream drawn(folder_ / "run/compositor.drawn");
    pid_t said = 0;
    EXPECT_TRUE(until([&] { return static_cast<bool>(drawn >> said); }));
    EXPECT_EQ(said, pid_);
}

/// It died while this was on the air, and is there again: no hub has said anything yet.
class ProcessInExercise : public Process {
  protected:
    ProcessInExercise() { space_ = {"drill", wall::SceneSpace::Kind::exercise, {}, 1, 1, 1}; }
    /// Of the wall strip's right end, where the band's word stands on its own ground.
    bool band_seen() {
        for (int x = 560; x < 640; ++x)
            if (pixel(x, 460) == colour::kExercise) return true;
        return false;
    }
};
class ProcessInReplay : public ProcessInExercise {
  protected:
    ProcessInReplay() { space_->kind = wall::SceneSpace::Kind::replay; }
};

TEST_F(ProcessInExercise, ComesBackWithTheBandAndLiveCameras) {
    auto camera = media();
    open_mirror();
    FakeProducer::Surface* surface = nullptr;
    ASSERT_TRUE(until([&] {
        camera->read();
        surface = camera->surface_with("camera/A");
        return surface != nullptr;
    }));
    FakeProducer::fill(*surface, kGreen);
    EXPECT_TRUE(until([&] { return pixel(320, 240) == kGreen; }));
    EXPECT_TRUE(until([&] { return band_seen(); }));
}

TEST_F(ProcessInReplay, ComesBackWithTheBandAndAsksForNoCamera) {
    auto camera = media();
    open_mirror();
    EXPECT_TRUE(until([&] { return heard(Kind::wall_ready); }));  // it waits for no picture
    EXPECT_TRUE(until([&] { return band_seen(); }));
    camera->read();
    EXPECT_TRUE(camera->surfaces.empty());
    EXPECT_NE(pixel(320, 240), kGreen);
}

TEST_F(Process, DimsALostPictureByItself) {
    auto camera = media();
    open_mirror();
    FakeProducer::Surface* surface = nullptr;
    ASSERT_TRUE(until([&] {
        camera->read();
        surface = camera->surface_with("camera/A");
        return surface != nullptr;
    }));
    FakeProducer::fill(*surface, kGreen);
    ASSERT_TRUE(until([&] { return pixel(100, 200) == kGreen; }));
    // Nothing more comes: after ten seconds the picture is dimmed without any message to it.
    EXPECT_TRUE(until([&] {
        auto now = pixel(100, 200);
        return now && (*now >> 8 & 0xFF) < 200;
    }));
}

TEST_F(Process, WithoutItsSupervisorItStaysUntilASuccessorHasDrawn) {
    auto camera = media();
    FakeProducer::Surface* surface = nullptr;
    ASSERT_TRUE(until([&] {
        camera->read();
        surface = camera->surface_with("camera/A");
        return surface != nullptr;
    }));
    FakeProducer::fill(*surface, kGreen);
    ASSERT_TRUE(until([&] { return heard(Kind::wall_ready); }));
    control_.reset();
    std::this_thread::sleep_for(1s);  // long enough to leave, if it were to leave by itself
    EXPECT_EQ(::waitpid(pid_, nullptr, WNOHANG), 0);
    std::ofstream(folder_ / "run/successor") << 1 << "\n";
    std::filesystem::rename(folder_ / "run/successor", folder_ / "run/compositor.drawn");
    int status = -1;
    EXPECT_TRUE(until([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; }));
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    pid_ = -1;
}

TEST_F(Process, EndsWhenToldTo) {
    ASSERT_TRUE(until([&] { return heard(Kind::ready); }));
    control::Message stop;
    stop.kind = Kind::stop;
    ASSERT_TRUE(control_->send(stop).ok());
    EXPECT_TRUE(until([&] { return ::waitpid(pid_, nullptr, WNOHANG) == pid_; }));
    pid_ = -1;
}

}  // namespace
}  // namespace bw::compositor
