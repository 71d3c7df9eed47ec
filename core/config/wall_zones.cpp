// SPDX-License-Identifier: Apache-2.0
// [[zone]] of wall.toml.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "core/config/wall_parts.h"

namespace bw::config {
namespace {

using Owners = std::map<std::string, std::string>;  // display → its zone

/// All displays' names; nothing if one has none, for it could be any.
std::vector<std::string> display_names(const Wall& wall) {
    std::vector<std::string> names;
    for (const Display& display : wall.displays) names.push_back(display.name);
    if (std::count(names.begin(), names.end(), "")) names.clear();
    return names;
}

void add_display(const Node& node, Zone& zone, Owners& owners,
                 const std::vector<std::string>& names, Report& report) {
    const std::string& name = node.text;
    if (!names.empty() && !std::count(names.begin(), names.end(), name))
        return report.add(fault::zone_of_unknown_display, node.place,
                          fmt::format("found the unknown display {} in zone {}; allowed: {}",
                                      in_quotes(name), zone.name, allowed_words(names, name)));
    const auto [at, fresh] = owners.emplace(name, zone.name);
    if (!fresh)
        return report.add(fault::display_in_two_zones, node.place,
                          fmt::format("found display {} in zone {}, which zone {} has already; "
                                      "allowed: each display once",
                                      name, zone.name, at->second));
    zone.displays.push_back(name);
}

}  // namespace

void read_zones(Table& table, Wall& wall, Report& report) {
    const std::vector<std::string> names = display_names(wall);
    Owners owners;
    for (const Node* node : table.tables("zone")) {
        Table keys(report, *node, "[[zone]]");
        Zone zone;
        zone.name = keys.name("name", Need::required);
        zone.title = keys.text("title");
        const auto displays = keys.strings("displays", Need::required);
        for (const Node* display : displays) add_display(*display, zone, owners, names, report);
        const Node* list = keys.find("displays");
        if (list && list->kind == Node::Kind::array && list->items.empty())
            report.add(fault::empty_zone, list->place,
                       fmt::format("found no display in zone {}; allowed: at least one of {}",
                                   zone.name, allowed_words(names, "")));
        keys.finish();
        const bool twice =
            std::any_of(wall.zones.begin(), wall.zones.end(),
                        [&zone](const Zone& other) { return other.name == zone.name; });
        if (twice && !zone.name.empty())
            report.add(
                fault::zone_twice, node->place,
                fmt::format("found zone {} a second time; allowed: each name once", zone.name));
        wall.zones.push_back(std::move(zone));
    }
}

}  // namespace bw::config
