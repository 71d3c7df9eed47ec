// SPDX-License-Identifier: Apache-2.0
// The panel process: one plugin library, all its panes, one thread, one loop.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/shm.h"
#include "core/control/message.h"
#include "core/events/client.h"
#include "core/panel/facts.h"
#include "core/panel/host_api.h"
#include "core/panel/pane.h"
#include "core/panel/plugin.h"
#include "core/schema/folder.h"
#include "core/surface/link.h"

namespace bw::panel {

class Host : public Owner {
  public:
    /// Takes over what `start` carried, opens the wire and loads the plugin. Its errors are for the
    /// supervisor's `failed` message.
    static base::Result<std::unique_ptr<Host>> start(control::Channel& channel,
                                                     control::Received& start);
    ~Host() override;

    /// Until `stop`, SIGTERM or the supervisor's end. Returns the exit code.
    int run();

    void subscribe(uint64_t handle, std::string_view prefix) override;
    void command(uint64_t handle, std::string_view type, std::string_view subject,
                 std::string_view data) override;
    void save_view(uint64_t handle, std::string_view json) override;
    [[nodiscard]] int64_t space_wall_ns() const override;
    [[nodiscard]] int32_t utc_offset_s() const override { return utc_offset_minutes_ * 60; }
    [[nodiscard]] std::span<const bw_keepout_t> keepouts(uint64_t handle) override;
    [[nodiscard]] Pane* pane_of(uint64_t handle) override;

  private:
    explicit Host(control::Channel& channel) : channel_(channel) {}

    int give_up();
    bool read_control();
    void on_link(control::Received& message);
    void drop_link();
    void read_link();
    void on_message(const surface::Received& message);
    void on_configure(const surface::Received& message);
    void on_input(const surface::Received& message);
    /// What of a pane's settings the plugin's schema does not let through; empty: it has none, or
    /// all is well.
    [[nodiscard]] std::string settings_fault(const PaneWish& wish) const;
    void refuse(uint32_t surface, surface::Reason reason, const std::string& text);

    /// Facts of the pane's space; asks the hub for them where it is the first pane there.
    SpaceFacts& enter(const PaneWish& wish);
    /// Lets go of spaces that no pane is in any more.
    void leave_spaces();
    void on_view(SpaceFacts& facts, const events::Event& event);
    void on_event(const events::Event& event, bool replayed);
    void deliver_missed();
    void draw_panes();
    void vouch();
    [[nodiscard]] int wait_ms() const;
    void drop_pane(uint32_t surface);
    void drop_panes();

    control::Channel& channel_;
    control::Beat beat_;
    base::Mapping glyphs_;
    std::unique_ptr<HostApi> api_;
    std::unique_ptr<events::Client> wire_;
    std::unique_ptr<surface::Producer> link_;
    base::UniqueFd stop_signals_;
    bool retiring_ = false;
    std::string failed_;              // why it cannot go on; empty: it can
    schema::ByName settings_;         // of the plugin's panels
    std::unique_ptr<Plugin> plugin_;  // outlives the panes below

    std::map<uint32_t, std::unique_ptr<Pane>> panes_;  // by surface
    Pane* being_made_ = nullptr;                       // create() may already subscribe
    uint64_t next_handle_ = 1;
    int32_t utc_offset_minutes_ = 480;  // the hall's: each configure message says it
    struct Missed {
        uint64_t handle;
        std::string prefix;
    };
    std::vector<Missed> missed_;  // replays from last values, due when the plugin's call is over
    Spaces spaces_;               // of the panes, and always the live one
};

}  // namespace bw::panel
