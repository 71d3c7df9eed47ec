// SPDX-License-Identifier: Apache-2.0
// Geometry and scenes: pure functions on rectangles. A scene is a layout resolved for a wall:
// immutable, with a hash.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/config/site.h"
#include "core/wall/scene_space.h"

namespace bw::wall {

/// On the wall's canvas, millimetres, origin top left.
struct RectMm {
    double x = 0, y = 0, width = 0, height = 0;
    bool operator==(const RectMm&) const = default;
};
/// On one display, whole pixels.
struct RectPx {
    int x = 0, y = 0, width = 0, height = 0;
    [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
    bool operator==(const RectPx&) const = default;
};
RectPx intersect(const RectPx& a, const RectPx& b);
RectPx bounds(const RectPx& a, const RectPx& b);  // of two; an empty one does not count

enum class Shows { panel, source };

struct ScenePane {
    std::string id;
    Shows kind = Shows::panel;
    std::string plugin, panel;  // kind panel
    std::string source;         // kind source: "camera/FF-001"
    config::Text title;
    bool caption = true;
    int z = 0;
    RectMm rect;
    config::Aspect aspect = config::Aspect::fit;  // kind source
    double focus_x = 0.5, focus_y = 0.5;
    // Cells of a source grid that has more sources than cells: shown in turn, by the clock that all
    // compositors share. Page (wall clock in ms / page_ms) % pages is in sight.
    std::string grid;  // the layout's pane; empty: not of a grid
    uint32_t page = 0, pages = 1, page_ms = 0;
    std::string settings = "{}";
    std::string space{kLiveSpace};  // the scene's: never another
    bool operator==(const ScenePane&) const = default;
    /// "camera/FF-001" or "flood_gauges/basin", as the status names it.
    [[nodiscard]] std::string shows() const;
};

struct Scene {
    std::string hash;  // SHA-256 (hex, first 32 digits) of everything below but `take`
    std::string layout;
    config::Text title;
    config::Transition transition;         // by default, into this scene
    uint64_t take = 0;                     // 0: not taken (a preview)
    std::optional<SceneSpace> space = {};  // none: what is live
    std::vector<ScenePane> panes;          // in drawing order
    bool operator==(const Scene&) const = default;
};

/// The wall strip takes this many logical units along the bottom of each display. The compositor
/// draws it; no grid covers it.
inline constexpr int kStripUnits = config::kStripUnits;
/// Where the strip lies, on the wall. Through on_display() it meets the panes above it exactly.
RectMm strip(const config::Wall& wall, const config::Display& display);

/// Lays the grids out. Total: a site without faults always resolves. Source grids are filled from
/// `site.cameras`. All panes are in `space`.
Scene resolve(const config::Site& site, const config::Layout& layout,
              std::optional<SceneSpace> space = {});
/// Puts the scene and all its panes into a space (none: live), and gives it its new hash.
void put_into(Scene& scene, std::optional<SceneSpace> space);
std::string to_json(const Scene& scene);
/// "invalid" with the reason; the hash is recomputed and must match.
base::Result<Scene> parse_scene(std::string_view json);

/// Where a wall rectangle falls on a display (edges rounded so that neighbours never overlap or
/// leave a gap); empty: not there.
RectPx on_display(const RectMm& rect, const config::Display& display);
/// Pixels of a pane's picture: at the densest pitch it touches.
RectPx picture_size(const RectMm& rect, const std::vector<config::Display>& displays);
/// Pixels per logical unit, on the densest display a pane touches. One unit is one minute of arc at
/// the farthest reader: distance * tan(1/60 degree) / pitch. So the sizes of design/look.md are
/// unit counts: caption 16, body 20, title 28, display 60.
double unit_scale(const RectMm& rect, const config::Wall& wall);
/// The box of all displays.
RectMm canvas(const config::Wall& wall);
/// The box of a zone's displays; empty: there is no such zone.
RectMm zone_box(const config::Wall& wall, std::string_view zone);

}  // namespace bw::wall
