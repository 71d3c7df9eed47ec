// SPDX-License-Identifier: Apache-2.0
// Where a grid lies.
#include <algorithm>

#include "core/config/grid_displays.h"
#include "core/wall/resolve.h"
#include "core/wall/snap.h"

namespace bw::wall {

RectMm inset(const RectMm& rect, double margin_mm) {
    const double most = std::max(std::min(rect.width, rect.height), 0.0) / 4;
    const double margin = snap(std::clamp(margin_mm, 0.0, most));
    return {rect.x + margin, rect.y + margin, rect.width - 2 * margin, rect.height - 2 * margin};
}

RectMm grid_area(const config::Wall& wall, const config::Grid& grid) {
    config::Wall part;  // the displays it lies on
    part.viewing_distance_mm = wall.viewing_distance_mm;
    const auto displays = config::displays_of(wall, grid);
    for (const config::Display* display : displays) part.displays.push_back(*display);
    RectMm area = canvas(part);
    double bottom = area.y + area.height;
    for (const config::Display* display : config::bottom_row(displays))
        bottom = std::min(bottom, strip(wall, *display).y);
    area.height = bottom - area.y;
    return inset(area, grid.margin_mm);
}

}  // namespace bw::wall
