// SPDX-License-Identifier: Apache-2.0
#include "core/hub/database_span.h"

#include <fmt/format.h>

#include "core/hub/database_rows.h"
#include "core/hub/space_image.h"

namespace bw::hub {

using rows::column;

namespace {

/// The next subject behind (type, subject), by the index alone. False: there is none.
base::Result<bool> next_subject(Database& db, const char* kind, StatePage& at) {
    bool found = false;
    const auto done =
        db.each(fmt::format("SELECT type, subject FROM journal WHERE {} AND space = 'live' AND "
                            "(type, subject) > (?, ?) ORDER BY type, subject LIMIT 1",
                            kind),
                {at.type, at.subject}, [&](sqlite3_stmt* s) {
                    std::string type = column(s, 0), subject = column(s, 1);
                    at.type = std::move(type), at.subject = std::move(subject);
                    return found = true, false;
                });
    if (!done) return done.error();
    return found;
}

}  // namespace

base::Result<StatePage> state_page(Database& db, const StateQuery& query) {
    // Each begins with the condition of the index that it uses.
    const char* kind = query.records ? "revision > 0" : "kept = 0";
    const std::string newest = fmt::format(
        "SELECT {} FROM journal WHERE {} AND space = 'live' AND type = ? AND subject = ? AND "
        "recorded_ns < {} {} LIMIT 1",
        rows::kColumns, kind, query.before_ns,
        query.records ? "AND kept = 1 ORDER BY revision DESC" : "ORDER BY recorded_ns DESC");
    StatePage page;
    page.type = query.type, page.subject = query.subject;
    size_t bytes = 0;
    for (int looked = 0;; ++looked) {
        page.more = looked == query.max_subjects || page.rows.size() == query.limit ||
                    bytes > query.max_bytes;
        if (page.more) return page;
        const auto found = next_subject(db, kind, page);
        if (!found) return found.error();
        if (!*found) return page;
        const auto done = db.each(newest, {page.type, page.subject}, [&](sqlite3_stmt* s) {
            page.rows.push_back(in_space(*rows::read(s), query.space));
            bytes += page.rows.back()->json.size();
            return false;
        });
        if (!done) return done.error();
    }
}

base::Result<SpanPage> span_page(Database& db, const SpanQuery& query) {
    SpanPage page;
    page.after = query.after;
    if (page.after.recorded_ns < query.from_ns) page.after = {query.from_ns, 0};
    size_t bytes = 0;
    int looked = 0;
    const auto done =
        db.each(fmt::format("SELECT {}, row FROM journal WHERE (recorded_ns, row) > ({}, {}) AND "
                            "recorded_ns < {} ORDER BY recorded_ns, row",
                            rows::kColumns, page.after.recorded_ns, page.after.row, query.until_ns),
                {}, [&](sqlite3_stmt* s) {
                    page.more = looked++ == query.max_rows || page.rows.size() == query.limit ||
                                bytes > query.max_bytes;
                    if (page.more) return false;
                    page.after = {sqlite3_column_int64(s, rows::kRecordedNs),
                                  sqlite3_column_int64(s, rows::kCount)};
                    const int kept = sqlite3_column_int(s, rows::kKept);
                    const bool live = column(s, rows::kSpace) == "live";
                    page.imported = page.imported || (live && kept >= kImported);
                    if (kept > static_cast<int>(Kept::durable) || !live) return true;
                    page.rows.push_back(in_space(*rows::read(s), query.space));
                    bytes += page.rows.back()->json.size();
                    return true;
                });
    if (!done) return done.error();
    return page;
}

base::Result<int64_t> oldest_ns(Database& db) {
    int64_t oldest = 0;
    const auto done = db.each(
        "SELECT recorded_ns FROM journal WHERE kept < 2 AND space = 'live' ORDER BY recorded_ns "
        "LIMIT 1",
        {}, [&](sqlite3_stmt* s) { return oldest = sqlite3_column_int64(s, 0), false; });
    if (!done) return done.error();
    return oldest;
}

}  // namespace bw::hub
