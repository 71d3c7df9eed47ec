// SPDX-License-Identifier: Apache-2.0
// What is asked of the journal: pages by sequence and by time, replays, what a restarted hub needs.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/clock.h"
#include "core/hub/database.h"
#include "core/hub/database_rows.h"

namespace bw::hub {

using rows::column;

namespace {

// A partial index is used where its own condition stands in the question.
constexpr const char* kOurs = "kept > 0 AND kept < 10";

uint64_t sequence_at(sqlite3_stmt* s, int index) {
    return static_cast<uint64_t>(sqlite3_column_int64(s, index));
}

/// Columns 0 to 4: space, type, subject, sequence, event.
bool wanted(sqlite3_stmt* s, const Query& query) {
    const auto begins = [s](int index, const std::string& prefix) {
        return prefix.empty() || column(s, index).compare(0, prefix.size(), prefix) == 0;
    };
    return (query.space.empty() || column(s, 0) == query.space) && begins(1, query.type) &&
           begins(2, query.subject);
}

/// A page that fills up: how much is in it, and whether one more still fits.
class Filling {
  public:
    Filling(const Query& query, Page& page) : query_(query), page_(page) {}
    [[nodiscard]] bool fits(const std::string& event) const {
        return page_.events.empty() || (page_.events.size() < query_.limit &&
                                        bytes_ + event.size() + 1 <= query_.max_bytes);
    }
    [[nodiscard]] bool looked_enough() { return rows_++ >= query_.max_rows; }
    void add(std::string event) {
        bytes_ += event.size() + 1;
        page_.events.push_back(std::move(event));
    }

  private:
    const Query& query_;
    Page& page_;
    size_t bytes_ = 0;
    int rows_ = 0;
};

}  // namespace

base::Result<Page> Database::query(const Query& query) {
    if (query.since) return by_sequence(query);
    if (query.by_time()) return by_time(query);
    Page page;
    Filling filling(query, page);
    const auto done = each(
        "SELECT space, type, subject, sequence, event FROM journal WHERE kept < 10 "
        "ORDER BY row DESC",
        {}, [&](sqlite3_stmt* s) {
            page.more = filling.looked_enough();
            if (page.more) return false;
            if (!wanted(s, query)) return true;
            std::string event = column(s, 4);
            page.more = !filling.fits(event);
            if (page.more) return false;
            page.next = std::max(page.next, sequence_at(s, 3));
            filling.add(std::move(event));
            return true;
        });
    if (!done) return done.error();
    std::reverse(page.events.begin(), page.events.end());
    return page;
}

base::Result<Page> Database::by_sequence(const Query& query) {
    Page page;
    page.next = *query.since;
    Filling filling(query, page);
    const auto done =
        each(fmt::format("SELECT space, type, subject, sequence, event FROM journal WHERE {} AND "
                         "sequence > {} ORDER BY sequence, row",
                         kOurs, *query.since),
             {}, [&](sqlite3_stmt* s) {
                 const uint64_t sequence = sequence_at(s, 3);
                 // The next page begins behind a sequence: a list of records, which has one, is
                 // never cut.
                 const bool cuts = sequence == page.next;
                 page.more = filling.looked_enough() && !cuts;
                 if (page.more) return false;
                 if (wanted(s, query)) {
                     std::string event = column(s, 4);
                     page.more = !cuts && !filling.fits(event);
                     if (page.more) return false;
                     filling.add(std::move(event));
                 }
                 page.next = sequence;
                 return true;
             });
    if (!done) return done.error();
    return page;
}

base::Result<Page> Database::by_time(const Query& query) {
    Page page;
    Filling filling(query, page);
    page.after = query.after.value_or(Query::Mark{query.from_ns.value_or(INT64_MIN), 0});
    const auto done = each(
        fmt::format("SELECT space, type, subject, sequence, event, recorded_ns, row FROM journal "
                    "WHERE (recorded_ns, row) > ({}, {}) AND recorded_ns < {} "
                    "ORDER BY recorded_ns, row",
                    page.after.recorded_ns == INT64_MIN ? "-9223372036854775807"
                                                        : std::to_string(page.after.recorded_ns),
                    page.after.row, query.until_ns.value_or(INT64_MAX)),
        {}, [&](sqlite3_stmt* s) {
            page.more = filling.looked_enough();
            if (page.more) return false;
            if (wanted(s, query)) {
                std::string event = column(s, 4);
                page.more = !filling.fits(event);
                if (page.more) return false;
                filling.add(std::move(event));
            }
            page.after = {sqlite3_column_int64(s, 5), sqlite3_column_int64(s, 6)};
            return true;
        });
    if (!done) return done.error();
    return page;
}

base::Status Database::rows_by_time(const Query& query, std::vector<StoredPtr>& found,
                                    Query::Mark& after, bool& more) {
    after = query.after.value_or(Query::Mark{query.from_ns.value_or(0), 0});
    more = false;
    return each(fmt::format("SELECT {}, row FROM journal WHERE (recorded_ns, row) > ({}, {}) AND "
                            "recorded_ns < {} AND kept < 10 ORDER BY recorded_ns, row",
                            rows::kColumns, after.recorded_ns, after.row,
                            query.until_ns.value_or(INT64_MAX)),
                {}, [&](sqlite3_stmt* s) {
                    more = found.size() == query.limit;
                    if (more) return false;
                    after = {sqlite3_column_int64(s, rows::kRecordedNs),
                             sqlite3_column_int64(s, rows::kCount)};
                    const auto begins = [s](int index, const std::string& prefix) {
                        return column(s, index).compare(0, prefix.size(), prefix) == 0;
                    };
                    if (begins(rows::kType, query.type) && begins(rows::kSubject, query.subject))
                        found.push_back(rows::read(s));
                    return true;
                });
}

base::Result<ReplayPage> Database::replay(const ReplayQuery& query) {
    const std::string sql = fmt::format(
        "SELECT {}, row FROM journal WHERE {} AND sequence BETWEEN {} AND {} ORDER BY sequence, "
        "row",
        rows::kColumns, kOurs, query.after.sequence, query.upto);
    ReplayPage page;
    page.next = query.after;
    size_t bytes = 0;
    int looked = 0;
    const auto done = each(sql, {}, [&](sqlite3_stmt* s) {
        const uint64_t sequence = sequence_at(s, rows::kSequence);
        const int64_t row = sqlite3_column_int64(s, rows::kCount);
        if (sequence == query.after.sequence && row <= query.after.row) return true;
        if (looked++ == query.max_rows || page.events.size() == query.limit ||
            bytes > query.max_bytes) {
            page.more = true;
            return false;
        }
        page.next = {sequence, row};
        if (static_cast<Kept>(sqlite3_column_int(s, rows::kKept)) != Kept::durable ||
            column(s, rows::kSpace) != query.space ||
            !begins(query.prefixes, column(s, rows::kType) + "/" + column(s, rows::kSubject)))
            return true;
        page.events.push_back(rows::read(s));
        bytes += page.events.back()->json.size();
        return true;
    });
    if (!done) return done.error();
    return page;
}

// From one subject to the next by the index, not row by row.
base::Status Database::last_values(std::vector<StoredPtr>& out) {
    const std::string select =
        fmt::format("SELECT {}, row FROM journal WHERE kept = 0", rows::kColumns);
    const std::string order =
        " ORDER BY space DESC, type DESC, subject DESC, recorded_ns DESC LIMIT 1";
    const int64_t now = base::wall_ns();
    const std::string not_later =
        fmt::format(" AND space = ? AND type = ? AND subject = ? AND recorded_ns <= {}", now);
    std::vector<std::string> before;
    for (;;) {
        StoredPtr found;
        int64_t row = 0;
        const auto read = [&](sqlite3_stmt* s) {
            if (sqlite3_column_int64(s, rows::kCount) < row) return false;
            row = sqlite3_column_int64(s, rows::kCount);
            return found = rows::read(s), false;
        };
        const auto done =
            each(select + (before.empty() ? "" : " AND (space, type, subject) < (?, ?, ?)") + order,
                 before, read);
        if (!done || found == nullptr) return done;
        before = {found->space, found->type, found->subject};
        // A clock that was ahead and was put back: what came after it has the earlier time.
        if (found->recorded_ns > now)
            if (const auto again = each(select + not_later + order, before, read); !again)
                return again;
        out.push_back(std::move(found));
    }
}

base::Result<Remembered> Database::remember() {
    Remembered out;
    const std::string select = fmt::format("SELECT {} FROM journal WHERE ", rows::kColumns);
    const std::string ours = kOurs;
    base::Status steps[] = {
        each("SELECT sequence FROM journal WHERE " + ours + " ORDER BY sequence DESC LIMIT 1", {},
             [&](sqlite3_stmt* s) { return out.sequence = sequence_at(s, 0), false; }),
        each(select +
                 "row IN (SELECT row FROM (SELECT row, max(revision) FROM journal WHERE revision > "
                 "0 AND space = 'live' AND kept = 1 GROUP BY type, subject)) ORDER BY row",
             {}, [&](sqlite3_stmt* s) { return out.records.push_back(rows::read(s)), true; }),
        // An exercise of a name that an earlier one had begins with the revisions of live.
        each(select +
                 "row IN (SELECT row FROM (SELECT row, max(sequence) FROM journal WHERE revision > "
                 "0 AND space <> 'live' AND kept = 1 GROUP BY space, type, subject)) ORDER BY row",
             {}, [&](sqlite3_stmt* s) { return out.records.push_back(rows::read(s)), true; }),
        last_values(out.telemetry),
        each("SELECT source, id, sequence FROM journal WHERE kept > 0 AND kept = 1 ORDER BY "
             "sequence DESC LIMIT 20000",
             {},
             [&](sqlite3_stmt* s) {
                 out.recent.emplace_back(column(s, 0) + '\n' + column(s, 1), sequence_at(s, 2));
                 return true;
             }),
        each(select +
                 "type = 'beaconwall.wall.taken.v1' AND kept = 1 ORDER BY sequence DESC LIMIT 1",
             {}, [&](sqlite3_stmt* s) { return out.last_taken = rows::read(s), false; }),
    };
    for (const base::Status& step : steps)
        if (!step) return step.error();
    std::reverse(out.recent.begin(), out.recent.end());
    return out;
}

base::Status Database::read_run(Run& run, size_t limit, std::vector<StoredPtr>& out, size_t* torn) {
    size_t looked = 0;
    const auto done = each(
        fmt::format("SELECT {}, sum, row FROM journal WHERE row BETWEEN {} AND {} ORDER BY row {}",
                    rows::kColumns, run.first, run.last, run.back ? "DESC" : "ASC"),
        {}, [&](sqlite3_stmt* s) {
            const int64_t row = sqlite3_column_int64(s, rows::kCount + 1);
            (run.back ? run.last : run.first) = row + (run.back ? -1 : 1);
            StoredPtr found = rows::read(s);
            if (rows::is_whole(s, rows::kCount, found->json))
                out.push_back(std::move(found));
            else if (torn != nullptr)
                ++*torn;
            return ++looked < limit;
        });
    if (done && looked < limit) run.last = run.first - 1;
    return done;
}

}  // namespace bw::hub
