// SPDX-License-Identifier: Apache-2.0
// Which displays a grid lies on, and which strips end it: what the check of a layout and its solver
// have to agree on.
#pragma once

#include <vector>

#include "core/config/site.h"

namespace bw::config {

/// Of the grid's display or zone, or all; none if `wall` has no such thing. Pointers into `wall`.
std::vector<const Display*> displays_of(const Wall& wall, const Grid& grid);
/// Those whose wall strip ends a grid on all of them: the lower edge is at most half the display's
/// height above the lowest of all. The strips of displays above them lie across such a grid.
std::vector<const Display*> bottom_row(const std::vector<const Display*>& displays);

/// Whether the display has a wall strip: not one with another of its zone right below.
bool has_strip(const Wall& wall, const Display& display);

}  // namespace bw::config
