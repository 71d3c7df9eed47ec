// SPDX-License-Identifier: Apache-2.0
#include "core/hub/database_rows.h"

#include <zlib.h>

namespace bw::hub::rows {

void bind(sqlite3_stmt* statement, int index, const std::string& text) {
    sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void bind_all(sqlite3_stmt* statement, const Stored& row) {
    sqlite3_bind_int(statement, 1, static_cast<int>(row.kept));
    bind(statement, 2, row.space);
    bind(statement, 3, row.type);
    bind(statement, 4, row.subject);
    bind(statement, 5, row.source);
    bind(statement, 6, row.id);
    sqlite3_bind_int64(statement, 7, static_cast<int64_t>(row.sequence));
    sqlite3_bind_int64(statement, 8, static_cast<int64_t>(row.revision));
    sqlite3_bind_int(statement, 9, row.tombstone ? 1 : 0);
    sqlite3_bind_int64(statement, 10, row.recorded_ns);
    bind(statement, 11, row.json);
}

std::string column(sqlite3_stmt* statement, int index) {
    const auto* text = sqlite3_column_text(statement, index);
    const int size = sqlite3_column_bytes(statement, index);
    return text == nullptr
               ? std::string()
               : std::string(reinterpret_cast<const char*>(text), static_cast<size_t>(size));
}

StoredPtr read(sqlite3_stmt* s) {
    auto row = std::make_shared<Stored>();
    row->kept = static_cast<Kept>(sqlite3_column_int(s, kKept));
    row->space = column(s, kSpace);
    row->type = column(s, kType);
    row->subject = column(s, kSubject);
    row->source = column(s, kSource);
    row->id = column(s, kId);
    row->sequence = static_cast<uint64_t>(sqlite3_column_int64(s, kSequence));
    row->revision = static_cast<uint64_t>(sqlite3_column_int64(s, kRevision));
    row->tombstone = sqlite3_column_int(s, 8) != 0;
    row->recorded_ns = sqlite3_column_int64(s, kRecordedNs);
    row->json = column(s, kEvent);
    return row;
}

int64_t sum_of(const std::string& event) {
    return static_cast<int64_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(event.data()), event.size()));
}

bool is_whole(sqlite3_stmt* statement, int index, const std::string& event) {
    return sqlite3_column_type(statement, index) == SQLITE_NULL ||
           sqlite3_column_int64(statement, index) == sum_of(event);
}

}  // namespace bw::hub::rows
