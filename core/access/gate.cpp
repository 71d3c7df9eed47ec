// SPDX-License-Identifier: Apache-2.0
#include "core/access/gate.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/access/roles.h"
#include "core/config/actions.h"

namespace bw::access {
namespace {

using Words = std::vector<std::string>;

bool has(const Words& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string joined(const Words& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

bool covers_action(const config::Capability& may, const std::string& action) {
    return std::any_of(may.actions.begin(), may.actions.end(),
                       [&](const std::string& pattern) { return config::covers(pattern, action); });
}

/// The first display that none of the zones has; empty: they have all.
std::string display_outside(const Words& zones, const Extent& extent, const config::Site& site) {
    if (zones.empty()) return {};
    for (const std::string& display : extent.displays) {
        const bool inside =
            has(zones, display) ||
            std::any_of(site.wall.zones.begin(), site.wall.zones.end(), [&](const auto& zone) {
                return has(zones, zone.name) && has(zone.displays, display);
            });
        if (!inside) return display;
    }
    return {};
}

/// As above, of sources. One that no file names is in no group.
std::string source_outside(const Words& groups, const Extent& extent, const config::Site& site) {
    if (groups.empty()) return {};
    for (const std::string& source : extent.sources) {
        const bool inside =
            std::any_of(site.cameras.begin(), site.cameras.end(), [&](const auto& camera) {
                return camera.id == source &&
                       std::any_of(camera.groups.begin(), camera.groups.end(),
                                   [&](const std::string& group) { return has(groups, group); });
            });
        if (!inside) return source;
    }
    return {};
}

/// What a capability is limited to: "in side alone", "in side with sources of river alone".
std::string scope_of(const config::Capability& may) {
    std::string text = may.zones.empty() ? "" : "in " + joined(may.zones) + " ";
    if (!may.groups.empty()) text += "with sources of " + joined(may.groups) + " ";
    return text + "alone";
}

std::string who(const Person& person) {
    return fmt::format("{} ({})", person.name, person.role_name);
}

/// Of the built-in roles, for somebody who asks whom to ask.
std::string roles_that_may(const std::string& action) {
    Words names;
    for (const config::Role& role : built_in_roles())
        for (const config::Capability& may : role.may)
            if (covers_action(may, action)) names.push_back(role.name);
    return joined(names);
}

}  // namespace

std::string why_not(const Person& person, const std::string& action, const Extent& extent,
                    const config::Site& site) {
    if (action.empty()) return "there is no rule that says who may do this";
    if (person.role == nullptr)
        return fmt::format(
            "{}: there is no such role on this wall; an administrator has to give "
            "another one",
            who(person));
    std::string scopes, outside;
    for (const config::Capability& may : person.role->may) {
        if (!covers_action(may, action)) continue;
        const std::string display = display_outside(may.zones, extent, site);
        const std::string source = source_outside(may.groups, extent, site);
        if (display.empty() && source.empty()) return {};
        scopes += (scopes.empty() ? "" : ", or ") + scope_of(may);
        outside = display.empty() ? source + " is not among them" : "this changes " + display;
    }
    if (!scopes.empty())
        return fmt::format("{} may {} {}; {}", who(person), action, scopes, outside);
    return fmt::format("{} may not {}; this may: {}", who(person), action, roles_that_may(action));
}

}  // namespace bw::access
