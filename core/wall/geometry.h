// SPDX-License-Identifier: Apache-2.0
// Millimetres to pixels, beyond what a scene needs: whole edges, exact places, and the pixels of an
// output behind a display that hangs turned. Pure functions.
#pragma once

#include <vector>

#include "core/wall/scene.h"

namespace bw::wall {

struct PointPx {
    double x = 0, y = 0;
    bool operator==(const PointPx&) const = default;
};

/// Where a point of the canvas lies on a display, in pixels as it hangs; may lie beside it.
PointPx exact_place(double x_mm, double y_mm, const config::Display& display);
/// As on_display(), but not cut at the display's edges.
RectPx project(const RectMm& rect, const config::Display& display);

struct SizePx {
    int width = 0, height = 0;
    bool operator==(const SizePx&) const = default;
};
/// The mode that the display's output must have: its pixels before it was turned.
SizePx output_size(const config::Display& display);
/// Where a rectangle of the display, as it hangs, lies on its output. Every pixel has one place
/// there, and every place one pixel. A picture drawn as it hangs is turned against the monitor's
/// own turn on its way out.
RectPx to_output(const RectPx& hung, const config::Display& display);
/// The way back, for pointers.
RectPx from_output(const RectPx& native, const config::Display& display);

/// What of a rectangle of the canvas no display shows: bezels, gaps, and what lies beside the wall,
/// as rectangles that do not overlap. Where two displays meet without a gap, a rectangle without
/// width or without height marks the seam.
std::vector<RectMm> keepouts(const RectMm& rect, const std::vector<config::Display>& displays);

}  // namespace bw::wall
