// SPDX-License-Identifier: Apache-2.0
// The journal's SQLite file: one append-only table in WAL mode, synchronous=FULL. One connection
// belongs to one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "core/base/result.h"
#include "core/hub/stored.h"

struct sqlite3;
struct sqlite3_stmt;

namespace bw::hub {

struct Query {
    std::optional<uint64_t>
        since;                // only later durable rows, oldest first; absent: the newest of all
    std::string type, space;  // type: a prefix; space: empty for all
    size_t limit = 200;
    size_t max_bytes = 1024 * 1024;
};
struct Page {
    std::vector<std::string> events;  // JSON, oldest first
    uint64_t next = 0;
    bool more = false;
};
/// Durable events as they were delivered, for who was not there.
struct ReplayQuery {
    /// A list of records has one sequence: of that one, only what stands behind this row.
    struct After {
        uint64_t sequence = 0;
        int64_t row = INT64_MAX;
    };
    After after;
    uint64_t upto = 0;  // and no later than this sequence
    std::string space;
    std::vector<std::string> prefixes;  // of type/subject
    size_t limit = 256, max_bytes = 1024 * 1024;
    int max_rows = 20'000;  // looked at: others wait for the reader
};
struct ReplayPage {
    std::vector<StoredPtr> events;  // in their order
    ReplayQuery::After next;
    bool more = false;
};
/// What a hub needs to go on where the last one stopped.
struct Remembered {
    uint64_t sequence = 0;
    std::vector<StoredPtr> records, telemetry;             // the newest of each subject
    std::vector<std::pair<std::string, uint64_t>> recent;  // dedupe key → sequence
    std::string last_taken;                                // beaconwall.wall.taken.v1, its JSON
};

/// The key by which a durable event is known to be the same.
std::string dedupe_key(const Stored& row);

class Database {
  public:
    enum class Mode { write, read };
    static base::Result<Database> open(const std::filesystem::path& file, Mode mode);
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;
    ~Database();

    base::Status begin();
    base::Status commit();
    void rollback();
    /// The sequence it already has when a durable row with that source and id is there; else 0.
    base::Result<uint64_t> append(const Stored& row);

    base::Result<Page> query(const Query& query);
    base::Result<ReplayPage> replay(const ReplayQuery& query);
    base::Result<Remembered> remember();

  private:
    explicit Database(sqlite3* db) : db_(db) {}
    base::Status run(const char* sql);
    base::Status prepare_append();
    base::Result<uint64_t> sequence_of(const Stored& row);
    base::Error error(const char* what);
    base::Status each(const std::string& sql, const std::vector<std::string>& texts,
                      const std::function<bool(sqlite3_stmt*)>& row);

    sqlite3* db_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
};

}  // namespace bw::hub
