// SPDX-License-Identifier: Apache-2.0
// bw_host_t and its extensions: turns a plugin's C calls into calls of an Owner. Calls from another
// thread than the one that made it are logged and ignored.
#pragma once

#include <beaconwall/panel.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <thread>

#include "core/base/clock.h"

namespace bw::panel {

class Pane;

/// What a plugin asks for; `handle` is the one given to create.
class Owner {
  public:
    virtual ~Owner() = default;
    virtual void subscribe(uint64_t handle, std::string_view prefix) = 0;
    virtual void command(uint64_t handle, std::string_view type, std::string_view subject,
                         std::string_view data) = 0;
    virtual void save_view(uint64_t handle, std::string_view json) = 0;
    /// On any thread.
    [[nodiscard]] virtual int64_t mono_ns() const { return base::mono_ns(); }
    /// Of the pane whose code calls (Pane::called()); the hall's in a plugin's init and deinit.
    [[nodiscard]] virtual int64_t space_wall_ns() const = 0;
    [[nodiscard]] virtual int32_t utc_offset_s() const = 0;
    /// Of that panel; empty if there is none. Valid until its next configure.
    [[nodiscard]] virtual std::span<const bw_keepout_t> keepouts(uint64_t /*handle*/) { return {}; }
    /// Null: there is no such panel, or it is being destroyed.
    [[nodiscard]] virtual Pane* pane_of(uint64_t /*handle*/) { return nullptr; }
};

class HostApi {
  public:
    /// `glyphs` must stay mapped as long as this object lives.
    HostApi(Owner& owner, std::span<const std::byte> glyphs);
    HostApi(const HostApi&) = delete;
    HostApi& operator=(const HostApi&) = delete;

    [[nodiscard]] const bw_host_t* host() const { return &host_; }
    /// So often a plugin called a function from a thread that may not.
    [[nodiscard]] int foreign_calls() const { return foreign_calls_; }

  private:
    struct Calls;
    Owner& owner_;
    mutable std::atomic<int> foreign_calls_ = 0;
    std::thread::id main_ = std::this_thread::get_id();
    bw_ext_glyphs_t glyphs_{};
    bw_host_t host_{};
};

}  // namespace bw::panel
