// SPDX-License-Identifier: Apache-2.0
// What goes from the journal with age and size, in steps so small that appends do not feel them:
// telemetry is thinned to one reading per subject and minute, then hour, then goes; events and
// commands go later. The latest revision of a record, the last take, the heads of the audit, and
// the newest reading of a subject (as long as events are kept) stay. The writer thread's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/hub/database.h"

namespace bw::hub {

/// Ages in ns; `max_bytes` of what is in use in the file.
struct JournalPolicy {
    int64_t keep_ns = 0;    // events and commands
    int64_t full_ns = 0;    // telemetry: every reading
    int64_t minute_ns = 0;  // then one per minute
    int64_t hour_ns = 0;    // then one per hour
    uint64_t max_bytes = 0;
    bool operator==(const JournalPolicy&) const = default;
};

class Sweeper {
  public:
    /// Rows that one step looks at.
    static constexpr int kRowsOfStep = 250;

    /// Until the first policy nothing goes.
    void set_policy(const JournalPolicy& policy);
    [[nodiscard]] bool has_policy() const { return !rules_.empty(); }
    /// One transaction at most; how many rows went. `wall_ns`: now; `aged_ns`: now by the clock
    /// that tells what has grown old, at most `wall_ns`. What goes by size goes whatever that says.
    base::Result<uint64_t> step(Database& db, int64_t wall_ns, int64_t aged_ns);
    /// The last step found nothing more to do: the next one is worth while later.
    [[nodiscard]] bool rests() const { return rests_; }

  private:
    struct Rule {
        int64_t age_ns = 0;
        std::string goes;  // SQL over the row `j`
        Query::Mark cursor = {};
    };
    struct Room {
        uint64_t pages = 0, free = 0, page_bytes = 0;
        bool shrinks = false;
        [[nodiscard]] uint64_t used() const { return (pages - free) * page_bytes; }
    };
    base::Result<Room> room_of(Database& db);
    base::Result<uint64_t> apply(Database& db, Rule& rule, int64_t now_ns, bool& more);
    void rest(int64_t wall_ns);

    JournalPolicy policy_;
    std::vector<Rule> rules_, by_size_;
    size_t next_ = 0;      // of rules_, then of by_size_
    int64_t anew_ns_ = 0;  // when the cursors were last put back
    bool rests_ = false, over_ = false;
};

}  // namespace bw::hub
