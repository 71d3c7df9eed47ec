// SPDX-License-Identifier: Apache-2.0
// The service half of the SDK: a program that talks to the field and publishes events.
// Single-threaded but for post(): everything runs in run(). See plugins/flood_gauges/service.cpp
// for a whole one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/events/client.h"

namespace bw::sdk {

/// What the supervisor tells a service in its environment: BEACONWALL_WIRE_FD,
/// BEACONWALL_WIRE_PATH, BEACONWALL_SITE (folder), BEACONWALL_LANGUAGE, BEACONWALL_PLUGIN (name),
/// BEACONWALL_STATE (a folder of its own, made on demand).
class Service {
  public:
    /// Exits the process with 2 and a line that says what is missing when not started by the
    /// supervisor.
    static std::unique_ptr<Service> from_environment();
    virtual ~Service() = default;

    virtual events::Client& wire() = 0;
    /// The plugin's name; the hub calls this service "service:NAME".
    [[nodiscard]] virtual const std::string& name() const = 0;
    [[nodiscard]] virtual const std::filesystem::path& site() const = 0;
    [[nodiscard]] virtual std::filesystem::path site_data() const = 0;  // SITE/data
    [[nodiscard]] virtual const std::string& language() const = 0;
    /// A folder of the service's own that outlives it; made when asked for. Empty if it was given
    /// none.
    [[nodiscard]] virtual std::filesystem::path state() const = 0;
    /// Calls `tick` every `interval_ms` (never in bursts: late ticks are skipped).
    virtual void every(int64_t interval_ms, std::function<void()> tick) = 0;
    /// Calls `once` after `delay_ms`.
    virtual void after(int64_t delay_ms, std::function<void()> once) = 0;
    /// Watches another descriptor for reading.
    virtual void watch(int fd, std::function<void()> ready) = 0;
    /// Runs `task` in run(), in the order of the calls, for what another thread has to tell. Any
    /// thread; never waits. Tasks that run() did not come to are dropped with the service, so end
    /// such a thread before.
    virtual void post(std::function<void()> task) = 0;
    /// Until SIGTERM, or until `wire` is cut for good. Returns the process's exit code.
    virtual int run() = 0;
};

}  // namespace bw::sdk
