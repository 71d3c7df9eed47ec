// SPDX-License-Identifier: Apache-2.0
// layouts/NAME.toml
#include <fmt/core.h>

#include <algorithm>
#include <sstream>

#include "core/config/readers.h"

namespace bw::config {
namespace {

constexpr size_t kMaxSettingsBytes = 16 * 1024;
// On air and in preview at once they have to fit the 512 surfaces of a link.
constexpr size_t kMaxPanes = 256;

const std::vector<std::string>& hot_keys() {
    static const std::vector<std::string> keys = {"F1", "F2", "F3", "F4",  "F5",  "F6",
                                                  "F7", "F8", "F9", "F10", "F11", "F12"};
    return keys;
}

std::vector<Track> read_tracks(Table& table, std::string_view key, Report& report) {
    std::vector<Track> tracks;
    for (const Node* node : table.strings(key, Need::required)) {
        const auto track = parse_track(node->text);
        if (!track)
            report.add(
                fault::bad_track, node->place,
                fmt::format("found {} in `{}`; allowed: a share such as \"1fr\" (0.01 to 1000) "
                            "or a length such as \"300mm\" (1 to 100000)",
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

Grid read_grid(const Node& node, Report& report, const Known& known) {
    Table table(report, node, "[[grid]]");
    Grid grid;
    grid.display = table.name("display", Need::optional);
    if (!grid.display.empty() && known.displays &&
        !std::count(known.displays->begin(), known.displays->end(), grid.display))
        report.add(fault::unknown_display, table.place_of("display"),
                   fmt::format("found the unknown display {}; allowed: {}", in_quotes(grid.display),
                               allowed_words(*known.displays, grid.display)));
    grid.columns = read_tracks(table, "columns", report);
    grid.rows = read_tracks(table, "rows", report);
    grid.gap_mm = table.number("gap_mm", {0, 1000}, 0);
    grid.margin_mm = table.number("margin_mm", {0, 1000}, 0);
    for (const Node* row : table.strings("areas", Need::required))
        grid.areas.push_back(split_words(row->text));
    table.finish();
    check_fit(grid, node.place, report, known);
    return grid;
}

void check_shows(const Node& node, Report& report, const Known& known) {
    const std::string& shows = node.text;
    const size_t slash = shows.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == shows.size() ||
        shows.find('/', slash + 1) != std::string::npos) {
        report.add(fault::bad_shows, node.place,
                   fmt::format("found {} as `shows`; allowed: \"PLUGIN/PANEL\" or \"camera/ID\"",
                               in_quotes(shows)));
        return;
    }
    if (shows.substr(0, slash) == "camera") {
        if (known.cameras && !std::count(known.cameras->begin(), known.cameras->end(), shows))
            report.add(fault::unknown_source, node.place,
                       fmt::format("found the unknown source {}; allowed (cameras.toml): {}",
                                   in_quotes(shows), allowed_words(*known.cameras, shows)));
        return;
    }
    const auto panels = known.panel_names();
    if (!std::count(panels.begin(), panels.end(), shows))
        report.add(fault::unknown_panel, node.place,
                   fmt::format("found the unknown panel {}; allowed: {}", in_quotes(shows),
                               allowed_words(panels, shows)));
}

Pane read_pane(const Node& node, Report& report, const Known& known) {
    Table table(report, node, "[[pane]]");
    Pane pane;
    pane.id = table.name("id", Need::required);
    if (const Node* shows = table.find("shows", Node::Kind::string, Need::required)) {
        check_shows(*shows, report, known);
        pane.shows = shows->text;
    }
    pane.title = table.text("title");
    pane.caption = table.boolean("caption", true);
    pane.z = static_cast<int>(table.integer("z", {-100, 100}, 0));
    if (const Node* settings = table.find("settings", Node::Kind::table, Need::optional)) {
        pane.settings = to_json(*settings, report);
        if (pane.settings.size() > kMaxSettingsBytes)
            report.add(fault::settings_too_large, settings->place,
                       fmt::format("found {} bytes of settings; allowed: at most {}",
                                   pane.settings.size(), kMaxSettingsBytes));
    }
    table.finish();
    return pane;
}

std::vector<Place> read_panes(Table& table, Layout& layout, Report& report, const Known& known) {
    std::vector<Place> places;
    for (const Node* node : table.tables("pane")) {
        Pane pane = read_pane(*node, report, known);
        if (pane.id.empty()) continue;  // told already
        const bool twice = std::any_of(layout.panes.begin(), layout.panes.end(),
                                       [&](const Pane& other) { return other.id == pane.id; });
        if (twice) {
            report.add(fault::pane_twice, node->place,
                       fmt::format("found pane {} a second time; allowed: each id once", pane.id));
            continue;
        }
        layout.panes.push_back(std::move(pane));
        places.push_back(node->place);
    }
    return places;
}

}  // namespace

LayoutFile read_layout(const Node& root, std::string name, Report& report, const Known& known) {
    LayoutFile file;
    file.file = report.file();
    Layout& layout = file.layout;
    layout.name = std::move(name);
    Table table(report, root, report.file());
    layout.title = table.text("title");
    layout.key = table.find("key") ? table.word("key", hot_keys(), "") : "";
    file.key_at = table.place_of("key");
    table.find("grid", Need::required);
    table.find("pane", Need::required);
    const auto grid_nodes = table.tables("grid");
    for (const Node* node : grid_nodes) layout.grids.push_back(read_grid(*node, report, known));
    const auto pane_places = read_panes(table, layout, report, known);
    if (layout.panes.size() > kMaxPanes)
        report.add(
            fault::too_many_panes, pane_places[kMaxPanes],
            fmt::format("found {} panes; allowed: at most {}", layout.panes.size(), kMaxPanes));
    check_areas(layout, grid_nodes, pane_places, report);
    table.finish();
    return file;
}

}  // namespace bw::config
