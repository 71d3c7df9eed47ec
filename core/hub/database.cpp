// SPDX-License-Identifier: Apache-2.0
#include "core/hub/database.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/hub/content.h"
#include "core/hub/database_rows.h"
#include "core/hub/patient_writes.h"

namespace bw::hub {

namespace {

// What is cut away later goes back to the disk in small steps (auto_vacuum; of new files alone).
constexpr const char* kTable = R"sql(
PRAGMA auto_vacuum=INCREMENTAL;
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA journal_size_limit=16777216;
CREATE TABLE IF NOT EXISTS journal(
  row INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, kept INTEGER NOT NULL, space TEXT NOT NULL,
  type TEXT NOT NULL, subject TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL,
  revision INTEGER NOT NULL, tombstone INTEGER NOT NULL, recorded_ns INTEGER NOT NULL, event TEXT NOT NULL,
  sum INTEGER);
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);
)sql";
constexpr const char* kIndexes = R"sql(
CREATE INDEX IF NOT EXISTS by_sequence ON journal(sequence) WHERE kept > 0;
CREATE INDEX IF NOT EXISTS by_time ON journal(recorded_ns);
CREATE UNIQUE INDEX IF NOT EXISTS once ON journal(source, id) WHERE kept = 1;
CREATE INDEX IF NOT EXISTS revisions ON journal(space, type, subject, revision, kept) WHERE revision > 0;
CREATE INDEX IF NOT EXISTS readings ON journal(space, type, subject, recorded_ns) WHERE kept = 0;
CREATE INDEX IF NOT EXISTS takes ON journal(sequence) WHERE type = 'beaconwall.wall.taken.v1';
CREATE UNIQUE INDEX IF NOT EXISTS imported ON journal(source, id, recorded_ns) WHERE kept >= 10;
DROP INDEX IF EXISTS records;
)sql";

/// What a result of SQLite's says about the disk or the file.
const char* code_of(int result, int system_error) {
    switch (result & 0xff) {
        case SQLITE_FULL:
            return disk_code::kFull;
        case SQLITE_READONLY:
            return disk_code::kReadOnly;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return disk_code::kDamaged;
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
            if (system_error == ENOSPC || system_error == EDQUOT) return disk_code::kFull;
            if (system_error == EROFS) return disk_code::kReadOnly;
            return disk_code::kFailing;
        default:
            return "system";
    }
}

bool on_read_only_disk(const std::filesystem::path& file) {
    return ::access(file.parent_path().c_str(), W_OK) != 0 && errno == EROFS;
}

/// On a disk that may not be written, a journal that was closed in order has no log, and SQLite
/// cannot make the one it asks for; but nobody changes the file either.
std::string reader_name(const std::filesystem::path& file) {
    std::error_code none;
    const bool has_log = std::filesystem::exists(file.string() + "-wal", none);
    if (has_log || !on_read_only_disk(file)) return file.string();
    std::string uri = "file:";
    for (const char c : file.string())
        uri += std::strchr("?#%", c) != nullptr ? fmt::format("%{:02x}", c) : std::string(1, c);
    return uri + "?immutable=1";
}

}  // namespace

std::string dedupe_key(const Stored& row) {
    return row.source + '\n' + row.id;
}

base::Error Database::error(const char* what) {
    if (db_ == nullptr) return {"system", fmt::format("{}: no memory", what)};
    return {code_of(sqlite3_errcode(db_), sqlite3_system_errno(db_)),
            fmt::format("{}: {}", what, sqlite3_errmsg(db_))};
}

base::Result<Database> Database::open(const std::filesystem::path& file, Mode mode) {
    const bool reads = mode == Mode::read;
    const std::string name = reads ? reader_name(file) : file.string();
    const int flags =
        reads ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    sqlite3* raw = nullptr;
    const int result = sqlite3_open_v2(name.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    Database db(raw);
    if (result != SQLITE_OK) return db.error("opening the journal");
    sqlite3_busy_timeout(raw, 2000);
    // Checkpoints are the writer's.
    if (reads) {
        sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        return db;
    }
    write_patiently(raw);
    db.watch_log(file);
    base::Status made = db.make_table();
    write_patiently(raw);  // the log is open now
    if (made) made = db.prepare_append();
    if (made) return db;
    base::Error why = made.error();
    if (why.code != disk_code::kDamaged && on_read_only_disk(file)) why.code = disk_code::kReadOnly;
    return why;
}

Database::Database(Database&& other) noexcept
    : db_(std::exchange(other.db_, nullptr)),
      insert_(std::exchange(other.insert_, nullptr)),
      log_frames_(std::move(other.log_frames_)) {}

Database& Database::operator=(Database&& other) noexcept {
    std::swap(db_, other.db_);
    std::swap(insert_, other.insert_);
    std::swap(log_frames_, other.log_frames_);
    return *this;
}

Database::~Database() {
    sqlite3_finalize(insert_);
    sqlite3_close(db_);
}

base::Status Database::run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return error("the journal");
    return {};
}

base::Status Database::make_table() {
    if (const auto done = run(kTable); !done) return done;
    bool has_sum = false;
    const auto asked = each("SELECT name FROM pragma_table_info('journal')", {}, [&](auto* s) {
        has_sum = has_sum || rows::column(s, 0) == "sum";
        return true;
    });
    if (!asked) return asked;
    if (!has_sum)
        if (const auto done = run("ALTER TABLE journal ADD COLUMN sum INTEGER"); !done) return done;
    return run(kIndexes);
}

base::Status Database::prepare_append() {
    const std::string sql = fmt::format(
        "INSERT INTO journal({}, sum) VALUES(?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
        rows::kColumns);
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &insert_, nullptr) != SQLITE_OK)
        return error("preparing the journal");
    return {};
}

base::Status Database::begin() {
    return run("BEGIN IMMEDIATE");
}
base::Status Database::commit() {
    return run("COMMIT");
}
void Database::rollback() {
    sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
}

// The hook that SQLite has for this checkpoints by itself, within the commit; this one counts.
void Database::watch_log(const std::filesystem::path& file) {
    std::error_code none;
    const auto bytes = std::filesystem::file_size(file.string() + "-wal", none);
    *log_frames_ = none ? 0 : static_cast<int64_t>(bytes / kFrameBytes);
    const auto count = [](void* frames, sqlite3* /*db*/, const char* /*name*/, int now) {
        *static_cast<int64_t*>(frames) = now;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(db_, count, log_frames_.get());
}

// The file's pages are written without a word of the log's until all are synced, so that one that
// failed is simply done again. But a kernel forgets what it could not write once it has said so:
// after a failed sync, what an earlier checkpoint has copied as far as readers let it may be lost,
// too. A log that is opened by nobody else is copied from its beginning.
base::Result<Database::Log> Database::checkpoint() {
    int frames = -1, moved = -1;
    const int result =
        sqlite3_wal_checkpoint_v2(db_, "main", SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
    // Busy: somebody else looks after it, which only a person's own tool does.
    const bool busy = result == SQLITE_BUSY || result == SQLITE_LOCKED;
    if (result == SQLITE_OK || busy) return frames < 0 ? Log{*log_frames_, 0} : Log{frames, moved};
    base::Error why = error("moving the journal's log into its file");
    if (sqlite3_extended_errcode(db_) == SQLITE_IOERR_FSYNC) {
        why.code = disk_code::kUnsynced;
        sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
    return why;
}

base::Result<int64_t> Database::last_row() {
    int64_t row = 0;
    const auto done = each("SELECT coalesce(max(row), 0) FROM journal", {}, [&](sqlite3_stmt* s) {
        row = sqlite3_column_int64(s, 0);
        return false;
    });
    if (!done) return done.error();
    return row;
}

base::Status Database::cut_behind(int64_t row) {
    return run(fmt::format("DELETE FROM journal WHERE row > {}", row).c_str());
}

base::Status Database::probe() {
    return run("REPLACE INTO meta(key, value) VALUES('probe', strftime('%s', 'now'))");
}

base::Result<uint64_t> Database::append(const Stored& row) {
    sqlite3_reset(insert_);
    rows::bind_all(insert_, row);
    sqlite3_bind_int64(insert_, rows::kCount + 1, rows::sum_of(row.json));
    const int result = sqlite3_step(insert_);
    const bool added = result == SQLITE_DONE && sqlite3_changes(db_) == 1;
    sqlite3_reset(insert_);
    if (added) return uint64_t{0};
    if (result != SQLITE_DONE) return error("writing the journal");
    return sequence_of(row);
}

base::Result<bool> Database::import(const Stored& row) {
    bool there = false;
    const auto asked =
        each(fmt::format("SELECT 1 FROM journal WHERE recorded_ns = {} AND source = ? AND id = ?",
                         row.recorded_ns),
             {row.source, row.id}, [&](sqlite3_stmt* /*s*/) { return there = true, false; });
    if (!asked) return asked.error();
    if (there) return false;
    if (const auto added = append(row); !added) return added.error();
    const auto noted =
        run("REPLACE INTO meta(key, value) VALUES('imported', strftime('%s', 'now'))");
    if (!noted) return noted.error();
    return true;
}

base::Result<uint64_t> Database::sequence_of(const Stored& row) {
    uint64_t sequence = 0;
    const auto done = each("SELECT sequence FROM journal WHERE source=? AND id=? AND kept=1",
                           {row.source, row.id}, [&](sqlite3_stmt* s) {
                               sequence = static_cast<uint64_t>(sqlite3_column_int64(s, 0));
                               return false;
                           });
    if (!done) return done.error();
    return sequence;
}

base::Result<bool> Database::has_the_same(const Stored& row) {
    bool same = true;
    const auto done = each(
        "SELECT event FROM journal WHERE source=? AND id=? AND kept=1", {row.source, row.id},
        [&](sqlite3_stmt* s) { return same = say_the_same(rows::column(s, 0), row.json), false; });
    if (!done) return done.error();
    return same;
}

base::Status Database::each(const std::string& sql, const std::vector<std::string>& texts,
                            const std::function<bool(sqlite3_stmt*)>& row) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        return error("reading the journal");
    for (size_t i = 0; i < texts.size(); ++i)
        rows::bind(statement, static_cast<int>(i) + 1, texts[i]);
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW)
        if (!row(statement)) break;
    base::Status status;
    if (result != SQLITE_ROW && result != SQLITE_DONE) status = error("reading the journal");
    sqlite3_finalize(statement);
    return status;
}

}  // namespace bw::hub
