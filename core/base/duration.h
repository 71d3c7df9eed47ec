// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bw::base {

/// Milliseconds of "90s", "30m", "2h", "1d" or several after each other, "1h30m"; nothing if it is
/// none of that, zero, or more than 30 days.
std::optional<int64_t> parse_duration(std::string_view text);

/// A day is the moment when it begins, in UTC; everything else stays as it is.
std::string time_text(const std::string& text);
/// Why `text` is neither a day nor a time; empty: it is one.
std::string time_fault(const std::string& text);
/// The same where something else is allowed, too: "a whole number from 0, or ".
std::string time_fault_or(const std::string& also, const std::string& text);

}  // namespace bw::base
