// SPDX-License-Identifier: Apache-2.0
// roles.toml: a site's own roles.
#include <fmt/core.h>

#include <algorithm>

#include "core/config/actions.h"
#include "core/config/readers.h"

namespace bw::config {
namespace {

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void read_actions(Table& table, Capability& may, const std::string& role, Report& report) {
    for (const Node* node : table.strings("actions", Need::required)) {
        if (is_action_pattern(node->text))
            may.actions.push_back(node->text);
        else
            report.add(fault::unknown_action, node->place,
                       fmt::format("found the unknown action {}; allowed: {}, plugin.NAME.command, "
                                   "plugin.NAME.*, plugin.*, *",
                                   in_quotes(node->text), allowed_words(actions(), node->text)));
    }
    const Node* list = table.find("actions");
    if (list && list->kind == Node::Kind::array && list->items.empty())
        report.add(
            fault::role_without_capability, list->place,
            fmt::format("found no action in a [[role.may]] of {}; allowed: at least one", role));
}

/// What a zone may be called: a zone, or a display.
std::vector<std::string> places_of(const Known& known) {
    std::vector<std::string> names;
    if (known.wall == nullptr) return names;
    for (const Zone& zone : known.wall->zones) names.push_back(zone.name);
    for (const Display& display : known.wall->displays) names.push_back(display.name);
    return names;
}

void read_scope(Table& table, Capability& may, Report& report, const Known& known) {
    const std::vector<std::string> places = places_of(known);
    for (const Node* node : table.strings("zones")) {
        if (known.wall != nullptr && known.displays && !has(places, node->text))
            report.add(fault::scope_of_unknown_zone, node->place,
                       fmt::format("found the unknown zone {}; allowed: {}", in_quotes(node->text),
                                   allowed_words(places, node->text)));
        may.zones.push_back(node->text);
    }
    for (const Node* node : table.strings("groups")) {
        if (known.groups && !has(*known.groups, node->text))
            report.add(
                fault::scope_of_unknown_group, node->place,
                fmt::format("found the group {}, which no camera is in; allowed: {}",
                            in_quotes(node->text), allowed_words(*known.groups, node->text)));
        may.groups.push_back(node->text);
    }
}

Role read_role(const Node& node, Report& report, const Known& known) {
    Table table(report, node, "[[role]]");
    Role role;
    role.name = table.name("name", Need::required);
    role.title = table.text("title");
    const auto capabilities = table.tables("may");
    if (capabilities.empty() && !role.name.empty())
        report.add(
            fault::role_without_capability, table.place(),
            fmt::format("found no [[role.may]] in role {}; allowed: at least one", role.name));
    for (const Node* each : capabilities) {
        Table keys(report, *each, "[[role.may]]");
        Capability may;
        read_actions(keys, may, role.name, report);
        read_scope(keys, may, report, known);
        keys.finish();
        role.may.push_back(std::move(may));
    }
    table.finish();
    return role;
}

}  // namespace

std::vector<Role> read_roles(const Node& root, Report& report, const Known& known) {
    std::vector<Role> roles;
    Table table(report, root, "roles.toml");
    for (const Node* node : table.tables("role")) {
        Role role = read_role(*node, report, known);
        if (role.name.empty()) continue;  // told already
        if (has(built_in_role_names(), role.name) || role.name == kRuleRole)
            report.add(fault::built_in_role, node->place,
                       fmt::format("found the role {}, which is built in; allowed: another name",
                                   role.name));
        else if (std::any_of(roles.begin(), roles.end(),
                             [&role](const Role& other) { return other.name == role.name; }))
            report.add(
                fault::role_twice, node->place,
                fmt::format("found role {} a second time; allowed: each name once", role.name));
        else
            roles.push_back(std::move(role));
    }
    table.finish();
    return roles;
}

}  // namespace bw::config
