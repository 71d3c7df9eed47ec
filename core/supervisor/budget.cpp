// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/budget.h"

#include <algorithm>
#include <array>

#include "core/base/clock.h"

namespace bw::supervisor {
namespace {

/// A life shorter than this is a quick death (it fails at start), and the next start waits longer.
/// Whoever lived longer was well, and is brought back at once.
constexpr int64_t kQuick = 250 * base::kMillisecond;
constexpr std::array<int64_t, 5> kDelays = {0, 100 * base::kMillisecond, 250 * base::kMillisecond,
                                            500 * base::kMillisecond, base::kSecond};

}  // namespace

std::optional<int64_t> RestartPolicy::died(int64_t now_ns, int64_t uptime_ns) {
    if (budget_.deaths != 0) {
        while (!deaths_.empty() && now_ns - deaths_.front() > budget_.window_ns)
            deaths_.pop_front();
        deaths_.push_back(now_ns);
        if (deaths_.size() > budget_.deaths) return std::nullopt;
    }
    if (uptime_ns >= kQuick) quick_ = 0;
    const int64_t delay = kDelays[std::min<size_t>(quick_, kDelays.size() - 1)];
    ++quick_;
    return delay;
}

void RestartPolicy::clear() {
    deaths_.clear();
    quick_ = 0;
}

}  // namespace bw::supervisor
