// SPDX-License-Identifier: Apache-2.0
// The clocks of this program stand still. It is linked so that base::mono_ns() and base::wall_ns()
// come from here (ld --wrap): nothing in the product knows of it.
#pragma once

#include <cstdint>

namespace bw::golden {

/// CLOCK_MONOTONIC never changes: a day after the machine's start.
inline constexpr int64_t kMonoNs = 86'400'000'000'000;
/// 2026-07-21 14:05:30 in the hall.
inline constexpr int64_t kWallNs = 1'784'613'930'000'000'000;
/// What the wall's clocks show from now on, nanoseconds since 1970.
void set_wall_clock(int64_t wall_ns);

}  // namespace bw::golden
