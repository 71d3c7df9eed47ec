// SPDX-License-Identifier: Apache-2.0
#include "core/hub/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace bw::hub {

namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS journal(
  row INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, kept INTEGER NOT NULL, space TEXT NOT NULL,
  type TEXT NOT NULL, subject TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL,
  revision INTEGER NOT NULL, tombstone INTEGER NOT NULL, recorded_ns INTEGER NOT NULL, event TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_sequence ON journal(sequence) WHERE kept > 0;
CREATE UNIQUE INDEX IF NOT EXISTS once ON journal(source, id) WHERE kept = 1;
CREATE INDEX IF NOT EXISTS records ON journal(space, type, subject) WHERE revision > 0;
)sql";
constexpr const char* kColumns =
    "kept, space, type, subject, source, id, sequence, revision, tombstone, recorded_ns, event";
// Telemetry of before a restart is looked for in this many newest rows.
constexpr int kTelemetryRows = 50'000;

void bind(sqlite3_stmt* statement, int index, const std::string& text) {
    sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()),
                      SQLITE_TRANSIENT);
}

std::string column(sqlite3_stmt* statement, int index) {
    const auto* text = sqlite3_column_text(statement, index);
    const int size = sqlite3_column_bytes(statement, index);
    return text == nullptr
               ? std::string()
               : std::string(reinterpret_cast<const char*>(text), static_cast<size_t>(size));
}

StoredPtr read_row(sqlite3_stmt* s) {
    auto row = std::make_shared<Stored>();
    row->kept = static_cast<Kept>(sqlite3_column_int(s, 0));
    row->space = column(s, 1);
    row->type = column(s, 2);
    row->subject = column(s, 3);
    row->source = column(s, 4);
    row->id = column(s, 5);
    row->sequence = static_cast<uint64_t>(sqlite3_column_int64(s, 6));
    row->revision = static_cast<uint64_t>(sqlite3_column_int64(s, 7));
    row->tombstone = sqlite3_column_int(s, 8) != 0;
    row->recorded_ns = sqlite3_column_int64(s, 9);
    row->json = column(s, 10);
    return row;
}

}  // namespace

std::string dedupe_key(const Stored& row) {
    return row.source + '\n' + row.id;
}

base::Error Database::error(const char* what) {
    return {"system",
            fmt::format("{}: {}", what, db_ != nullptr ? sqlite3_errmsg(db_) : "no memory")};
}

base::Result<Database> Database::open(const std::filesystem::path& file, Mode mode) {
    sqlite3* raw = nullptr;
    const int flags =
        mode == Mode::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const int result = sqlite3_open_v2(file.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    Database db(raw);
    if (result != SQLITE_OK) return db.error("opening the journal");
    sqlite3_busy_timeout(raw, 2000);
    if (mode == Mode::read) return db;
    for (const char* sql : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", kSchema})
        if (const auto done = db.run(sql); !done) return done.error();
    if (const auto done = db.prepare_append(); !done) return done.error();
    return db;
}

Database::Database(Database&& other) noexcept
    : db_(std::exchange(other.db_, nullptr)), insert_(std::exchange(other.insert_, nullptr)) {}

Database& Database::operator=(Database&& other) noexcept {
    std::swap(db_, other.db_);
    std::swap(insert_, other.insert_);
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

base::Status Database::prepare_append() {
    const std::string sql = fmt::format(
        "INSERT INTO journal({}) VALUES(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING", kColumns);
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

base::Result<uint64_t> Database::append(const Stored& row) {
    sqlite3_reset(insert_);
    sqlite3_bind_int(insert_, 1, static_cast<int>(row.kept));
    bind(insert_, 2, row.space);
    bind(insert_, 3, row.type);
    bind(insert_, 4, row.subject);
    bind(insert_, 5, row.source);
    bind(insert_, 6, row.id);
    sqlite3_bind_int64(insert_, 7, static_cast<int64_t>(row.sequence));
    sqlite3_bind_int64(insert_, 8, static_cast<int64_t>(row.revision));
    sqlite3_bind_int(insert_, 9, row.tombstone ? 1 : 0);
    sqlite3_bind_int64(insert_, 10, row.recorded_ns);
    bind(insert_, 11, row.json);
    const int result = sqlite3_step(insert_);
    const bool added = result == SQLITE_DONE && sqlite3_changes(db_) == 1;
    sqlite3_reset(insert_);
    if (added) return uint64_t{0};
    if (result != SQLITE_DONE) return error("writing the journal");
    return sequence_of(row);
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

base::Status Database::each(const std::string& sql, const std::vector<std::string>& texts,
                            const std::function<bool(sqlite3_stmt*)>& row) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        return error("reading the journal");
    for (size_t i = 0; i < texts.size(); ++i) bind(statement, static_cast<int>(i) + 1, texts[i]);
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW)
        if (!row(statement)) break;
    base::Status status;
    if (result != SQLITE_ROW && result != SQLITE_DONE) status = error("reading the journal");
    sqlite3_finalize(statement);
    return status;
}

base::Result<Page> Database::query(const Query& query) {
    // substr instead of LIKE: a prefix may hold '_' and '%'.
    std::string where = "substr(type, 1, length(?1)) = ?1 AND (?2 = '' OR space = ?2)";
    if (query.since) where += fmt::format(" AND kept > 0 AND sequence > {}", *query.since);
    const std::string sql = fmt::format("SELECT event, sequence FROM journal WHERE {} ORDER BY {}",
                                        where, query.since ? "sequence, row" : "row DESC");
    Page page;
    page.next = query.since.value_or(0);
    size_t bytes = 0;
    const auto done = each(sql, {query.type, query.space}, [&](sqlite3_stmt* s) {
        std::string event = column(s, 0);
        const auto sequence = static_cast<uint64_t>(sqlite3_column_int64(s, 1));
        bytes += event.size() + 1;
        // The next page begins behind a sequence: a list of records, which has one, is never cut.
        const bool cuts = query.since && sequence == page.next && !page.events.empty();
        if (!cuts && (page.events.size() >= query.limit ||
                      (bytes > query.max_bytes && !page.events.empty()))) {
            page.more = true;
            return false;
        }
        page.next = std::max(page.next, sequence);
        page.events.push_back(std::move(event));
        return true;
    });
    if (!done) return done.error();
    if (!query.since) std::reverse(page.events.begin(), page.events.end());
    return page;
}

base::Result<ReplayPage> Database::replay(const ReplayQuery& query) {
    const std::string sql = fmt::format(
        "SELECT {}, row FROM journal WHERE kept > 0 AND sequence BETWEEN {} AND {} "
        "ORDER BY sequence, row",
        kColumns, query.after.sequence, query.upto);
    ReplayPage page;
    page.next = query.after;
    size_t bytes = 0;
    int rows = 0;
    const auto done = each(sql, {}, [&](sqlite3_stmt* s) {
        const auto sequence = static_cast<uint64_t>(sqlite3_column_int64(s, 6));
        const int64_t row = sqlite3_column_int64(s, 11);
        if (sequence == query.after.sequence && row <= query.after.row) return true;
        if (rows++ == query.max_rows || page.events.size() == query.limit ||
            bytes > query.max_bytes) {
            page.more = true;
            return false;
        }
        page.next = {sequence, row};
        if (static_cast<Kept>(sqlite3_column_int(s, 0)) != Kept::durable ||
            column(s, 1) != query.space ||
            !begins(query.prefixes, column(s, 2) + "/" + column(s, 3)))
            return true;
        page.events.push_back(read_row(s));
        bytes += page.events.back()->json.size();
        return true;
    });
    if (!done) return done.error();
    return page;
}

base::Result<Remembered> Database::remember() {
    Remembered out;
    const auto into = [](std::vector<StoredPtr>& rows) {
        return [&rows](sqlite3_stmt* s) { return rows.push_back(read_row(s)), true; };
    };
    const std::string newest = fmt::format(
        "SELECT {} FROM journal WHERE row IN (SELECT max(row) FROM journal WHERE ", kColumns);
    const std::string grouped = " GROUP BY space, type, subject) ORDER BY row";
    base::Status steps[] = {
        each("SELECT coalesce(max(sequence), 0) FROM journal", {},
             [&](sqlite3_stmt* s) {
                 out.sequence = static_cast<uint64_t>(sqlite3_column_int64(s, 0));
                 return false;
             }),
        each(newest + "revision > 0" + grouped, {}, into(out.records)),
        each(newest +
                 fmt::format("kept = 0 AND row > (SELECT max(row) FROM journal) - {}",
                             kTelemetryRows) +
                 grouped,
             {}, into(out.telemetry)),
        each(
            "SELECT source, id, sequence FROM journal WHERE kept = 1 ORDER BY row DESC LIMIT 20000",
            {},
            [&](sqlite3_stmt* s) {
                out.recent.emplace_back(column(s, 0) + '\n' + column(s, 1),
                                        static_cast<uint64_t>(sqlite3_column_int64(s, 2)));
                return true;
            }),
        each("SELECT event FROM journal WHERE type='beaconwall.wall.taken.v1' AND kept=1 ORDER BY "
             "row DESC LIMIT 1",
             {},
             [&](sqlite3_stmt* s) {
                 out.last_taken = column(s, 0);
                 return false;
             }),
    };
    for (const base::Status& step : steps)
        if (!step) return step.error();
    std::reverse(out.recent.begin(), out.recent.end());
    return out;
}

}  // namespace bw::hub
