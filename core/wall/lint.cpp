// SPDX-License-Identifier: Apache-2.0
#include "core/wall/lint.h"

#include <fmt/core.h>

#include "core/wall/lint_parts.h"
#include "core/wall/snap.h"

namespace bw::wall {
namespace {

// A Chinese character of body text has up to 30 strokes; below 16 pixels they run together.
constexpr double kBodyUnits = 20, kLeastGlyphPx = 16;

void lint_pitch(const config::Site& site, std::vector<config::Fault>& out) {
    for (const config::Display& display : site.wall.displays) {
        const double px = kBodyUnits * config::pixels_per_unit(site.wall, display);
        if (px >= kLeastGlyphPx) continue;
        out.push_back(
            {warning::text_too_coarse, "wall.toml", 0, 0,
             fmt::format("body text on display {} is {:.1f} pixels high for readers at {:.0f} mm; "
                         "a Chinese character needs {:.0f}: check viewing_distance_mm and "
                         "width_mm, or use this display for pictures alone",
                         display.name, px, site.wall.viewing_distance_mm, kLeastGlyphPx)});
    }
}

}  // namespace

void LintLayout::tell(warning::Number number, std::string text) {
    out.push_back({number, "layouts/" + layout.name + ".toml", 0, 0, std::move(text)});
}

void LintLayout::tell(warning::Number number, const ScenePane& pane, const std::string& text) {
    const std::string& name = pane.grid.empty() ? pane.id : pane.grid;
    if (!told.emplace(number, name).second) return;
    tell(number, fmt::format("{} {} {}", pane.grid.empty() ? "pane" : "a cell of", name, text));
}

bool take_turns(const ScenePane& a, const ScenePane& b) {
    return !a.grid.empty() && a.grid == b.grid && a.page != b.page;
}

std::vector<const ScenePane*> in_sight(const Scene& scene) {
    std::vector<const ScenePane*> panes;
    for (const ScenePane& pane : scene.panes)
        if (pane.page == 0) panes.push_back(&pane);
    return panes;
}

RectMm lit_area(const config::Display& display) {
    const double left = snap(display.x_mm), top = snap(display.y_mm);
    return {left, top, snap(display.x_mm + display.width_mm) - left,
            snap(display.y_mm + display.height_mm) - top};
}

std::string listed(const std::vector<std::string>& names) {
    constexpr size_t most = 6;
    std::string text;
    for (size_t i = 0; i < names.size() && i < most; ++i) text += (i ? ", " : "") + names[i];
    return names.size() > most ? fmt::format("{}, … ({} in all)", text, names.size()) : text;
}

std::vector<config::Fault> lint(const config::Site& site, unsigned cores) {
    std::vector<config::Fault> out;
    lint_pitch(site, out);
    for (const config::Layout& layout : site.layouts) {
        const Scene scene = resolve(site, layout);
        LintLayout on{site, layout, scene, out};
        lint_sizes(on);
        lint_bezels(on);
        lint_overlaps(on);
        lint_places(on);
        lint_count(on);
        lint_queries(on);
        lint_budget(on, cores);
    }
    return out;
}

}  // namespace bw::wall
