// SPDX-License-Identifier: Apache-2.0
// [[grid]] of a layout
#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "core/config/layout_readers.h"

namespace bw::config {
namespace {

std::vector<Track> read_tracks(Table& table, std::string_view key, Report& report) {
    std::vector<Track> tracks;
    for (const Node* node : table.strings(key, Need::required)) {
        const auto track = parse_track(node->text);
        if (!track)
            report.add(fault::bad_track, node->place,
                       fmt::format("found {} in `{}`; allowed: a share such as \"1fr\" (0.01 to "
                                   "1000), a length such as \"300mm\" (1 to 100000), or a share "
                                   "with the least it may be: \"minmax(300mm, 1fr)\"",
                                   in_quotes(node->text), key));
        tracks.push_back(track.value_or(Track{}));
    }
    return tracks;
}

std::vector<std::string> split_words(const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

void check_display(const Grid& grid, Place place, Report& report, const Known& known) {
    if (grid.display.empty() || !known.displays) return;
    if (std::count(known.displays->begin(), known.displays->end(), grid.display)) return;
    report.add(fault::unknown_display, place,
               fmt::format("found the unknown display {}; allowed: {}", in_quotes(grid.display),
                           allowed_words(*known.displays, grid.display)));
}

void check_zone(const Grid& grid, Place place, Report& report, const Known& known) {
    if (grid.zone.empty() || !known.wall) return;
    std::vector<std::string> names;
    for (const Zone& zone : known.wall->zones) names.push_back(zone.name);
    // A zone without a name could be any.
    if (std::count(names.begin(), names.end(), grid.zone) ||
        std::count(names.begin(), names.end(), ""))
        return;
    report.add(fault::unknown_zone, place,
               fmt::format("found the unknown zone {}; allowed: {}", in_quotes(grid.zone),
                           allowed_words(names, grid.zone)));
}

}  // namespace

Grid read_grid(const Node& node, Report& report, const Known& known) {
    Table table(report, node, "[[grid]]");
    Grid grid;
    grid.display = table.name("display", Need::optional);
    check_display(grid, table.place_of("display"), report, known);
    grid.zone = table.name("zone", Need::optional);
    check_zone(grid, table.place_of("zone"), report, known);
    const bool both = table.find("display") && table.find("zone");
    if (both)
        report.add(fault::zone_and_display, table.place_of("zone"),
                   "found `zone` and `display` of one grid; allowed: one of the two, or neither "
                   "for the whole wall");
    grid.columns = read_tracks(table, "columns", report);
    grid.rows = read_tracks(table, "rows", report);
    grid.gap_mm = table.number("gap_mm", {0, 1000}, 0);
    grid.margin_mm = table.number("margin_mm", {0, 1000}, 0);
    for (const Node* row : table.strings("areas", Need::required))
        grid.areas.push_back(split_words(row->text));
    table.finish();
    if (!both) check_fit(grid, node.place, report, known);
    return grid;
}

}  // namespace bw::config
