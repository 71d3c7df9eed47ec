// SPDX-License-Identifier: Apache-2.0
// The clock of a space: the hall's for what is live, one of its own for an exercise or a replay.
#pragma once

#include <compare>
#include <cstdint>

namespace bw::base {

/// Seconds of a space's time that may pass in one of the hall's, at most.
inline constexpr double kMaxSpaceRate = 60;
/// The latest moment that any of them shows: in the year 2096, ns since 1970.
inline constexpr int64_t kLastSpaceNs = 4'000'000'000'000'000'000;

/// When the hub's wall clock shows `wall_ns`, the space's shows `space_ns`; from there on it goes
/// `rate` times as fast; with 0 it stands still. Nanoseconds since 1970. As it is made: the hub's
/// clock itself (live).
struct SpaceClock {
    int64_t wall_ns = 0, space_ns = 0;
    double rate = 1;
    auto operator<=>(const SpaceClock&) const = default;
    /// Both moments lie in 0 … kLastSpaceNs, and the rate in 0 … kMaxSpaceRate.
    [[nodiscard]] bool sound() const;
    /// What it shows when the hub's wall clock shows `hub_wall_ns`: 0 … kLastSpaceNs, never an
    /// overflow. Of a sound clock only.
    [[nodiscard]] int64_t at(int64_t hub_wall_ns) const;
};

}  // namespace bw::base
