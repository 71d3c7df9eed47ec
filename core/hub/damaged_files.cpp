// SPDX-License-Identifier: Apache-2.0
#include "core/hub/damaged_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::hub {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPrefix = "journal-damaged-";
constexpr size_t kRowsAtOnce = 2000, kMostRows = 100'000;  // of each half: what is cheap
constexpr int64_t kFarthest = int64_t{1} << 40;

/// "journal-damaged-20260701T080000Z.sqlite"; of a second one in the same second "…Z-2.sqlite".
fs::path free_name(const fs::path& folder) {
    const std::time_t now = base::wall_ns() / base::kSecond;
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
    fs::path path = folder / fmt::format("{}{}.sqlite", kPrefix, text);
    for (int n = 2; fs::exists(path); ++n)
        path = folder / fmt::format("{}{}-{}.sqlite", kPrefix, text, n);
    return path;
}

base::Status put_all(Database& fresh, const std::vector<StoredPtr>& rows, uint64_t& count) {
    if (const auto begun = fresh.begin(); !begun) return begun;
    for (const StoredPtr& row : rows) {
        const auto put = fresh.append(*row);
        if (!put) return fresh.rollback(), put.error();
        if (*put == 0) ++count;
    }
    return fresh.commit();
}

bool enough(const std::vector<StoredPtr>& rows, int64_t until_ns) {
    return rows.size() >= kMostRows || base::mono_ns() >= until_ns;
}

/// The newest rows back to what cannot be read, then the oldest up to there, over such places in
/// longer and longer steps; in the order of their numbers.
std::vector<StoredPtr> read_all(Database& damaged, int64_t until_ns) {
    std::vector<StoredPtr> newest, rows;
    Database::Run back{1, INT64_MAX, true};
    while (!back.empty() && !enough(newest, until_ns))
        if (!damaged.read_run(back, kRowsAtOnce, newest)) break;
    Database::Run forth{1, back.last};
    int64_t step = 1;
    while (!forth.empty() && !enough(rows, until_ns)) {
        const int64_t before = forth.first;
        if (damaged.read_run(forth, kRowsAtOnce, rows)) continue;
        step = forth.first == before ? step * 2 : 1;
        if (step > kFarthest) break;
        forth.first += step;
    }
    rows.insert(rows.end(), newest.rbegin(), newest.rend());
    return rows;
}

}  // namespace

fs::path journal_file(const fs::path& folder) {
    return folder / "journal.db";
}

std::vector<std::string> damaged_files(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        const std::string name = entry.path().filename();
        if (name.rfind(kPrefix, 0) == 0 && entry.path().extension() == ".sqlite")
            names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

base::Result<fs::path> move_aside(const fs::path& folder) {
    const fs::path from = journal_file(folder), to = free_name(folder);
    std::error_code failed;
    fs::rename(from, to, failed);
    if (failed)
        return base::Error{
            "system", fmt::format("{} cannot be set aside: {}", from.string(), failed.message())};
    fs::rename(from.string() + "-wal", to.string() + "-wal", failed);  // often there is none
    fs::remove(from.string() + "-shm", failed);
    return to;
}

base::Result<uint64_t> salvage(const fs::path& damaged, Database& fresh, int64_t budget_ns) {
    uint64_t count = 0;
    auto db = Database::open(damaged, Database::Mode::read);
    if (!db) return count;
    const int64_t until_ns = base::mono_ns() + budget_ns;
    // By its index first: what records there are must not depend on how far the rest is read.
    std::vector<StoredPtr> rows;
    if (const auto past = db->remember()) {
        rows = past->records;
        if (past->last_taken) rows.push_back(past->last_taken);
        if (const auto put = put_all(fresh, rows, count); !put) return put.error();
    }
    rows = read_all(*db, until_ns);
    if (const auto put = put_all(fresh, rows, count); !put) return put.error();
    return count;
}

}  // namespace bw::hub
