// SPDX-License-Identifier: Apache-2.0
// Live edits: small changes of a layout while it is on air. Pure functions on the layout, so that
// an edited layout can be taken, undone and saved like any.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/config/site.h"

namespace bw::wall {

struct Edit {
    enum class Op { swap, full, show } op = Op::swap;
    enum class On { display, zone, wall };
    std::string pane;
    std::string other = {};       // swap: the pane it changes places with
    On on = On::display;          // full: over what
    std::string shows = {};       // show: "PLUGIN/PANEL" or "camera/ID"
    std::string settings = "{}";  // show: of a panel, a JSON object
    bool operator==(const Edit&) const = default;
};

/// The edited layout, which config's reader would accept. "unknown": no such pane, source, panel or
/// zone; "invalid": it makes no sense. Both say what there is.
/// - swap: the two panes change places, and who is in front.
/// - full: the pane (or one cell of a source grid, "cams/FF-001") fills the display or zone that it
///   lies on most, or the wall. Panes that it hides are gone, those that it covers in part behind
///   it.
/// - show: the pane gets another content; title, focus and settings of the old one go with it.
base::Result<config::Layout> apply(const config::Site& site,
                                   const std::vector<config::Plugin>& plugins,
                                   config::Layout layout, const Edit& edit);

}  // namespace bw::wall
