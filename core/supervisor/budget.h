// SPDX-License-Identifier: Apache-2.0
// When a dead process comes back, and when it stays down. Pure: the caller brings the clock.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace bw::supervisor {

/// `deaths` in `window_ns` at most, then quarantine; deaths 0: never given up.
struct Budget {
    uint32_t deaths = 0;
    int64_t window_ns = 0;
};

class RestartPolicy {
  public:
    explicit RestartPolicy(Budget budget) : budget_(budget) {}
    /// A death at `now_ns` after `uptime_ns` of life: how long to wait before the next start;
    /// nothing: quarantine.
    std::optional<int64_t> died(int64_t now_ns, int64_t uptime_ns);
    /// A person asked for a restart: the past is forgotten.
    void clear();

  private:
    Budget budget_;
    std::deque<int64_t> deaths_;  // within the window
    uint32_t quick_ = 0;          // deaths in a row after a short life
};

}  // namespace bw::supervisor
