// SPDX-License-Identifier: Apache-2.0
// What a replay asks of the journal: live as it was at a moment, and what happened from then on,
// both in pieces. Imported rows are left out. On a reader's thread.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/hub/database.h"

namespace bw::hub {

/// The newest of each subject of live that was recorded before a moment.
struct StateQuery {
    int64_t before_ns = 0;
    std::string space;          // into which the rows are put
    bool records = true;        // else telemetry
    std::string type, subject;  // behind this one; empty: from the first on
    size_t limit = 500, max_bytes = 1024 * 1024;
    int max_subjects = 2000;  // looked at: others wait for the reader
};
struct StatePage {
    std::vector<StoredPtr> rows;
    std::string type, subject;  // of the next page
    bool more = false;
};

/// What live had in [from, until), in its order. No commands: they were never delivered.
struct SpanQuery {
    int64_t from_ns = 0, until_ns = 0;
    std::string space;  // into which the rows are put
    Query::Mark after;
    size_t limit = 500, max_bytes = 1024 * 1024;
    int max_rows = 20'000;
};
struct SpanPage {
    std::vector<StoredPtr> rows;
    Query::Mark after;
    bool more = false;
    bool imported = false;  // some of it was, and was left out
};

base::Result<StatePage> state_page(Database& db, const StateQuery& query);
base::Result<SpanPage> span_page(Database& db, const SpanQuery& query);
/// When the oldest row of live was recorded, wall clock in ns; 0: there is none.
base::Result<int64_t> oldest_ns(Database& db);

}  // namespace bw::hub
