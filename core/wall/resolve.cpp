// SPDX-License-Identifier: Apache-2.0
// The layout solver: grid tracks to rectangles.
#include <algorithm>
#include <map>

#include "core/wall/scene.h"
#include "core/wall/scene_hash.h"
#include "core/wall/snap.h"

namespace bw::wall {
namespace {

/// Where each track begins and ends.
struct Edges {
    std::vector<double> begin, end;
};

/// Fixed tracks get their length, the others share the rest. What cannot fit (a site without faults
/// has none of that) is shrunk evenly, so that this is total.
Edges lay_out(const std::vector<config::Track>& tracks, double begin, double length, double gap) {
    using Unit = config::Track::Unit;
    double fixed = 0, shares = 0;
    for (const auto& track : tracks)
        (track.unit == Unit::millimetres ? fixed : shares) += track.value;
    const double count = static_cast<double>(tracks.size());
    if (count > 1) gap = std::min(gap, std::max(length, 0.0) / (2 * (count - 1)));
    const double room = std::max(length - gap * std::max(count - 1, 0.0), 0.0);
    const double shrink = fixed > room ? room / fixed : 1;
    const double share = shares > 0 ? std::max(room - fixed, 0.0) / shares : 0;
    Edges edges;
    double at = begin;
    for (const auto& track : tracks) {
        edges.begin.push_back(snap(at));
        at += track.value * (track.unit == Unit::millimetres ? shrink : share);
        edges.end.push_back(snap(at));
        at += gap;
    }
    return edges;
}

RectMm grid_area(const config::Wall& wall, const config::Grid& grid) {
    RectMm area = canvas(wall);
    double strip_mm = 0;
    for (const config::Display& display : wall.displays) {
        const RectMm below = strip(wall, display);
        if (display.name == grid.display) {
            area = {below.x, snap(display.y_mm), below.width, below.y - snap(display.y_mm)};
            strip_mm = 0;
            break;
        }
        // A grid on the whole wall ends above the strips of the lowest displays.
        if (below.y + below.height >= area.y + area.height)
            strip_mm = std::max(strip_mm, below.height);
    }
    area.height -= strip_mm;
    const double margin =
        snap(std::clamp(grid.margin_mm, 0.0, std::max(std::min(area.width, area.height), 0.0) / 4));
    return {area.x + margin, area.y + margin, area.width - 2 * margin, area.height - 2 * margin};
}

RectMm span(const Edges& columns, const Edges& rows, size_t column0, size_t column1, size_t row0,
            size_t row1) {
    const double x = columns.begin[column0], y = rows.begin[row0];
    return {x, y, columns.end[column1] - x, rows.end[row1] - y};
}

void place(const config::Wall& wall, const config::Grid& grid,
           std::map<std::string, RectMm>& rects) {
    const RectMm area = grid_area(wall, grid);
    const Edges columns = lay_out(grid.columns, area.x, area.width, grid.gap_mm);
    const Edges rows = lay_out(grid.rows, area.y, area.height, grid.gap_mm);
    struct Cells {
        size_t column0, column1, row0, row1;
    };
    std::map<std::string, Cells> cells;
    for (size_t row = 0; row < grid.areas.size() && row < grid.rows.size(); ++row) {
        for (size_t column = 0; column < grid.areas[row].size() && column < grid.columns.size();
             ++column) {
            const std::string& name = grid.areas[row][column];
            if (name == ".") continue;
            auto [at, fresh] = cells.try_emplace(name, Cells{column, column, row, row});
            at->second.column0 = std::min(at->second.column0, column);
            at->second.column1 = std::max(at->second.column1, column);
            at->second.row1 = row;
        }
    }
    for (const auto& [name, c] : cells)
        rects[name] = span(columns, rows, c.column0, c.column1, c.row0, c.row1);
}

ScenePane scene_pane(const config::Site& site, const config::Pane& pane, const RectMm& rect) {
    ScenePane out;
    out.id = pane.id;
    const size_t slash = pane.shows.find('/');
    if (pane.shows.rfind("camera/", 0) == 0) {
        out.kind = Shows::source;
        out.source = pane.shows;
    } else {
        out.plugin = pane.shows.substr(0, slash);
        out.panel = slash == std::string::npos ? "" : pane.shows.substr(slash + 1);
    }
    out.title = pane.title;
    if (out.kind == Shows::source && out.title == config::Text{}) {
        for (const config::Camera& camera : site.cameras)
            if (camera.id == out.source) out.title = camera.name;
    }
    out.caption = pane.caption;
    out.z = pane.z;
    out.rect = rect;
    out.settings = pane.settings;
    return out;
}

}  // namespace

std::string ScenePane::shows() const {
    return kind == Shows::source ? source : plugin + "/" + panel;
}

Scene resolve(const config::Site& site, const config::Layout& layout) {
    std::map<std::string, RectMm> rects;
    for (const config::Grid& grid : layout.grids) place(site.wall, grid, rects);
    Scene scene;
    scene.layout = layout.name;
    scene.title = layout.title;
    scene.transition = layout.transition;
    for (const config::Pane& pane : layout.panes) {
        const auto at = rects.find(pane.id);
        if (at != rects.end()) scene.panes.push_back(scene_pane(site, pane, at->second));
    }
    std::stable_sort(scene.panes.begin(), scene.panes.end(),
                     [](const ScenePane& a, const ScenePane& b) { return a.z < b.z; });
    scene.hash = scene_hash(scene);
    return scene;
}

}  // namespace bw::wall
