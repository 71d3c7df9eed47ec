// SPDX-License-Identifier: Apache-2.0
// layouts/NAME.toml
#include <fmt/core.h>

#include <algorithm>

#include "core/config/layout_readers.h"

namespace bw::config {
namespace {

// On air and in preview at once they have to fit the 512 surfaces of a link.
constexpr size_t kMaxPanes = 256;

const std::vector<std::string>& hot_keys() {
    static const std::vector<std::string> keys = {"F1", "F2", "F3", "F4",  "F5",  "F6",
                                                  "F7", "F8", "F9", "F10", "F11", "F12"};
    return keys;
}

constexpr int64_t kTransitionMs = 400;
constexpr Range kTransitionRangeMs{1, 10000};

Transition read_transition(Table& layout, Report& report) {
    Transition transition;
    const Node* node = layout.find("transition", Node::Kind::table, Need::optional);
    if (!node) return transition;
    Table table(report, *node, "`transition`");
    table.find("kind", Need::required);
    const std::string kind = table.word("kind", {"cut", "fade", "push"}, "cut");
    const int64_t ms = table.integer("ms", kTransitionRangeMs, kTransitionMs);
    if (kind != "cut") {
        transition.kind = kind == "fade" ? Transition::Kind::fade : Transition::Kind::push;
        transition.duration_ms = static_cast<uint32_t>(ms);
    } else if (table.find("ms") && table.find("kind")) {
        report.add(fault::no_effect, table.place_of("ms"),
                   "found `ms` of a cut, which takes no time; allowed: with \"fade\" and \"push\"");
    }
    table.finish();
    return transition;
}

/// Pictures that may be in sight at once.
size_t cells(const Pane& pane) {
    return pane.sources ? size_t{pane.sources->columns} * pane.sources->rows : 1;
}

void check_count(const Layout& layout, const std::vector<Place>& places, Report& report) {
    size_t count = 0;
    for (const Pane& pane : layout.panes) count += cells(pane);
    if (count <= kMaxPanes) return;
    size_t at = 0;
    for (size_t sum = cells(layout.panes[0]); sum <= kMaxPanes; sum += cells(layout.panes[at]))
        ++at;
    report.add(fault::too_many_panes, places[at],
               fmt::format("found {} panes, each cell of `sources` counted; allowed: at most {}",
                           count, kMaxPanes));
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
    layout.transition = read_transition(table, report);
    table.find("grid", Need::required);
    table.find("pane", Need::required);
    const auto grid_nodes = table.tables("grid");
    for (const Node* node : grid_nodes) layout.grids.push_back(read_grid(*node, report, known));
    const auto pane_places = read_panes(table, layout, report, known);
    check_count(layout, pane_places, report);
    check_areas(layout, grid_nodes, pane_places, report);
    table.finish();
    return file;
}

}  // namespace bw::config
