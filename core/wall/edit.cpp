// SPDX-License-Identifier: Apache-2.0
#include "core/wall/edit.h"

#include <algorithm>
#include <map>

#include "core/config/reader.h"
#include "core/schema/schema.h"
#include "core/wall/hold.h"
#include "core/wall/scene.h"

namespace bw::wall {
namespace {

using config::Layout;
using Names = std::vector<std::string>;
constexpr int kMostZ = 100;  // of a layout's file

base::Error unknown(const std::string& what, const std::string& name, const Names& allowed) {
    return {"unknown", "there is no " + what + " " + config::in_quotes(name) +
                           "; there are: " + config::allowed_words(allowed, name)};
}

config::Pane* find(Layout& layout, const std::string& id) {
    const auto found = std::find_if(layout.panes.begin(), layout.panes.end(),
                                    [&](const config::Pane& p) { return p.id == id; });
    return found == layout.panes.end() ? nullptr : &*found;
}

base::Error no_pane(Layout& layout, const std::string& id) {
    const std::string grid = id.substr(0, id.find('/'));
    const config::Pane* pane = find(layout, grid);
    if (grid != id && pane != nullptr && pane->sources)
        return {"invalid", id + " is a cell of " + grid +
                               ", which fills itself from a query; name the pane " + grid};
    Names ids;
    for (const config::Pane& p : layout.panes) ids.push_back(p.id);
    return unknown("pane", id, ids);
}

/// Calls `change(cell)` with the name in each cell of each grid's areas.
template <class Change>
void each_cell(Layout& layout, Change change) {
    for (config::Grid& grid : layout.grids)
        for (auto& row : grid.areas)
            for (std::string& cell : row) change(cell);
}

base::Result<Layout> swap(Layout layout, const Edit& edit) {
    config::Pane* a = find(layout, edit.pane);
    config::Pane* b = find(layout, edit.other);
    if (a == nullptr) return no_pane(layout, edit.pane);
    if (b == nullptr) return no_pane(layout, edit.other);
    if (a == b) return base::Error{"invalid", "a pane cannot change places with itself"};
    each_cell(layout, [&](std::string& cell) {
        if (cell == edit.pane)
            cell = edit.other;
        else if (cell == edit.other)
            cell = edit.pane;
    });
    std::swap(a->z, b->z);
    return layout;
}

/// The box of what is seen of each pane; a source grid that finds nothing has none.
std::map<std::string, RectMm> boxes(const Scene& scene) {
    std::map<std::string, RectMm> out;
    for (const ScenePane& pane : scene.panes) {
        const auto [at, fresh] =
            out.try_emplace(pane.grid.empty() ? pane.id : pane.grid, pane.rect);
        RectMm& box = at->second;
        const double right = std::max(box.x + box.width, pane.rect.x + pane.rect.width);
        const double bottom = std::max(box.y + box.height, pane.rect.y + pane.rect.height);
        box.x = std::min(box.x, pane.rect.x);
        box.y = std::min(box.y, pane.rect.y);
        box.width = right - box.x;
        box.height = bottom - box.y;
    }
    return out;
}

double shared_area(const RectMm& a, const RectMm& b) {
    if (!touches(a, b)) return 0;
    return (std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x)) *
           (std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y));
}

bool inside(const RectMm& a, const RectMm& b) {
    return a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width &&
           a.y + a.height <= b.y + b.height;
}

const config::Display* display_under(const config::Wall& wall, const RectMm& rect) {
    const config::Display* most = nullptr;
    double area = 0;
    for (const config::Display& d : wall.displays) {
        const double here = shared_area(rect, {d.x_mm, d.y_mm, d.width_mm, d.height_mm});
        if (here > area) most = &d, area = here;
    }
    return most;
}

const config::Zone* zone_under(const config::Wall& wall, const RectMm& rect) {
    const config::Zone* most = nullptr;
    double area = 0;
    for (const config::Zone& zone : wall.zones) {
        double here = 0;
        for (const config::Display& d : wall.displays)
            if (std::count(zone.displays.begin(), zone.displays.end(), d.name) != 0)
                here += shared_area(rect, {d.x_mm, d.y_mm, d.width_mm, d.height_mm});
        if (here > area) most = &zone, area = here;
    }
    return most;
}

/// A grid of one cell over what the edit names.
base::Result<config::Grid> target(const config::Wall& wall, const Edit& edit, const RectMm& rect) {
    config::Grid grid;
    grid.columns = grid.rows = {config::Track{}};
    grid.areas = {{edit.pane}};
    if (edit.on == Edit::On::display) {
        const config::Display* display = display_under(wall, rect);
        if (display == nullptr)
            return base::Error{"invalid", "the pane " + edit.pane + " lies on no display"};
        grid.display = display->name;
    }
    if (edit.on == Edit::On::zone) {
        const config::Zone* zone = zone_under(wall, rect);
        if (zone == nullptr)
            return base::Error{"unknown", "the pane " + edit.pane +
                                              " lies in no zone of this wall; it can fill its "
                                              "display or the wall"};
        grid.zone = zone->name;
    }
    return grid;
}

void remove(Layout& layout, const std::string& id) {
    std::erase_if(layout.panes, [&](const config::Pane& p) { return p.id == id; });
    each_cell(layout, [&](std::string& cell) {
        if (cell == id) cell = ".";
    });
}

bool is_empty(const config::Grid& grid) {
    return std::all_of(grid.areas.begin(), grid.areas.end(), [](const auto& row) {
        return std::all_of(row.begin(), row.end(),
                           [](const std::string& cell) { return cell == "."; });
    });
}

/// The cell "cams/FF-001" of a source grid as a pane of its own.
std::optional<config::Pane> pane_of_cell(Layout& layout, const Scene& scene,
                                         const std::string& id) {
    const auto cell = std::find_if(scene.panes.begin(), scene.panes.end(),
                                   [&](const ScenePane& p) { return p.id == id; });
    if (cell == scene.panes.end() || cell->grid.empty()) return std::nullopt;
    const config::Pane* grid = find(layout, cell->grid);
    if (grid == nullptr) return std::nullopt;
    config::Pane pane;
    pane.id = cell->grid + "-" + cell->source.substr(cell->source.find('/') + 1);
    while (find(layout, pane.id) != nullptr) pane.id += "-";
    pane.shows = cell->source;
    pane.caption = grid->caption;
    pane.aspect = grid->aspect;
    pane.focus_x = grid->focus_x;
    pane.focus_y = grid->focus_y;
    return pane;
}

base::Result<Layout> full(const config::Site& site, Layout layout, const Edit& edit) {
    const Scene before = resolve(site, layout);
    config::Pane pane;
    RectMm rect;
    if (const config::Pane* own = find(layout, edit.pane)) {
        pane = *own;
        const auto all = boxes(before);
        const auto at = all.find(pane.id);
        if (at == all.end())
            return base::Error{"invalid", "the pane " + pane.id + " shows nothing at the moment"};
        rect = at->second;
        remove(layout, pane.id);
    } else if (auto cell = pane_of_cell(layout, before, edit.pane)) {
        pane = std::move(*cell);
        for (const ScenePane& p : before.panes)
            if (p.id == edit.pane) rect = p.rect;
    } else {
        return no_pane(layout, edit.pane);
    }
    auto grid = target(site.wall, edit, rect);
    if (!grid) return grid.error();
    grid->areas = {{pane.id}};
    pane.margin_mm = 0;
    layout.grids.push_back(std::move(*grid));
    layout.panes.push_back(pane);
    const auto after = boxes(resolve(site, layout));
    const auto over = after.find(pane.id);
    if (over == after.end()) return base::Error{"invalid", "there is no room for " + pane.id};
    int front = pane.z;
    for (const auto& [id, box] : after) {
        if (id == pane.id || !touches(box, over->second)) continue;
        if (inside(box, over->second))
            remove(layout, id);
        else
            front = std::max(front, std::min(find(layout, id)->z + 1, kMostZ));
    }
    layout.panes.back().z = front;  // the last of those with that number is in front
    std::erase_if(layout.grids, is_empty);
    return layout;
}

const config::Plugin::Panel* find_panel(const std::vector<config::Plugin>& plugins,
                                        const std::string& shows) {
    for (const config::Plugin& plugin : plugins)
        for (const auto& panel : plugin.panels)
            if (plugin.name + "/" + panel.id == shows) return &panel;
    return nullptr;
}

base::Error no_content(const config::Site& site, const std::vector<config::Plugin>& plugins,
                       const std::string& shows) {
    Names names;
    const bool camera = shows.rfind("camera/", 0) == 0;
    if (camera)
        for (const config::Camera& c : site.cameras) names.push_back(c.id);
    else
        for (const config::Plugin& plugin : plugins)
            for (const auto& panel : plugin.panels) names.push_back(plugin.name + "/" + panel.id);
    return unknown(camera ? "source" : "panel", shows, names);
}

base::Result<Layout> show(const config::Site& site, const std::vector<config::Plugin>& plugins,
                          Layout layout, const Edit& edit) {
    config::Pane* pane = find(layout, edit.pane);
    if (pane == nullptr) return no_pane(layout, edit.pane);
    const auto* panel = find_panel(plugins, edit.shows);
    const bool camera = std::any_of(site.cameras.begin(), site.cameras.end(),
                                    [&](const config::Camera& c) { return c.id == edit.shows; });
    if (panel == nullptr && !camera) return no_content(site, plugins, edit.shows);
    if (panel != nullptr && panel->settings != nullptr)
        if (const auto wrong = panel->settings->check_text(edit.settings))
            return base::Error{
                "invalid", wrong->text("settings") + " (the schema of " + edit.shows + " says so)"};
    config::Pane shown;
    shown.id = pane->id;
    shown.shows = edit.shows;
    shown.z = pane->z;
    shown.margin_mm = pane->margin_mm;
    shown.settings = edit.settings;
    if (camera) shown.aspect = pane->aspect;
    if (panel != nullptr) shown.title = panel->title;  // of a camera it is the camera's
    *pane = std::move(shown);
    return layout;
}

}  // namespace

base::Result<Layout> apply(const config::Site& site, const std::vector<config::Plugin>& plugins,
                           Layout layout, const Edit& edit) {
    switch (edit.op) {
        case Edit::Op::swap:
            return swap(std::move(layout), edit);
        case Edit::Op::full:
            return full(site, std::move(layout), edit);
        case Edit::Op::show:
            break;
    }
    return show(site, plugins, std::move(layout), edit);
}

}  // namespace bw::wall
