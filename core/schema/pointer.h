// SPDX-License-Identifier: Apache-2.0
// JSON pointers (RFC 6901). Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bw::schema {

/// One more step: "/a~1b" of "a/b".
std::string step(std::string_view name);
/// The names and indices of a pointer, unescaped.
std::vector<std::string> steps(std::string_view pointer);
/// What it leads to; null: nothing.
const nlohmann::json* find(const nlohmann::json& root, std::string_view pointer);
/// As above in a schema that check_subset() has passed, with each $ref followed.
const nlohmann::json* find_schema(const nlohmann::json& root, std::string_view pointer);

}  // namespace bw::schema
