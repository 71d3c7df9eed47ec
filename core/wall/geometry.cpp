// SPDX-License-Identifier: Apache-2.0
#include "core/wall/geometry.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/config/grid_displays.h"
#include "core/wall/snap.h"

namespace bw::wall {
namespace {

/// An edge half a pixel in goes to the right on every display that shows it, whatever the sums that
/// led there made of its last bits.
constexpr double kTie = 1e-6;

/// Monotonic, and the same for the same edge: neighbours cannot overlap or leave a gap.
int to_px(double px) {
    constexpr double most = std::numeric_limits<int>::max() / 4;
    return static_cast<int>(std::clamp(std::floor(px + 0.5 + kTie), -most, most));
}

const config::Display* densest(const RectMm& rect, const std::vector<config::Display>& displays) {
    const config::Display* best = nullptr;
    for (const config::Display& display : displays) {
        if (on_display(rect, display).empty()) continue;
        if (!best || display.width_px * best->width_mm > best->width_px * display.width_mm)
            best = &display;
    }
    return best;
}

}  // namespace

PointPx exact_place(double x_mm, double y_mm, const config::Display& display) {
    // Not from a rounded corner: two displays of one pitch that meet without a gap then show one
    // raster, and a pane over both loses no pixel.
    return {(x_mm - display.x_mm) * display.width_px / display.width_mm,
            (y_mm - display.y_mm) * display.height_px / display.height_mm};
}

RectPx project(const RectMm& rect, const config::Display& display) {
    const PointPx begin = exact_place(rect.x, rect.y, display);
    const PointPx end = exact_place(rect.x + rect.width, rect.y + rect.height, display);
    const int left = to_px(begin.x), top = to_px(begin.y);
    return {left, top, to_px(end.x) - left, to_px(end.y) - top};
}

RectPx intersect(const RectPx& a, const RectPx& b) {
    const int left = std::max(a.x, b.x), top = std::max(a.y, b.y);
    const int right = std::min(a.x + a.width, b.x + b.width);
    const int bottom = std::min(a.y + a.height, b.y + b.height);
    if (a.empty() || b.empty() || right <= left || bottom <= top) return {};
    return {left, top, right - left, bottom - top};
}

RectPx bounds(const RectPx& a, const RectPx& b) {
    if (a.empty()) return b.empty() ? RectPx{} : b;
    if (b.empty()) return a;
    const int left = std::min(a.x, b.x), top = std::min(a.y, b.y);
    return {left, top, std::max(a.x + a.width, b.x + b.width) - left,
            std::max(a.y + a.height, b.y + b.height) - top};
}

RectPx on_display(const RectMm& rect, const config::Display& display) {
    const RectPx screen{0, 0, static_cast<int>(display.width_px),
                        static_cast<int>(display.height_px)};
    return intersect(project(rect, display), screen);
}

RectPx picture_size(const RectMm& rect, const std::vector<config::Display>& displays) {
    const config::Display* display = densest(rect, displays);
    if (!display) return {};
    const RectPx whole = project(rect, *display);
    return {0, 0, std::max(whole.width, 1), std::max(whole.height, 1)};
}

double unit_scale(const RectMm& rect, const config::Wall& wall) {
    if (const config::Display* display = densest(rect, wall.displays))
        return config::pixels_per_unit(wall, *display);
    double scale = 0;  // on no display: as on the densest of all
    for (const config::Display& display : wall.displays)
        scale = std::max(scale, config::pixels_per_unit(wall, display));
    return scale;
}

namespace {

RectMm box(const std::vector<config::Display>& displays) {
    if (displays.empty()) return {};
    constexpr double far = std::numeric_limits<double>::max();
    double left = far, top = far, right = -far, bottom = -far;
    for (const config::Display& display : displays) {
        left = std::min(left, snap(display.x_mm));
        top = std::min(top, snap(display.y_mm));
        right = std::max(right, snap(display.x_mm + display.width_mm));
        bottom = std::max(bottom, snap(display.y_mm + display.height_mm));
    }
    return {left, top, right - left, bottom - top};
}

}  // namespace

RectMm canvas(const config::Wall& wall) {
    return box(wall.displays);
}

RectMm zone_box(const config::Wall& wall, std::string_view name) {
    const auto zone = std::find_if(wall.zones.begin(), wall.zones.end(),
                                   [name](const config::Zone& z) { return z.name == name; });
    if (zone == wall.zones.end()) return {};
    std::vector<config::Display> displays;
    for (const config::Display& display : wall.displays)
        if (std::count(zone->displays.begin(), zone->displays.end(), display.name) != 0)
            displays.push_back(display);
    return box(displays);
}

// A display with another of its zone right below has no strip: without height, at its bottom.
RectMm strip(const config::Wall& wall, const config::Display& display) {
    const double left = snap(display.x_mm), right = snap(display.x_mm + display.width_mm);
    const double bottom = snap(display.y_mm + display.height_mm);
    if (!config::has_strip(wall, display)) return {left, bottom, right - left, 0};
    const double top = snap(bottom - kStripUnits * config::unit_mm(wall));
    return {left, top, right - left, bottom - top};
}

}  // namespace bw::wall
