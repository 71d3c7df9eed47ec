// SPDX-License-Identifier: Apache-2.0
// How a row of the journal goes into SQLite and comes back. For the database_*.cpp files alone.
#pragma once

#include <sqlite3.h>

#include <string>

#include "core/hub/stored.h"

namespace bw::hub::rows {

/// In the order in which read() expects them and bind_all() binds them, from 1.
inline constexpr const char* kColumns =
    "kept, space, type, subject, source, id, sequence, revision, tombstone, recorded_ns, event";
inline constexpr int kKept = 0, kSpace = 1, kType = 2, kSubject = 3, kSource = 4, kId = 5,
                     kSequence = 6, kRevision = 7, kRecordedNs = 9, kEvent = 10, kCount = 11;

/// The text stays where it is until the statement is stepped for the last time.
void bind(sqlite3_stmt* statement, int index, const std::string& text);
void bind_all(sqlite3_stmt* statement, const Stored& row);
std::string column(sqlite3_stmt* statement, int index);
StoredPtr read(sqlite3_stmt* statement);
/// Of a row's event: what stands in the column `sum`, by which bytes that changed are found.
int64_t sum_of(const std::string& event);
/// Column `index` is the sum of the event; rows of older hubs have none.
bool is_whole(sqlite3_stmt* statement, int index, const std::string& event);

}  // namespace bw::hub::rows
