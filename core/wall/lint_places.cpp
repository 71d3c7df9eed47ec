// SPDX-License-Identifier: Apache-2.0
// Where panes lie: too small, over bezels, over each other, beside the displays, under a strip.
#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "core/wall/lint_parts.h"

namespace bw::wall {
namespace {

// Ten characters of body text by a title and two lines; a caption of six characters, 16:9.
constexpr double kPanelUnits[] = {200, 120}, kCameraUnits[] = {96, 54};
// Cabinets of an LED wall meet; nothing this thin is seen.
constexpr double kSeamMm = 0.5;
// Gaps of bezels take a few parts of a hundred of any pane; what is missing here has no display.
constexpr double kMostlyLit = 0.75;

using Displays = std::vector<const config::Display*>;

Displays touched(const config::Wall& wall, const RectMm& rect) {
    Displays displays;
    for (const config::Display& display : wall.displays)
        if (!on_display(rect, display).empty()) displays.push_back(&display);
    return displays;
}

/// Between the lit areas of two displays, as they hang; 0: they meet.
double gap_mm(const config::Wall& wall, const config::Display& a, const config::Display& b) {
    const auto x = [&wall](const config::Display& d) {
        return wall.bezel_compensation ? d.x_mm : d.hang_x_mm;
    };
    const auto y = [&wall](const config::Display& d) {
        return wall.bezel_compensation ? d.y_mm : d.hang_y_mm;
    };
    const double across = std::max(x(b) - x(a) - a.width_mm, x(a) - x(b) - b.width_mm);
    const double down = std::max(y(b) - y(a) - a.height_mm, y(a) - y(b) - b.height_mm);
    return std::max({across, down, 0.0});
}

/// The widest gap from one of the displays to the nearest other.
double widest_gap_mm(const config::Wall& wall, const Displays& displays) {
    double widest = 0;
    for (const config::Display* a : displays) {
        double nearest = std::numeric_limits<double>::max();
        for (const config::Display* b : displays)
            if (a != b) nearest = std::min(nearest, gap_mm(wall, *a, *b));
        if (displays.size() > 1) widest = std::max(widest, nearest);
    }
    return widest;
}

double lit_share(const config::Wall& wall, const RectMm& rect) {
    double lit = 0;
    for (const config::Display& display : wall.displays) {
        const RectMm area = lit_area(display);
        const double width =
            std::min(rect.x + rect.width, area.x + area.width) - std::max(rect.x, area.x);
        const double height =
            std::min(rect.y + rect.height, area.y + area.height) - std::max(rect.y, area.y);
        if (width > 0 && height > 0) lit += width * height;
    }
    return lit / std::max(rect.width * rect.height, 1e-9);
}

/// A display on which both are drawn over one another.
const config::Display* shared_pixels(const config::Wall& wall, const ScenePane& a,
                                     const ScenePane& b) {
    for (const config::Display& display : wall.displays)
        if (!intersect(on_display(a.rect, display), on_display(b.rect, display)).empty())
            return &display;
    return nullptr;
}

}  // namespace

void lint_sizes(LintLayout& on) {
    const double unit = config::unit_mm(on.site.wall);
    for (const ScenePane& pane : on.scene.panes) {
        const auto& least = pane.kind == Shows::source ? kCameraUnits : kPanelUnits;
        const double width = pane.rect.width / unit, height = pane.rect.height / unit;
        if (width >= least[0] && height >= least[1]) continue;
        on.tell(warning::pane_too_small, pane,
                fmt::format("is {:.0f} by {:.0f} units large (minutes of arc at the farthest "
                            "reader); {} needs {:.0f} by {:.0f} to be read",
                            width, height, pane.kind == Shows::source ? "a camera" : "a panel",
                            least[0], least[1]));
    }
}

void lint_bezels(LintLayout& on) {
    for (const ScenePane& pane : on.scene.panes) {
        const Displays displays = touched(on.site.wall, pane.rect);
        const double gap = widest_gap_mm(on.site.wall, displays);
        if (gap <= kSeamMm) continue;
        on.tell(warning::across_bezel, pane,
                fmt::format("lies over {} displays with up to {:.1f} mm between them: {} may fall "
                            "on a bezel; end it at the display's edge, or show there what has "
                            "neither",
                            displays.size(), gap,
                            pane.kind == Shows::source ? "a face" : "a line of text"));
    }
}

void lint_overlaps(LintLayout& on) {
    const auto& panes = on.scene.panes;
    for (size_t i = 0; i < panes.size(); ++i) {
        for (size_t k = i + 1; k < panes.size() && panes[k].z == panes[i].z; ++k) {
            if (take_turns(panes[i], panes[k])) continue;
            const config::Display* display = shared_pixels(on.site.wall, panes[i], panes[k]);
            if (!display) continue;
            on.tell(warning::panes_overlap, panes[i],
                    fmt::format("and pane {} lie over one another on display {}, both at z = {}; "
                                "part them, or give the one in front a higher z",
                                panes[k].id, display->name, panes[i].z));
        }
    }
}

void lint_places(LintLayout& on) {
    const config::Wall& wall = on.site.wall;
    for (const ScenePane& pane : on.scene.panes) {
        const Displays displays = touched(wall, pane.rect);
        const double share = lit_share(wall, pane.rect);
        if (displays.empty())
            on.tell(warning::pane_off_wall, pane,
                    "lies on no display: nobody will see it; lay its grid on a display or zone");
        else if (share < kMostlyLit)
            on.tell(warning::pane_partly_off, pane,
                    fmt::format("lies {:.0f} % beside the displays; lay its grid on a display or "
                                "zone",
                                100 * (1 - share)));
        for (const config::Display* display : displays) {
            const RectPx below = on_display(strip(wall, *display), *display);
            if (intersect(on_display(pane.rect, *display), below).empty()) continue;
            on.tell(warning::pane_under_strip, pane,
                    fmt::format("lies under the wall strip of display {}, which hides a part of "
                                "it; end the pane above",
                                display->name));
        }
    }
}

}  // namespace bw::wall
