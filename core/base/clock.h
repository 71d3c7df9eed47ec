// SPDX-License-Identifier: Apache-2.0
// Two clocks and their text form. Intervals and freshness use the monotonic clock, which every
// process of a machine shares; the wall clock is for people and records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bw::base {

inline constexpr int64_t kMillisecond = 1'000'000;
inline constexpr int64_t kSecond = 1'000'000'000;

/// CLOCK_MONOTONIC in nanoseconds; comparable between processes of one machine.
int64_t mono_ns();
/// CLOCK_REALTIME in nanoseconds since 1970.
int64_t wall_ns();
/// "2026-07-01T08:00:00.123Z" (RFC 3339, UTC, milliseconds).
std::string rfc3339(int64_t wall_time_ns);
/// Nanoseconds since 1970 of an RFC 3339 text of 1678 to 2261; nothing if it is not one.
std::optional<int64_t> parse_rfc3339(std::string_view text);

}  // namespace bw::base
