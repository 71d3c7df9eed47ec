// SPDX-License-Identifier: Apache-2.0
// The arithmetic of a layout's grids: tracks, areas, and whether all fits.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "core/config/grid_displays.h"
#include "core/config/readers.h"

namespace bw::config {
namespace {

struct Area {
    size_t grid = 0;
    size_t row0 = 0, row1 = 0, column0 = 0, column1 = 0, cells = 0;
    Place place;
};

/// The place of row `row` of a grid's `areas`.
Place row_place(const Node& grid, size_t row) {
    for (const auto& member : grid.members)
        if (member.key == "areas" && row < member.value.items.size())
            return member.value.items[row].place;
    return grid.place;
}

void check_counts(const Grid& grid, const Node& node, Report& report) {
    if (grid.areas.size() != grid.rows.size())
        report.add(fault::row_count, row_place(node, 0),
                   fmt::format("found {} lines of areas for {} rows; allowed: one line per row",
                               grid.areas.size(), grid.rows.size()));
    for (size_t row = 0; row < grid.areas.size(); ++row)
        if (grid.areas[row].size() != grid.columns.size())
            report.add(fault::column_count, row_place(node, row),
                       fmt::format("found {} areas in line {} for {} columns; allowed: one per "
                                   "column (\".\" is empty)",
                                   grid.areas[row].size(), row + 1, grid.columns.size()));
}

using Areas = std::map<std::string, Area>;

void collect(const Grid& grid, size_t index, const Node& node, Areas& areas, Report& report) {
    Areas own;
    for (size_t row = 0; row < grid.areas.size(); ++row) {
        for (size_t column = 0; column < grid.areas[row].size(); ++column) {
            const std::string& name = grid.areas[row][column];
            if (name == ".") continue;
            auto [at, fresh] = own.try_emplace(
                name, Area{index, row, row, column, column, 0, row_place(node, row)});
            Area& area = at->second;
            area.row1 = row;
            area.column0 = std::min(area.column0, column);
            area.column1 = std::max(area.column1, column);
            ++area.cells;
        }
    }
    for (auto& [name, area] : own) {
        const size_t box = (area.row1 - area.row0 + 1) * (area.column1 - area.column0 + 1);
        if (box != area.cells)
            report.add(fault::area_not_rectangle, area.place,
                       fmt::format("found area {} in {} cells that fill no rectangle; allowed: a "
                                   "full rectangle",
                                   in_quotes(name), area.cells));
        if (!areas.emplace(name, area).second)
            report.add(
                fault::area_in_two_grids, area.place,
                fmt::format("found area {} in a second grid; allowed: in one", in_quotes(name)));
    }
}

/// Names: areas without pane, panes without area.
void match(const Layout& layout, const Areas& areas, const std::vector<Place>& pane_places,
           Report& report) {
    std::vector<std::string> ids, names;
    for (const Pane& pane : layout.panes) ids.push_back(pane.id);
    for (const auto& [name, area] : areas) names.push_back(name);
    for (const auto& [name, area] : areas)
        if (!std::count(ids.begin(), ids.end(), name))
            report.add(fault::area_without_pane, area.place,
                       fmt::format("found area {} but no [[pane]] with that id; allowed: {}",
                                   in_quotes(name), allowed_words(ids, name)));
    for (size_t i = 0; i < ids.size(); ++i)
        if (!areas.count(ids[i]))
            report.add(fault::pane_without_area, pane_places[i],
                       fmt::format("found pane {} that stands in no grid's areas; allowed: {}",
                                   in_quotes(ids[i]), allowed_words(names, ids[i])));
}

/// Millimetres that fixed tracks, gaps and margins take; each fraction needs its minimum, at
/// least one more.
double least(const std::vector<Track>& tracks, const Grid& grid) {
    double sum = 2 * grid.margin_mm;
    if (!tracks.empty()) sum += grid.gap_mm * static_cast<double>(tracks.size() - 1);
    for (const Track& track : tracks)
        sum +=
            track.unit == Track::Unit::millimetres ? track.value : std::max(track.minimum_mm, 1.0);
    return sum;
}

void tell_unfit(const char* what, double need, double room, const char* where, Place place,
                Report& report) {
    if (need <= room) return;
    report.add(
        fault::grid_does_not_fit, place,
        fmt::format("found {} that take at least {:.0f} mm with gaps and margins; allowed: at "
                    "most the {:.0f} mm there are{}",
                    what, need, room, where));
}

}  // namespace

void check_fit(const Grid& grid, Place place, Report& report, const Known& known) {
    if (!known.wall) return;
    const auto displays = displays_of(*known.wall, grid);
    double left = 1e9, right = -1e9, top = 1e9, bottom = 1e9;
    for (const Display* display : displays) {
        left = std::min(left, display->x_mm);
        right = std::max(right, display->x_mm + display->width_mm);
        top = std::min(top, display->y_mm);
    }
    bool over_strip = false;
    for (const Display* display : bottom_row(displays)) {
        double end = display->y_mm + display->height_mm;
        if (has_strip(*known.wall, *display)) {
            end -= kStripUnits * unit_mm(*known.wall);
            over_strip = true;
        }
        bottom = std::min(bottom, end);
    }
    if (right <= left || bottom <= top) return;  // an unknown or impossible display: told already
    tell_unfit("columns", least(grid.columns, grid), right - left, "", place, report);
    tell_unfit("rows", least(grid.rows, grid), bottom - top,
               over_strip ? " above the wall strip" : "", place, report);
}

void check_areas(const Layout& layout, const std::vector<const Node*>& grid_nodes,
                 const std::vector<Place>& pane_places, Report& report) {
    Areas areas;
    for (size_t i = 0; i < layout.grids.size(); ++i) {
        check_counts(layout.grids[i], *grid_nodes[i], report);
        collect(layout.grids[i], i, *grid_nodes[i], areas, report);
    }
    match(layout, areas, pane_places, report);
}

}  // namespace bw::config
