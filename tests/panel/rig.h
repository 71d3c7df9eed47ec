// SPDX-License-Identifier: Apache-2.0
// A real beaconwall-panel process with this test as its supervisor, its compositor and its hub.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/control/message.h"
#include "core/sandbox/refusals.h"
#include "core/surface/link.h"
#include "little_hub.h"

namespace bw::test {

std::filesystem::path build_folder();

class Rig {
  public:
    /// Starts the process and hands it `library`.
    explicit Rig(const std::filesystem::path& library);
    ~Rig();
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    /// Turns hub, control and link until `done` or 10 s have passed.
    bool until(const std::function<bool()>& done);
    /// Turns for a while, for what must not happen.
    void turn_for(int64_t ms);

    /// A new compositor: a new link.
    void link();
    uint32_t configure(const std::string& pane, const std::string& panel, uint32_t width = 640,
                       uint32_t height = 480, const std::string& settings = "{}",
                       const std::string& keepouts = "[]");
    /// With what `more` has in the configure message's JSON: space, clock …
    uint32_t configure_with(const std::string& pane, const std::string& panel,
                            const nlohmann::json& more);
    void input(uint32_t surface, uint32_t type, float x, float y);
    /// Takes the newest picture if there is one, and says so to the panel.
    std::optional<surface::DrawList> take(uint32_t surface);
    /// Waits for a picture that `wanted` accepts, taking those before it.
    std::optional<surface::DrawList> picture(
        uint32_t surface, const std::function<bool(const surface::DrawList&)>& wanted);
    std::optional<int> exit_code();

    bool ready = false;
    int beats = 0;
    int stuck = 0;                     // so often it said that a call does not come back
    int crashed = 0;                   // the signal that it said it dies of
    std::string failure;               // of the `failed` message
    std::vector<std::string> refused;  // the calls that it tried and may not make
    struct Refusal {
        uint32_t surface;
        surface::Reason reason;
        std::string text;
    };
    std::vector<Refusal> refusals;
    std::unique_ptr<LittleHub> hub;
    std::unique_ptr<surface::Consumer> consumer;
    std::unique_ptr<control::Channel> channel;
    pid_t pid = 0;

  private:
    void turn();
    void read_control();
    void read_refusals();
    void read_link();
    std::unique_ptr<sandbox::Refusals> refusals_;
    std::filesystem::path folder_;
    std::optional<int> exit_code_;
};

}  // namespace bw::test
