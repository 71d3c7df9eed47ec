// SPDX-License-Identifier: Apache-2.0
// What both halves of the API share (in api.cpp).
#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace bw::console {

base::Error invalid(std::string text);
/// The object in `body` with no other keys than `allowed`; an empty body is {}.
base::Result<nlohmann::json> parse_object(std::string_view body,
                                          std::initializer_list<std::string_view> allowed);
std::string dump(const nlohmann::json& value);
/// The HTTP status of a hub's refusal.
int http_status(const std::string& code);

}  // namespace bw::console
