// SPDX-License-Identifier: Apache-2.0
#include "core/hub/age_clock.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "core/base/clock.h"

namespace bw::hub {

namespace {

constexpr int64_t kKeepNs = 600 * base::kSecond;
// 2026-01-01: no hub of this kind is older, whatever its clock said when it was first started.
constexpr int64_t kEarliestNs = int64_t{1'767'225'600} * base::kSecond;

}  // namespace

base::Status AgeClock::begin(Database& db, int64_t wall_ns, int64_t mono_ns) {
    if (begun_) return {};
    int64_t known = 0;
    const auto read = [&](sqlite3_stmt* s) { return known = sqlite3_column_int64(s, 0), false; };
    // The rows are what a hub left that kept no clock.
    for (const char* sql :
         {"SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'aged'",
          "SELECT recorded_ns FROM journal WHERE kept < 10 ORDER BY recorded_ns DESC LIMIT 1"})
        if (known == 0)
            if (const auto done = db.each(sql, {}, read); !done) return done;
    begun_ = true;
    stands_ns_ = known == 0 ? wall_ns : std::max(known, std::min(kEarliestNs, wall_ns));
    mono_ns_ = mono_ns;
    return {};
}

int64_t AgeClock::now_ns(int64_t wall_ns, int64_t mono_ns) {
    const int64_t gone = std::max<int64_t>(0, mono_ns - mono_ns_);
    mono_ns_ = mono_ns;
    // A wall clock that was put back is believed: what is younger by it stays.
    stands_ns_ += std::clamp<int64_t>(wall_ns - stands_ns_, 0, gone * kTimes);
    return std::min(stands_ns_, wall_ns);
}

base::Status AgeClock::keep(Database& db, int64_t mono_ns) {
    if (!begun_ || mono_ns < keep_ns_) return {};
    const auto kept = db.run(
        fmt::format("REPLACE INTO meta(key, value) VALUES('aged', '{}')", stands_ns_).c_str());
    if (kept) keep_ns_ = mono_ns + kKeepNs;
    return kept;
}

}  // namespace bw::hub
