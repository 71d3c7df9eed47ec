// SPDX-License-Identifier: Apache-2.0
// The real beaconwall-media process between a supervisor, a compositor and a hub that the test
// plays, over the real links.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/control/message.h"
#include "core/surface/link.h"
#include "tests/media/fake_hub.h"

namespace bw::media::testing {

/// A started program; killed and reaped by the destructor.
class Child {
  public:
    Child() = default;
    /// `third`: becomes descriptor 3 of the child; -1: none. Its stdout is read by line().
    Child(std::vector<std::string> command, int third, bool keep_output);
    Child(Child&& other) noexcept { *this = std::move(other); }
    Child& operator=(Child&& other) noexcept;
    ~Child() { end(); }
    void signal(int number) const;
    void end();
    [[nodiscard]] std::string line();
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] bool running();

  private:
    pid_t pid_ = -1;
    base::UniqueFd output_;
};

/// tests/media/rtsp_server with these arguments.
struct Camera {
    explicit Camera(std::vector<std::string> arguments = {});
    Child process;
    int port = 0;
    [[nodiscard]] std::string uri(const std::string& mount = "/one") const;
};

class Wall {
  public:
    Wall();
    ~Wall();
    /// Runs all ends until `done` or the deadline; false: it did not happen.
    bool until(const std::function<bool()>& done, double seconds);
    /// A new link, as after a new compositor.
    void new_link();
    uint32_t show(const std::string& source, uint32_t width, uint32_t height,
                  surface::SlotKind kind = surface::SlotKind::rgba);
    void address(const std::string& source, const std::string& uri);
    /// A main and a sub stream; `standby`: received also while nobody looks.
    void address(const std::string& source, const std::string& main, const std::string& sub,
                 bool standby = false);
    void record(const std::string& source, const std::string& data);
    /// Takes what is fresh; true if there was something.
    bool take(uint32_t surface);

    surface::SourceState state(uint32_t surface) const;
    surface::Reason reason(uint32_t surface) const;
    int64_t age_ns(uint32_t surface) const;
    bool playing(uint32_t surface) const { return state(surface) == surface::SourceState::playing; }
    /// The data of a fresh report.
    std::string report();
    /// From /proc: threads, and resident memory in KiB.
    [[nodiscard]] int64_t from_proc(const std::string& field) const;

    std::filesystem::path folder;
    std::unique_ptr<FakeHub> hub;
    std::unique_ptr<surface::Consumer> consumer;
    surface::Picture picture;  // of the last take()
    Child media;

  private:
    void pump();
    std::unique_ptr<control::Channel> control_;
    uint64_t incarnation_ = 0;
    int asked_ = 0;
};

}  // namespace bw::media::testing
