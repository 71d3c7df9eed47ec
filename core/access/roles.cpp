// SPDX-License-Identifier: Apache-2.0
#include "core/access/roles.h"

#include "core/config/actions.h"

namespace bw::access {
namespace {

using Words = std::vector<std::string>;

config::Role role(const char* name, const char* zh, const char* en, Words actions) {
    return {name, {zh, en}, {{std::move(actions), {}, {}}}};
}

Words with(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

}  // namespace

const std::vector<config::Role>& built_in_roles() {
    static const Words viewer = {"see", "snapshot"};
    static const Words officer = with(viewer, {"preview", "take", "undo", "edit", "hold", "release",
                                               "retry", "acknowledge", "plugin.*"});
    static const Words leader =
        with(officer, {"save", "restart", "audit", "run_space", "take_space"});
    static const std::vector<config::Role> roles = {
        role("viewer", "观看员", "Viewer", viewer),
        role("duty_officer", "值班员", "Duty officer", officer),
        role("leader", "指挥长", "Leader", leader),
        role("administrator", "管理员", "Administrator", {"*"})};
    return roles;
}

const config::Role* role_of_rule(const std::vector<config::Role>& own, std::string_view name) {
    // No zone is theirs to hold, and nothing to start anew.
    static const config::Role rule =
        role("rule", "规则", "Rule", {"see", "preview", "take", "undo", "edit"});
    return name == config::kRuleRole ? &rule : find_role(own, name);
}

const config::Role* find_role(const std::vector<config::Role>& own, std::string_view name) {
    for (const auto* roles : {&built_in_roles(), &own})
        for (const config::Role& each : *roles)
            if (each.name == name) return &each;
    return nullptr;
}

}  // namespace bw::access
