// SPDX-License-Identifier: Apache-2.0
#include "core/config/grid_displays.h"

#include <algorithm>

namespace bw::config {
namespace {

const Zone* find_zone(const Wall& wall, const std::string& name) {
    for (const Zone& zone : wall.zones)
        if (zone.name == name) return &zone;
    return nullptr;
}

double bottom(const Display& display) {
    return display.y_mm + display.height_mm;
}

const Zone* zone_of(const Wall& wall, const std::string& display) {
    for (const Zone& zone : wall.zones)
        if (std::count(zone.displays.begin(), zone.displays.end(), display) != 0) return &zone;
    return nullptr;
}

/// Hangs right below, of one zone with it: the wall goes on there.
bool goes_on_below(const Wall& wall, const Display& display, const Display& other) {
    const double gap = other.hang_y_mm - (display.hang_y_mm + display.height_mm);
    const bool beside = other.hang_x_mm >= display.hang_x_mm + display.width_mm - 1 ||
                        display.hang_x_mm >= other.hang_x_mm + other.width_mm - 1;
    return !beside && gap > -1 && gap < display.height_mm / 2 &&
           zone_of(wall, display.name) == zone_of(wall, other.name);
}

}  // namespace

std::vector<const Display*> displays_of(const Wall& wall, const Grid& grid) {
    const Zone* zone = find_zone(wall, grid.zone);
    if (!grid.zone.empty() && !zone) return {};
    std::vector<const Display*> displays;
    for (const Display& display : wall.displays) {
        if (!grid.display.empty() && display.name != grid.display) continue;
        if (zone && std::count(zone->displays.begin(), zone->displays.end(), display.name) == 0)
            continue;
        displays.push_back(&display);
    }
    return displays;
}

std::vector<const Display*> bottom_row(const std::vector<const Display*>& displays) {
    std::vector<const Display*> row;
    if (displays.empty()) return row;
    double lowest = bottom(*displays.front());
    for (const Display* display : displays) lowest = std::max(lowest, bottom(*display));
    for (const Display* display : displays)
        if (bottom(*display) >= lowest - display->height_mm / 2) row.push_back(display);
    return row;
}

bool has_strip(const Wall& wall, const Display& display) {
    return std::none_of(wall.displays.begin(), wall.displays.end(),
                        [&](const Display& other) { return goes_on_below(wall, display, other); });
}

}  // namespace bw::config
