// SPDX-License-Identifier: Apache-2.0
#include "core/hub/sweeper.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "core/base/clock.h"

namespace bw::hub {

namespace {

constexpr int64_t kMinuteNs = 60 * base::kSecond, kHourNs = 60 * kMinuteNs;
// What is younger stays, however full the file is.
constexpr int64_t kNeverBySizeNs = kHourNs;
constexpr int64_t kAnewNs = 24 * kHourNs;
// Pages that one step gives back to the disk, and from how many free ones on.
constexpr int kPagesOfStep = 100;
constexpr uint64_t kFreePages = 1000;

/// Another reading of the subject, later than `j` and, with a bucket, within the same one.
std::string later_reading(int64_t bucket_ns) {
    std::string within;
    if (bucket_ns > 0)
        within = fmt::format(" AND n.recorded_ns < (j.recorded_ns / {0} + 1) * {0}", bucket_ns);
    return "(j.kept = 0 AND EXISTS (SELECT 1 FROM journal n WHERE n.kept = 0 AND n.space = j.space "
           "AND n.type = j.type AND n.subject = j.subject AND n.recorded_ns > j.recorded_ns" +
           within + "))";
}

/// An event, a command or an old revision that nothing needs.
constexpr const char* kSpent = R"sql((
  j.kept = 2
  OR (j.kept = 1 AND j.revision = 0 AND j.type <> 'beaconwall.audit.head.v1'
      AND NOT (j.type = 'beaconwall.wall.taken.v1' AND j.sequence = (
        SELECT max(t.sequence) FROM journal t WHERE t.type = 'beaconwall.wall.taken.v1' AND t.kept = 1)))
  OR (j.kept = 1 AND j.revision > 0 AND EXISTS (
        SELECT 1 FROM journal n WHERE n.revision > 0 AND n.kept = 1 AND n.space = j.space
        AND n.type = j.type AND n.subject = j.subject AND n.revision > j.revision))))sql";

/// A copy of what stands in a file elsewhere; since when the last of them came.
constexpr const char* kImportedBefore =
    "(j.kept >= 10 AND (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'imported') < "
    "NOW_S - {})";
constexpr std::string_view kNowS = "NOW_S";

}  // namespace

void Sweeper::set_policy(const JournalPolicy& policy) {
    if (policy == policy_) return;
    policy_ = policy;
    const std::string spent = kSpent, any_later = later_reading(0);
    const std::string imported =
        fmt::format(fmt::runtime(kImportedBefore), policy.keep_ns / base::kSecond);
    rules_ = {{policy.full_ns, later_reading(kMinuteNs)},
              {policy.minute_ns, later_reading(kHourNs)},
              {policy.hour_ns, any_later},
              {policy.keep_ns, "(j.kept = 0 OR " + imported + " OR " + spent + ")"}};
    // Readings first: there are the most of them, and the least is lost with them.
    by_size_ = {{kNeverBySizeNs, "(j.kept >= 10 OR " + any_later + ")"},
                {kNeverBySizeNs, "(" + any_later + " OR " + spent + ")"}};
    next_ = 0;
    rests_ = over_ = false;
}

base::Result<Sweeper::Room> Sweeper::room_of(Database& db) {
    Room room;
    const auto done = db.each(
        "SELECT (SELECT page_count FROM pragma_page_count), (SELECT freelist_count FROM "
        "pragma_freelist_count), (SELECT page_size FROM pragma_page_size), (SELECT auto_vacuum "
        "FROM pragma_auto_vacuum)",
        {}, [&](sqlite3_stmt* s) {
            room.pages = static_cast<uint64_t>(sqlite3_column_int64(s, 0));
            room.free = static_cast<uint64_t>(sqlite3_column_int64(s, 1));
            room.page_bytes = static_cast<uint64_t>(sqlite3_column_int64(s, 2));
            room.shrinks = sqlite3_column_int(s, 3) == 2;
            return false;
        });
    if (!done) return done.error();
    return room;
}

// From where the last step ended, over so many rows, up to the rule's age.
base::Result<uint64_t> Sweeper::apply(Database& db, Rule& rule, int64_t now_ns, bool& more) {
    const std::string span = fmt::format(
        "(recorded_ns, row) > ({}, {}) AND recorded_ns < {} ORDER BY recorded_ns, row LIMIT {}",
        std::max(rule.cursor.recorded_ns, -INT64_MAX), rule.cursor.row, now_ns - rule.age_ns,
        kRowsOfStep);
    Query::Mark end = rule.cursor;
    int rows = 0;
    const auto looked =
        db.each("SELECT recorded_ns, row FROM journal WHERE " + span, {}, [&](sqlite3_stmt* s) {
            end = {sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1)};
            return ++rows < kRowsOfStep;
        });
    if (!looked) return looked.error();
    more = rows == kRowsOfStep;
    if (rows == 0) return uint64_t{0};
    uint64_t gone = 0;
    std::string goes = rule.goes;
    if (const size_t at = goes.find(kNowS); at != std::string::npos)
        goes.replace(at, kNowS.size(), std::to_string(now_ns / base::kSecond));
    const auto deleted = db.each(
        fmt::format("DELETE FROM journal WHERE row IN (SELECT row FROM (SELECT row, kept, space, "
                    "type, subject, sequence, revision, recorded_ns FROM journal WHERE {}) j WHERE "
                    "{}) RETURNING row",
                    span, goes),
        {}, [&](sqlite3_stmt* /*s*/) { return ++gone, true; });
    if (!deleted) return deleted.error();
    rule.cursor = end;
    return gone;
}

base::Result<uint64_t> Sweeper::step(Database& db, int64_t wall_ns, int64_t aged_ns) {
    rests_ = false;
    bool more = false;
    if (next_ < rules_.size()) {
        auto gone = apply(db, rules_[next_], aged_ns, more);
        if (gone && !more) ++next_;
        return gone;
    }
    const auto room = room_of(db);
    if (!room) return room.error();
    // Once over, down to somewhat less, so that it does not begin anew with each event.
    over_ = room->used() > policy_.max_bytes / 20 * (over_ ? 19 : 20);
    if (over_ && next_ < rules_.size() + by_size_.size()) {
        auto gone = apply(db, by_size_[next_ - rules_.size()], wall_ns, more);
        if (gone && !more) ++next_;
        return gone;
    }
    if (room->shrinks && room->free > kFreePages && room->free > room->pages / 10) {
        const auto given =
            db.run(fmt::format("PRAGMA incremental_vacuum({})", kPagesOfStep).c_str());
        if (!given) return given.error();
        return uint64_t{0};
    }
    rest(wall_ns);
    return uint64_t{0};
}

// Cursors by age stay, for rows come behind them in the order of time; but for those of a clock
// that was put back. By size all is looked at again.
void Sweeper::rest(int64_t wall_ns) {
    rests_ = true;
    next_ = 0;
    for (Rule& rule : by_size_) rule.cursor = {};
    if (wall_ns >= anew_ns_ && wall_ns < anew_ns_ + kAnewNs) return;
    anew_ns_ = wall_ns;
    for (Rule& rule : rules_) rule.cursor = {};
}

}  // namespace bw::hub
