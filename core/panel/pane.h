// SPDX-License-Identifier: Apache-2.0
// One configured surface: a panel object of the plugin and the writer of its pictures.
#pragma once

#include <beaconwall/panel.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/space_clock.h"
#include "core/events/event.h"
#include "core/surface/link.h"

namespace bw::panel {

/// The JSON part of `configure`, as text where the panel gets text.
struct PaneWish {
    std::string pane, panel, settings, language;
    std::string space = "live";
    base::SpaceClock clock = {};       // of that space
    int32_t utc_offset_minutes = 480;  // of the hall's clock
    std::vector<bw_keepout_t> keepouts = {};
};
/// "invalid" if it is not an object with a pane and a panel, or names a space or a clock that
/// cannot be.
base::Result<PaneWish> parse_wish(std::string_view json);

class Pane {
  public:
    Pane(uint32_t surface, uint64_t handle, PaneWish wish, surface::Producer::Writer writer)
        : surface_(surface),
          handle_(handle),
          wish_(std::move(wish)),
          writer_(std::move(writer)),
          textures_(writer_.textures()) {}
    ~Pane();
    Pane(const Pane&) = delete;
    Pane& operator=(const Pane&) = delete;

    /// Whose code runs now; null: none's, or the plugin's own beginning or end. A panel's calls to
    /// the host come from here: it has one thread.
    [[nodiscard]] static const Pane* called();

    /// The plugin's calls are watched for this surface's tile from here on.
    void watch();
    /// False: the plugin has no such panel.
    bool create(const bw_panel_entry_t& entry, const bw_host_t* host);
    void configure(const std::string& view);
    /// Hands an event over if a prefix of this pane matches.
    void deliver(const events::Event& event, bool replayed);
    void input(const surface::Input& input);

    /// True when there is cause to draw and the last picture was taken; if that is all that lacks,
    /// the link's descriptor turns readable when it is.
    [[nodiscard]] bool wants_draw(int64_t now_ns) const;
    /// Draws and publishes. True if a picture went out; an error means that the panel cannot be
    /// shown. `as_of_ns`: as vouch() has it, said before the picture is seen; 0: the first picture
    /// was vouched for before.
    base::Result<bool> draw(int64_t as_of_ns = 0);
    /// When wants_draw() may turn true by itself; 0: not by time.
    [[nodiscard]] int64_t wake_ns(int64_t now_ns) const;
    /// Tells the compositor up to when this thread has worked through its facts.
    void vouch(int64_t as_of_ns, int64_t now_ns);

    [[nodiscard]] uint32_t surface() const { return surface_; }
    [[nodiscard]] uint64_t handle() const { return handle_; }
    [[nodiscard]] const PaneWish& wish() const { return wish_; }
    [[nodiscard]] int64_t pressed_ns() const { return pressed_ns_; }
    [[nodiscard]] bool subscribed(std::string_view prefix) const;
    std::vector<std::string>& prefixes() { return prefixes_; }
    surface::Textures& textures() { return textures_; }

  private:
    uint32_t surface_;
    uint64_t handle_;
    PaneWish wish_;
    surface::Producer::Writer writer_;
    surface::Textures textures_;
    bw_panel_t* panel_ = nullptr;
    std::vector<std::string> prefixes_;
    bool dirty_ = true;
    int64_t next_draw_ns_ = 0;
    int64_t pressed_ns_ = 0;
};

}  // namespace bw::panel
