// SPDX-License-Identifier: Apache-2.0
// Which display of wall.toml is shown by which output of the machine. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/config/site.h"
#include "core/wall/edid.h"

namespace bw::wall {

/// A connected output as the window system lists it.
struct PluggedOutput {
    std::string connector;     // "DP-1"
    std::optional<Edid> edid;  // none: the monitor (or an adapter) tells nothing, or garbage
    int x = 0, y = 0;          // on the desktop, pixels
    int width = 0,
        height = 0;  // of its mode, as the desktop has it; 0: connected, but switched off
    double refresh_hz = 0;
    bool turned = false;  // the window system turns the picture itself
    bool operator==(const PluggedOutput&) const = default;
    [[nodiscard]] bool on() const { return width > 0 && height > 0; }
};

/// The index of the partner on the other side, if there is one.
struct Binding {
    std::vector<std::optional<size_t>> output_of;    // per display
    std::vector<std::optional<size_t>> display_of;   // per output
    std::vector<std::optional<size_t>> expected_at;  // per output that shows no display: the
                                                     // display whose wish names its connector
    bool operator==(const Binding&) const = default;
};

/// True when every part of the wish that names a monitor (maker, model, serial) is what the EDID
/// says. A wish without such a part is not met by any.
bool is_wished(const config::Output& wish, const Edid& edid);

/// Identity first, then connector; displays without a wish take what is left in the order of their
/// place. In doubt a display stays without an output: nobody's picture comes to a monitor that may
/// be another's. Outputs that are switched off are left alone.
Binding bind_outputs(const std::vector<config::Display>& displays,
                     const std::vector<PluggedOutput>& outputs);

/// "DEL · DELL U2720Q · ABC123" of a monitor or of a wish; a part that is not given is left out.
std::string identity_words(const std::string& maker, const std::string& model,
                           const std::string& serial);

}  // namespace bw::wall
