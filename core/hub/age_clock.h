// SPDX-License-Identifier: Apache-2.0
// By which clock what was kept grows old. The machine's own may be wrong for a while (a receiver of
// time signals that starts anew, a battery that is empty), and what went by it is gone for good. So
// this one goes with the wall clock, but never faster than some times real time: a clock that is
// years ahead for an hour costs a day, and one that was off for a night is caught up with within
// minutes. The writer thread's.
#pragma once

#include <cstdint>

#include "core/hub/database.h"

namespace bw::hub {

class AgeClock {
  public:
    /// How much faster than real time it goes at most.
    static constexpr int64_t kTimes = 25;

    /// Where it stood when it was last kept, else the newest row's moment, else the wall clock's.
    /// Once; later calls do nothing.
    base::Status begin(Database& db, int64_t wall_ns, int64_t mono_ns);
    /// Now, in ns since 1970; never after `wall_ns`.
    int64_t now_ns(int64_t wall_ns, int64_t mono_ns);
    /// Writes down where it stands, at most every ten minutes.
    base::Status keep(Database& db, int64_t mono_ns);
    /// How far the wall clock is ahead of it.
    [[nodiscard]] int64_t behind_ns(int64_t wall_ns) const { return wall_ns - stands_ns_; }

  private:
    bool begun_ = false;
    int64_t stands_ns_ = 0, mono_ns_ = 0, keep_ns_ = 0;
};

}  // namespace bw::hub
