// SPDX-License-Identifier: Apache-2.0
// Where a tile's parts lie: pure functions on rectangles. "Content" is what a producer draws; edge
// and caption strip belong to the compositor.
#pragma once

#include <vector>

#include "core/surface/layout.h"
#include "core/wall/scene.h"

namespace bw::compositor {

inline constexpr double kCaptionUnits = 26;  // height of a caption strip, logical units

/// A tile on one display. A content pixel p lies at origin + p * scale on the display.
struct Placement {
    size_t display = 0;
    wall::RectPx tile;   // the whole tile, clipped to the display
    wall::RectPx strip;  // its caption strip; empty: none
    wall::RectPx clip;   // its content, clipped to the display
    int origin_x = 0, origin_y = 0;
    double scale = 1;

    /// A content rectangle on the display, not clipped.
    [[nodiscard]] wall::RectPx on_display(const wall::RectPx& content) const;
};

struct TileGeometry {
    double unit_px = 1;         // display pixels per logical unit
    int width = 0, height = 0;  // of the content, pixels
    std::vector<Placement> placements;
};
TileGeometry place_tile(const wall::ScenePane& pane, const config::Wall& wall);

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
/// The size to ask of media for `box`: its pictures keep their shape and come no larger than that.
/// Where the box is to be covered, a picture of 16:9 is assumed.
Size demanded_size(const wall::RectPx& box, surface::Fit fit);
/// Where a picture of that size is drawn for `box`; it may reach beyond the box (cover).
wall::RectPx picture_rect(const wall::RectPx& box, surface::Fit fit, Size picture);

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
