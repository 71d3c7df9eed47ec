// SPDX-License-Identifier: Apache-2.0
#include "core/access/lock_out.h"

#include <algorithm>

namespace bw::access {
namespace {

/// Of the `locks`-th lock, from 1.
int64_t length_of(int locks) {
    return std::min(LockOut::kFirstNs << std::clamp(locks - 1, 0, 10), LockOut::kLongestNs);
}

}  // namespace

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
    count.until_ns = now + length_of(++count.locks);
    return true;
}

std::vector<LockOut::Row> LockOut::rows(int64_t ahead_ns) const {
    std::vector<Row> out;
    for (const auto& [name, count] : names_) {
        Row row{name, count};
        if (count.until_ns != 0) row.count.until_ns += ahead_ns;
        row.count.last_ns += ahead_ns;
        out.push_back(std::move(row));
    }
    return out;
}

void LockOut::restore(const std::vector<Row>& rows, int64_t now, int64_t ahead_ns) {
    for (const Row& row : rows) {
        if (names_.size() >= kMaxNames) return;
        Count count = row.count;
        count.failures = std::clamp(count.failures, 0, kTries - 1);
        count.locks = std::clamp(count.locks, 0, 1000);
        const auto here = [&](int64_t at, int64_t latest) {
            return std::min(at - ahead_ns, latest);
        };
        if (count.until_ns != 0)
            count.until_ns = here(count.until_ns, now + length_of(count.locks));
        count.last_ns = here(count.last_ns, now);
        if (count.last_ns == 0) count.last_ns = 1;  // 0 says that there was none
        names_[row.name] = count;
    }
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
