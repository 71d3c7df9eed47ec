// SPDX-License-Identifier: Apache-2.0
#include "core/hub/journal_tool.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <nlohmann/json.hpp>

#include "core/events/json.h"
#include "core/hub/archive.h"
#include "core/hub/database_rows.h"

namespace bw::hub {

namespace {

constexpr size_t kMaxReasons = 20;

int failed(const std::string& why) {
    fmt::print(stderr, "{}\n", why);
    return 1;
}

std::optional<int64_t> time_of(const std::string& word) {
    if (word.empty()) return std::nullopt;
    return std::stoll(word);
}

int do_export(const std::vector<std::string>& words) {
    auto db = Database::open(words[1], Database::Mode::read);
    if (!db) return failed(words[1] + ": " + db.error().text);
    const Span span{time_of(words[3]), time_of(words[4]), words[5], words[6]};
    const auto count = write_archive(*db, span, words[2]);
    if (!count) return failed(count.error().text);
    fmt::print("{} rows\n", *count);
    return 0;
}

/// What SQLite and our sums find wrong.
std::vector<std::string> faults_of(Database& db, uint64_t& count) {
    std::vector<std::string> reasons;
    const auto note = [&reasons](const std::string& reason) {
        if (reasons.size() < kMaxReasons) reasons.push_back(reason);
    };
    const auto whole = db.each("PRAGMA integrity_check(20)", {}, [&](sqlite3_stmt* s) {
        if (const std::string said = rows::column(s, 0); said != "ok") note(said);
        return true;
    });
    if (!whole) note(whole.error().text);
    const auto sums = db.each("SELECT row, event, sum FROM journal", {}, [&](sqlite3_stmt* s) {
        ++count;
        if (!rows::is_whole(s, 2, rows::column(s, 1)))
            note(fmt::format("row {} is not what was written", sqlite3_column_int64(s, 0)));
        return true;
    });
    if (!sums) note(sums.error().text);
    return reasons;
}

int check_database(const std::string& file) {
    auto db = Database::open(file, Database::Mode::read);
    if (!db) return failed(file + ": " + db.error().text);
    uint64_t count = 0;
    const auto reasons = faults_of(*db, count);
    for (const std::string& reason : reasons) fmt::print(stderr, "{}: {}\n", file, reason);
    if (!reasons.empty()) return 1;
    fmt::print("{} rows, each as it was written\n", count);
    return 0;
}

int check_archive(const std::string& file) {
    const auto count = read_archive(file, [](const std::string& line) {
        nlohmann::json row;
        std::string fault = "no JSON";
        if (events::read_json(line, row)) {
            fault.clear();
            (void)read_archive_line(row, fault);
        }
        return fault;
    });
    if (!count) return failed(count.error().text);
    fmt::print("{} rows, whole\n", *count);
    return 0;
}

}  // namespace

int journal_tool(const std::vector<std::string>& words) {
    if (words.size() == 7 && words[0] == "export") return do_export(words);
    if (words.size() == 2 && words[0] == "check") {
        const bool archive = words[1].size() > 3 && words[1].rfind(".gz") == words[1].size() - 3;
        return archive ? check_archive(words[1]) : check_database(words[1]);
    }
    fmt::print(stderr, "journal: export DATABASE FILE FROM UNTIL TYPE SUBJECT, or check FILE\n");
    return 2;
}

}  // namespace bw::hub
