// SPDX-License-Identifier: Apache-2.0
// What panes show: more pictures than people can follow, queries that find nothing.
#include <fmt/core.h>

#include <algorithm>

#include "core/wall/lint_parts.h"
#include "core/wall/panel_cameras.h"
#include "core/wall/resolve.h"

namespace bw::wall {
namespace {

// docs/faults.md says where the number comes from.
constexpr size_t kMostPictures = 24;

/// Pictures in sight on those displays.
size_t pictures_on(const LintLayout& on, const std::vector<config::Display>& displays) {
    size_t count = 0;
    for (const ScenePane* pane : in_sight(on.scene)) {
        const bool here = std::any_of(
            displays.begin(), displays.end(),
            [pane](const auto& display) { return !on_display(pane->rect, display).empty(); });
        if (!here) continue;
        count += pane->kind == Shows::source ? 1 : cameras_in(on.site, pane->settings).size();
    }
    return count;
}

void tell_count(LintLayout& on, const std::string& where,
                const std::vector<config::Display>& displays) {
    const size_t count = pictures_on(on, displays);
    if (count <= kMostPictures) return;
    on.tell(warning::too_many_pictures,
            fmt::format("{} moving pictures at once on {}; above {} people miss what happens: "
                        "show fewer, or page them",
                        count, where, kMostPictures));
}

std::string query_text(const config::Query& query) {
    std::string text;
    for (const auto& [name, value] : {std::pair("kind", query.kind),
                                      {"town", query.town},
                                      {"owner", query.owner},
                                      {"id_prefix", query.id_prefix}})
        if (!value.empty())
            text += fmt::format("{}{} = \"{}\"", text.empty() ? "" : ", ", name, value);
    return text.empty() ? "any camera" : text;
}

}  // namespace

void lint_count(LintLayout& on) {
    const config::Wall& wall = on.site.wall;
    std::vector<config::Display> rest = wall.displays;
    for (const config::Zone& zone : wall.zones) {
        const auto in_zone = [&zone](const config::Display& display) {
            return std::count(zone.displays.begin(), zone.displays.end(), display.name) != 0;
        };
        std::vector<config::Display> displays;
        std::copy_if(wall.displays.begin(), wall.displays.end(), std::back_inserter(displays),
                     in_zone);
        rest.erase(std::remove_if(rest.begin(), rest.end(), in_zone), rest.end());
        tell_count(on, "zone " + zone.name, displays);
    }
    tell_count(on, wall.zones.empty() ? "the wall" : "the displays of no zone", rest);
}

void lint_queries(LintLayout& on) {
    for (const config::Pane& pane : on.layout.panes) {
        if (!pane.sources) continue;
        const size_t found = select(pane.sources->query, on.site.cameras).size();
        if (found == 0)
            on.tell(warning::no_match,
                    fmt::format("pane {} finds no camera in cameras.toml ({}); it stays empty "
                                "unless a service brings some: compare kind, town and ids",
                                pane.id, query_text(pane.sources->query)));
        const auto shown =
            std::count_if(on.scene.panes.begin(), on.scene.panes.end(),
                          [&pane](const ScenePane& cell) { return cell.grid == pane.id; });
        if (static_cast<size_t>(shown) < found)
            on.tell(warning::sources_left_out,
                    fmt::format("pane {} finds {} cameras and shows {}: a scene has at most {} "
                                "panes; narrow the query",
                                pane.id, found, shown, kMaxScenePanes));
    }
}

}  // namespace bw::wall
