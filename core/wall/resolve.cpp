// SPDX-License-Identifier: Apache-2.0
// The layout solver: a layout's grids and panes to a scene.
#include "core/wall/resolve.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/wall/scene_hash.h"
#include "core/wall/tracks.h"

namespace bw::wall {
namespace {

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

/// What panes of any content have in common.
ScenePane scene_pane(const config::Pane& pane, const RectMm& rect) {
    ScenePane out;
    out.id = pane.id;
    out.title = pane.title;
    out.caption = pane.caption;
    out.z = pane.z;
    out.rect = rect;
    out.settings = pane.settings;
    return out;
}

ScenePane panel_pane(const config::Pane& pane, const RectMm& rect) {
    ScenePane out = scene_pane(pane, rect);
    const size_t slash = pane.shows.find('/');
    out.plugin = pane.shows.substr(0, slash);
    out.panel = slash == std::string::npos ? "" : pane.shows.substr(slash + 1);
    return out;
}

ScenePane source_pane(const config::Pane& pane, const RectMm& rect, const std::string& source,
                      const std::vector<config::Camera>& cameras) {
    ScenePane out = scene_pane(pane, rect);
    out.kind = Shows::source;
    out.source = source;
    out.aspect = pane.aspect;
    out.focus_x = pane.focus_x;
    out.focus_y = pane.focus_y;
    for (const config::Camera& camera : cameras)
        if (out.title == config::Text{} && camera.id == source) out.title = camera.name;
    return out;
}

/// "camera/FF-001" in the pane "cams" is the pane "cams/FF-001": no id of a layout has a slash.
std::string cell_id(const config::Pane& pane, const std::string& source) {
    return pane.id + "/" + source.substr(source.find('/') + 1);
}

/// At most `most` of them. Gives how many there are.
size_t add_cells(const config::Wall& wall, const config::Pane& pane, const RectMm& rect,
                 const std::vector<config::Camera>& cameras, size_t most, Scene& scene) {
    const auto cells = source_cells(*pane.sources, rect, kCellGapUnits * config::unit_mm(wall));
    const auto sources = select(pane.sources->query, cameras);
    const size_t count = cells.empty() ? 0 : std::min(sources.size(), most);
    if (count == 0) return 0;
    const auto pages = static_cast<uint32_t>((count + cells.size() - 1) / cells.size());
    config::Pane untitled = pane;  // each cell has the name of its camera
    untitled.title = {};
    untitled.settings = "{}";
    for (size_t i = 0; i < count; ++i) {
        ScenePane cell = source_pane(untitled, cells[i % cells.size()], sources[i]->id, cameras);
        cell.id = cell_id(pane, sources[i]->id);
        cell.grid = pane.id;
        cell.page = static_cast<uint32_t>(i / cells.size());
        cell.pages = pages;
        cell.page_ms = pages > 1 ? pane.sources->page_s * 1000 : 0;
        scene.panes.push_back(std::move(cell));
    }
    return count;
}

}  // namespace

std::string ScenePane::shows() const {
    return kind == Shows::source ? source : plugin + "/" + panel;
}

Scene resolve(const config::Site& site, const config::Layout& layout,
              const std::vector<config::Camera>& cameras, std::optional<SceneSpace> space) {
    std::map<std::string, RectMm> rects;
    for (const config::Grid& grid : layout.grids) place(site.wall, grid, rects);
    Scene scene;
    scene.layout = layout.name;
    scene.title = layout.title;
    scene.transition = layout.transition;
    size_t cells_left = kMaxScenePanes - std::min(layout.panes.size(), kMaxScenePanes);
    for (const config::Pane& pane : layout.panes) {
        const auto at = rects.find(pane.id);
        if (at == rects.end()) continue;
        const RectMm rect = inset(at->second, pane.margin_mm);
        if (pane.sources)
            cells_left -= add_cells(site.wall, pane, rect, cameras, cells_left, scene);
        else if (pane.shows.rfind("camera/", 0) == 0)
            scene.panes.push_back(source_pane(pane, rect, pane.shows, cameras));
        else
            scene.panes.push_back(panel_pane(pane, rect));
    }
    std::stable_sort(scene.panes.begin(), scene.panes.end(),
                     [](const ScenePane& a, const ScenePane& b) { return a.z < b.z; });
    put_into(scene, std::move(space));
    return scene;
}

Scene resolve(const config::Site& site, const config::Layout& layout,
              std::optional<SceneSpace> space) {
    return resolve(site, layout, site.cameras, std::move(space));
}

void put_into(Scene& scene, std::optional<SceneSpace> space) {
    scene.space = std::move(space);
    for (ScenePane& pane : scene.panes)
        pane.space = scene.space ? scene.space->name : std::string(kLiveSpace);
    scene.hash = scene_hash(scene);
}

}  // namespace bw::wall
