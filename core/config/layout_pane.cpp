// SPDX-License-Identifier: Apache-2.0
// [[pane]] of a layout
#include <fmt/core.h>

#include <algorithm>

#include "core/config/layout_readers.h"

namespace bw::config {
namespace {

constexpr Range kMarginMm{0, 1000};
constexpr const char* kSources = "sources";

enum class Content { unknown, panel, camera, sources };

void check_known(const Node& node, const std::vector<std::string>& allowed, bool camera,
                 Report& report) {
    if (std::count(allowed.begin(), allowed.end(), node.text)) return;
    report.add(camera ? fault::unknown_source : fault::unknown_panel, node.place,
               fmt::format("found the unknown {} {}; allowed{}: {}", camera ? "source" : "panel",
                           in_quotes(node.text), camera ? " (cameras.toml)" : "",
                           allowed_words(allowed, node.text)));
}

Content check_shows(const Node& node, Report& report, const Known& known) {
    const std::string& shows = node.text;
    if (shows == kSources) return Content::sources;
    const size_t slash = shows.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == shows.size() ||
        shows.find('/', slash + 1) != std::string::npos) {
        report.add(fault::bad_shows, node.place,
                   fmt::format("found {} as `shows`; allowed: \"PLUGIN/PANEL\", \"camera/ID\" or "
                               "\"sources\"",
                               in_quotes(shows)));
        return Content::unknown;
    }
    if (shows.substr(0, slash) != "camera") {
        check_known(node, known.panel_names(), false, report);
        return Content::panel;
    }
    if (known.cameras) check_known(node, *known.cameras, true, report);
    return Content::camera;
}

void read_content(Table& table, Pane& pane, Content content, Report& report, const Known& known) {
    const Node* sources = table.find(kSources, Node::Kind::table, Need::optional);
    if (sources) pane.sources = read_sources(*sources, report, known);
    const bool told = content == Content::unknown || (!sources && table.find(kSources));
    if (told || (content == Content::sources) == (sources != nullptr)) return;
    report.add(fault::sources_apart, table.place_of(sources ? kSources : "shows"),
               sources ? "found `sources` at a pane that shows something else; allowed: with shows "
                         "= \"sources\""
                       : "found shows = \"sources\" without `sources`; allowed: sources = { kind = "
                         "\"…\", columns = 4, rows = 3 }");
}

void read_focus(Table& table, Pane& pane, Report& report) {
    const Node* node = table.find("focus", Node::Kind::array, Need::optional);
    if (!node) return;
    bool good = node->items.size() == 2;
    for (const Node& item : node->items)
        good = good && (item.kind == Node::Kind::real || item.kind == Node::Kind::integer) &&
               item.number >= 0 && item.number <= 1;
    if (!good) {
        report.add(fault::bad_focus, node->place,
                   "found no point in `focus`; allowed: [x, y], shares of the picture from 0 to 1, "
                   "from its top left corner");
        return;
    }
    pane.focus_x = node->items[0].number;
    pane.focus_y = node->items[1].number;
}

void read_aspect(Table& table, Pane& pane, Content content, Report& report) {
    const std::string word = table.word("aspect", {"fit", "fill", "crop"}, "fit");
    pane.aspect = word == "crop" ? Aspect::crop : word == "fill" ? Aspect::fill : Aspect::fit;
    read_focus(table, pane, report);
    for (const char* key : {"aspect", "focus"})
        if (content == Content::panel && table.find(key))
            report.add(fault::no_effect, table.place_of(key),
                       fmt::format("found `{}` at a pane that shows a panel; allowed: at cameras "
                                   "and source grids",
                                   key));
    if (content != Content::panel && table.find("focus") && pane.aspect != Aspect::crop)
        report.add(fault::no_effect, table.place_of("focus"),
                   fmt::format("found `focus` with aspect = \"{}\"; allowed: with aspect = "
                               "\"crop\"",
                               word));
}

}  // namespace

Pane read_pane(const Node& node, Report& report, const Known& known) {
    Table table(report, node, "[[pane]]");
    Pane pane;
    pane.id = table.name("id", Need::required);
    Content content = Content::unknown;
    if (const Node* shows = table.find("shows", Node::Kind::string, Need::required)) {
        content = check_shows(*shows, report, known);
        pane.shows = shows->text;
    }
    pane.title = table.text("title");
    pane.caption = table.boolean("caption", true);
    pane.z = static_cast<int>(table.integer("z", {-100, 100}, 0));
    pane.margin_mm = table.number("margin_mm", kMarginMm, 0);
    read_content(table, pane, content, report, known);
    read_aspect(table, pane, content, report);
    read_settings(table, pane, report, known);
    table.finish();
    return pane;
}

}  // namespace bw::config
