// SPDX-License-Identifier: Apache-2.0
// The one place that judges whether a picture is stale. Pure: what a producer vouches for goes in,
// a verdict comes out. All times are CLOCK_MONOTONIC nanoseconds.
#pragma once

#include <cstdint>

#include "core/surface/layout.h"

namespace bw::compositor {

/// none: there is nothing to be fresh, such as a camera in a replay.
enum class Freshness { live, late, frozen, lost, starting, error, none };
/// "live", "late" …, as the status document names it.
const char* freshness_word(Freshness freshness);

inline constexpr int64_t kLateAfterNs = 1'500'000'000;
inline constexpr int64_t kLostAfterNs = 10'000'000'000;
inline constexpr int64_t kGoneAfterNs = 2'000'000'000;  // a producer's process may be replaced

/// What is known of one surface's producer.
struct Vouch {
    bool has_picture = false;
    int64_t as_of_ns = 0;
    surface::SourceState state = surface::SourceState::none;
    surface::Reason reason = surface::Reason::none;
    int64_t next_try_ns = 0;
    bool refused = false;       // the producer said that it cannot
    int64_t gone_since_ns = 0;  // 0: its process is there
    /// What it is called when the producer's word cannot be true.
    surface::Reason fault = surface::Reason::panel_failed;
};

struct Verdict {
    Freshness freshness = Freshness::starting;
    int64_t age_ns = 0;
    surface::Reason reason = surface::Reason::none;
    int64_t next_try_ns = 0;
    int64_t changes_at_ns = 0;  // when to judge again though nothing happened; 0: never
    bool operator==(const Verdict&) const = default;
};
/// `forgiven_ns` is no part of an age (StallGuard); what is still to come stays that.
Verdict judge(const Vouch& vouch, int64_t now_ns, int64_t forgiven_ns = 0);
/// Of what has no picture and never will: a camera in a replay.
Verdict no_recording();

/// After the machine (or this process) stood still, every picture looks old though its producer had
/// no chance either. The guard forgives that time for a moment.
class StallGuard {
  public:
    /// Call when the loop wakes; `wanted_ns`: when it meant to wake at the latest.
    void turn(int64_t now_ns, int64_t wanted_ns);
    /// How much of every age was a standstill.
    [[nodiscard]] int64_t forgiven_ns(int64_t now_ns) const;
    [[nodiscard]] int64_t until_ns() const { return until_ns_; }

  private:
    int64_t forgiven_ns_ = 0, until_ns_ = 0;
};

}  // namespace bw::compositor
