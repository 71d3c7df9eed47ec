// SPDX-License-Identifier: Apache-2.0
#include "core/access/lock_out.h"

#include <algorithm>

namespace bw::access {

int64_t LockOut::locked_until(const std::string& name, int64_t now) const {
    const auto found = names_.find(name);
    return found != names_.end() && found->second.until_ns > now ? found->second.until_ns : 0;
}

bool LockOut::failed(const std::string& name, int64_t now) {
    if (names_.size() >= kMaxNames && !names_.contains(name)) make_room(now);
    Count& count = names_[name];
    // What was long ago says nothing about today.
    if (count.last_ns != 0 && now - std::max(count.last_ns, count.until_ns) > kLongestNs)
        count = {};
    count.last_ns = now;
    if (++count.failures < kTries) return false;
    count.failures = 0;
    const int doublings = std::min(count.locks++, 10);
    count.until_ns = now + std::min(kFirstNs << doublings, kLongestNs);
    return true;
}

/// Somebody who tries a thousand names must not free one that is locked: of the others the oldest
/// goes.
void LockOut::make_room(int64_t now) {
    auto oldest = names_.begin();
    for (auto it = names_.begin(); it != names_.end(); ++it) {
        const bool locked = it->second.until_ns > now, best = oldest->second.until_ns > now;
        if (locked == best ? it->second.last_ns < oldest->second.last_ns : best) oldest = it;
    }
    names_.erase(oldest);
}

}  // namespace bw::access
