// SPDX-License-Identifier: Apache-2.0
// The one way to read JSON that somebody else wrote: valid UTF-8, no duplicates of our stack's
// depth, nothing thrown. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace bw::events {

/// Deeper nesting than this is refused: writing JSON out again recurses.
inline constexpr int kMaxJsonDepth = 48;

/// False, and `out` untouched, when `text` is not JSON or nests too deeply. 0 bytes at its end are
/// no part of it.
bool read_json(std::string_view text, nlohmann::json& out);
/// A string member, or `fallback` when it is absent or not a string.
std::string text_of(const nlohmann::json& object, const char* key, std::string_view fallback = {});
/// An integer member, or `fallback` when it is absent or not an integer.
int64_t integer_of(const nlohmann::json& object, const char* key, int64_t fallback);

}  // namespace bw::events
