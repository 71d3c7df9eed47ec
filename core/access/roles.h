// SPDX-License-Identifier: Apache-2.0
// The roles that every wall has, beside those of its roles.toml. Thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "core/config/site.h"

namespace bw::access {

/// viewer, duty_officer, leader, administrator: each may what the one before may, and more.
const std::vector<config::Role>& built_in_roles();

/// The role of that name, built in or of `own`; null: there is none.
const config::Role* find_role(const std::vector<config::Role>& own, std::string_view name);

/// As find_role(), and "rule": what the rules of rules.toml may that name no other role.
const config::Role* role_of_rule(const std::vector<config::Role>& own, std::string_view name);

}  // namespace bw::access
