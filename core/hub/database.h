// SPDX-License-Identifier: Apache-2.0
// The journal's SQLite file: one append-only table in WAL mode, synchronous=FULL. One connection
// belongs to one thread. Nothing moves the log into the file but checkpoint() and the close of the
// writer's connection. Errors carry one of the codes below.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/result.h"
#include "core/hub/stored.h"

struct sqlite3;
struct sqlite3_stmt;

namespace bw::hub {

/// Codes of what a journal's file answers; anything else is "system".
namespace disk_code {
inline constexpr const char* kFull = "full";           // no room
inline constexpr const char* kReadOnly = "read-only";  // may not be written
inline constexpr const char* kFailing = "failing";     // the disk returns errors
inline constexpr const char* kDamaged = "damaged";     // the file is no journal any more
inline constexpr const char* kUnsynced = "unsynced";   // failing; see Database::checkpoint()
}  // namespace disk_code

/// Rows that were imported: kept, found by queries, and nothing else (kImported + what it was).
inline constexpr int kImported = 10;

struct Query {
    /// Only later durable rows, oldest first. Absent, and no time: the newest of all.
    std::optional<uint64_t> since;
    std::string type, space;  // type: a prefix; space: empty for all
    size_t limit = 200;
    size_t max_bytes = 1024 * 1024;
    std::string subject = {};                            // a prefix
    std::optional<int64_t> from_ns = {}, until_ns = {};  // recorded then: [from, until)
    /// By time: where the last page ended. The row, and when it was recorded.
    struct Mark {
        int64_t recorded_ns = INT64_MIN, row = 0;
    };
    std::optional<Mark> after = {};
    int max_rows = 100'000;  // looked at for one page
    [[nodiscard]] bool by_time() const { return from_ns || until_ns || after; }
};
struct Page {
    std::vector<std::string> events;  // JSON, oldest first
    uint64_t next = 0;                // since of the next page
    bool more = false;
    Query::Mark after = {};  // of the next page by time
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
    StoredPtr last_taken;                                  // beaconwall.wall.taken.v1
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
    /// The highest number of a row; and takes out those above `row`.
    base::Result<int64_t> last_row();
    base::Status cut_behind(int64_t row);
    void rollback();
    /// The sequence it already has when a durable row with that source and id is there; else 0.
    base::Result<uint64_t> append(const Stored& row);
    /// A write of no consequence, to the disk: whether it takes one.
    base::Status probe();

    /// Bytes of one page in the log.
    static constexpr uint64_t kFrameBytes = 4096 + 24;
    /// Frames in the log, and how many of them, from the first, stand in the file, too.
    struct Log {
        int64_t frames = 0, moved = 0;
    };
    /// Writer: copies the log into the file, as far as no reader needs the file as it is. Waits for
    /// nobody. After kUnsynced this connection is to be closed: what lies in the file is doubtful,
    /// and only a new one copies all of it again.
    base::Result<Log> checkpoint();
    /// Writer: frames in the log after what it wrote last; before that, as many as there may be.
    [[nodiscard]] int64_t log_frames() const { return *log_frames_; }

    base::Result<Page> query(const Query& query);
    base::Result<ReplayPage> replay(const ReplayQuery& query);
    base::Result<Remembered> remember();

    /// Numbers of rows from `first` to `last`; `back`: the last comes first.
    struct Run {
        int64_t first = 1, last = INT64_MAX;
        bool back = false;
        [[nodiscard]] bool empty() const { return first > last; }
    };
    /// As query() by time, but whole rows, and none that were imported; `after`: of the next page.
    base::Status rows_by_time(const Query& query, std::vector<StoredPtr>& rows, Query::Mark& after,
                              bool& more);
    /// Whether the durable event of that source and id says what `row` does (core/hub/content.h).
    base::Result<bool> has_the_same(const Stored& row);
    /// Adds a row that is kImported; false: it is there, as itself or as an import.
    base::Result<bool> import(const Stored& row);

    /// Whole rows of `run`, at most `limit`; `run` becomes what is left of it, also after an error.
    /// `torn`: how many were not what was written.
    base::Status read_run(Run& run, size_t limit, std::vector<StoredPtr>& out,
                          size_t* torn = nullptr);

    /// Runs `sql` with `texts` bound, `row` for each until it says false.
    base::Status each(const std::string& sql, const std::vector<std::string>& texts,
                      const std::function<bool(sqlite3_stmt*)>& row);
    base::Status run(const char* sql);
    base::Error error(const char* what);

  private:
    explicit Database(sqlite3* db) : db_(db) {}
    base::Status make_table();
    base::Status prepare_append();
    base::Result<uint64_t> sequence_of(const Stored& row);
    base::Result<Page> by_sequence(const Query& query);
    base::Result<Page> by_time(const Query& query);
    base::Status last_values(std::vector<StoredPtr>& out);

    void watch_log(const std::filesystem::path& file);

    sqlite3* db_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
    std::unique_ptr<int64_t> log_frames_ = std::make_unique<int64_t>(0);  // SQLite's hook has it
};

}  // namespace bw::hub
