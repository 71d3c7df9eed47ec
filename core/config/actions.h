// SPDX-License-Identifier: Apache-2.0
// The words for what a person may do on a wall: what roles name, and what every command and verb
// counts as. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bw::config {

/// Each word once. What a plugin's commands count as is "plugin.NAME.command", beside these.
const std::vector<std::string>& actions();

/// A role may name it: one of actions(), "plugin.NAME.command", the beginning of some with "*"
/// behind the dot ("plugin.*", "plugin.NAME.*"), or "*" for everything.
bool is_action_pattern(std::string_view pattern);

/// `pattern` of a role covers `action` of a command.
bool covers(std::string_view pattern, std::string_view action);

/// The roles that every wall has; a site's own may not be called so.
const std::vector<std::string>& built_in_role_names();

/// What the rules of rules.toml may, unless they name another role; no person has it.
inline constexpr std::string_view kRuleRole = "rule";

}  // namespace bw::config
