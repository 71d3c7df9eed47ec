// SPDX-License-Identifier: Apache-2.0
// Where a tile's parts lie: pure functions on rectangles. "Content" is what a producer draws; edge
// and caption strip belong to the compositor.
#pragma once

#include <span>
#include <vector>

#include "core/surface/layout.h"
#include "core/wall/scene.h"

namespace bw::compositor {

inline constexpr double kCaptionUnits = 26;  // height of a caption strip, logical units

/// A tile on one display. A content pixel p lies at origin + p * scale on the display.
struct Placement {
    size_t display = 0;
    wall::RectPx tile;               // the whole tile, clipped to the display
    wall::RectPx strip;              // its caption strip; empty: none
    wall::RectPx clip;               // its content, clipped to the display
    std::vector<wall::RectPx> seen;  // what of the tile no tile above it covers
    int origin_x = 0, origin_y = 0;
    double scale = 1;

    /// A content rectangle on the display, not clipped.
    [[nodiscard]] wall::RectPx on_display(const wall::RectPx& content) const;
    /// Every display pixel that shows something of a content rectangle; scaled pixels blend.
    [[nodiscard]] wall::RectPx covering(const wall::RectPx& content) const;
};

struct TileGeometry {
    double unit_px = 1;         // display pixels per logical unit
    int width = 0, height = 0;  // of the content, pixels
    std::vector<Placement> placements;
    // What of the content no display shows; without width or height: a seam between two displays.
    std::vector<wall::RectPx> keepouts;
};
/// A picture without a caption fills its pane: an edge would cost it two pixels, and a camera whose
/// pane has the very size (or three quarters, or half) of its picture a slow scaling.
bool has_edge(const wall::ScenePane& pane);
TileGeometry place_tile(const wall::ScenePane& pane, const config::Wall& wall);
/// Fills `seen` of every placement; tiles are opaque, later ones lie above earlier ones.
void find_seen(std::span<TileGeometry* const> tiles);

/// A video inside a panel's content: its own small tile.
struct VideoBox {
    wall::RectPx strip;  // caption strip at its top; empty: none
    wall::RectPx box;    // where its picture goes
};
VideoBox place_video(const surface::VideoCommand& command, double unit_px);

struct Size {
    int width = 0, height = 0;
    bool operator==(const Size&) const = default;
};
/// What of a picture stays in sight where it is cut: shares of its width and height, 0..1.
struct Focus {
    double x = 0.5, y = 0.5;
    auto operator<=>(const Focus&) const = default;
};
surface::Fit fit_of(config::Aspect aspect);
/// The size to ask of media for `box`. Media cut and stretch what they send to a box that is to be
/// covered or filled, so that it is copied pixel for pixel; what keeps its shape comes no larger
/// than the box. No side is longer than `most`: a larger picture comes smaller, in the box's shape.
Size demanded_size(const wall::RectPx& box, int most = surface::kMaxSide);
/// Where a picture of that size is drawn for `box`. It may reach beyond the box (cover): then its
/// focus is as near to the middle of the box as its edges allow.
wall::RectPx picture_rect(const wall::RectPx& box, surface::Fit fit, Size picture,
                          const Focus& focus = {});

/// The whole of a wall rectangle in a display's pixels, also what lies beside the display.
wall::RectPx on_display_unclipped(const wall::RectMm& rect, const config::Display& display);

/// What of `whole` none of `parts` covers, as rectangles that do not overlap.
std::vector<wall::RectPx> uncovered(const wall::RectPx& whole,
                                    const std::vector<wall::RectPx>& parts);

/// The whole wall as one picture, displays as they hang, no larger than `most`.
struct WallView {
    Size size;
    std::vector<wall::RectPx> places;  // one per display
};
WallView wall_view(const config::Wall& wall, Size most);

}  // namespace bw::compositor
