// SPDX-License-Identifier: Apache-2.0
// Plays one plugin's panel process: the product's own code for loading a panel library and drawing
// its panes, fed with recorded events, in this process and with clocks that stand still.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/config/site.h"
#include "core/events/event.h"
#include "core/panel/host_api.h"
#include "core/panel/pane.h"
#include "core/panel/plugin.h"
#include "core/surface/link.h"

namespace bw::golden {

class PanelPlayer : public panel::Owner {
  public:
    /// `glyphs` and `events` must outlive it.
    PanelPlayer(const config::Plugin& plugin, std::span<const std::byte> glyphs,
                const std::vector<events::Event>& events, int32_t utc_offset_minutes,
                std::unique_ptr<surface::Producer> producer);
    ~PanelPlayer() override;
    /// Obeys the compositor and draws what there is to draw. True: something happened.
    bool turn();

    void subscribe(uint64_t handle, std::string_view prefix) override;
    void command(uint64_t, std::string_view, std::string_view, std::string_view) override {}
    void save_view(uint64_t, std::string_view) override {}
    [[nodiscard]] int64_t space_wall_ns() const override;
    [[nodiscard]] int32_t utc_offset_s() const override { return utc_offset_minutes_ * 60; }
    [[nodiscard]] std::span<const bw_keepout_t> keepouts(uint64_t handle) override;

    [[nodiscard]] panel::Pane* pane_of(uint64_t handle) override;

  private:
    void configure(const surface::Received& message);

    const std::vector<events::Event>& events_;
    int32_t utc_offset_minutes_;
    std::unique_ptr<surface::Producer> producer_;
    panel::HostApi api_;
    std::unique_ptr<panel::Plugin> plugin_;
    std::map<uint32_t, std::unique_ptr<panel::Pane>> panes_;
    panel::Pane* being_made_ = nullptr;
    uint64_t next_handle_ = 1;
};

}  // namespace bw::golden
