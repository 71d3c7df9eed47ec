// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/config/site.h"

namespace bw::config {

/// Moves displays together on the canvas, from where they hang: along each axis, a stretch that no
/// display covers is taken out. What hangs nearest the origin stays. Pure; a display's hang_x_mm
/// and hang_y_mm are read, its x_mm and y_mm written.
void close_up(std::vector<Display>& displays);

}  // namespace bw::config
