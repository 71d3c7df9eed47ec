// SPDX-License-Identifier: Apache-2.0
// beaconwall journal export | check | import. The first two are done by the hub's program, which
// reads the file; what is imported goes through the running hub, which alone writes.
#include <fmt/core.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/duration.h"
#include "core/base/paths.h"
#include "core/cli/commands.h"
#include "core/cli/folders.h"
#include "core/cli/hub_link.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kTimeoutMs = 20'000;
constexpr size_t kMaxRows = 500, kMaxBytes = 1024 * 1024, kMaxLine = 2 * 1024 * 1024;

struct Close {
    void operator()(gzFile_s* file) const { gzclose(file); }
};

/// Empty, and told, when nobody said whose.
std::string database_of(const JournalOptions& options) {
    if (!options.site && !options.state_dir && !options.run_dir) {
        fmt::print(stderr, "name the wall: --site SITE, or its state folder with --state-dir\n");
        return {};
    }
    std::error_code error;
    const std::string site =
        options.site ? std::filesystem::weakly_canonical(*options.site, error).filename().string()
                     : std::string();
    return (state_folder(options.state_dir, options.run_dir, site) / "journal.db").string();
}

std::string ns_text(const std::string& time) {
    if (time.empty()) return {};
    return std::to_string(base::parse_rfc3339(base::time_text(time)).value_or(0));
}

/// Does not return when all is well.
int become(const std::vector<std::string>& words) {
    const std::string program = base::role_program("hub").string();
    std::vector<char*> arguments{const_cast<char*>(program.c_str()), const_cast<char*>("journal")};
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(program.c_str(), arguments.data());
    fmt::print(stderr, "{}: {}\n", program, std::strerror(errno));
    return Exit::refused;
}

bool get_line(gzFile file, std::string& line) {
    line.clear();
    char piece[4096];
    while (line.size() < kMaxLine && gzgets(file, piece, sizeof piece) != nullptr) {
        line += piece;
        if (line.back() != '\n') continue;
        line.pop_back();
        return true;
    }
    return !line.empty();
}

/// What goes to the hub in one request.
struct Batch {
    json rows = json::array();
    size_t bytes = 0;
    uint64_t added = 0, there = 0;

    int send(events::Client& client) {
        if (rows.empty()) return Exit::done;
        json answer;
        const json body = {{"op", "import"}, {"rows", std::move(rows)}};
        rows = json::array();
        bytes = 0;
        if (const int failed = judge(client.call("journal", one_line(body), kTimeoutMs), answer))
            return failed;
        added += answer.value("added", uint64_t{0});
        there += answer.value("there", uint64_t{0});
        return Exit::done;
    }
};

/// What is wrong with the file is in `fault`; the rows before it are sent all the same.
int send_rows(gzFile file, events::Client& client, Batch& batch, std::string& fault) {
    std::string line;
    uint64_t rows = 0, number = 1;
    for (bool ended = false; !ended && fault.empty();) {
        ++number;
        const bool got = get_line(file, line);
        json row = got ? json::parse(line, nullptr, false) : json();
        ended = got && row.is_object() && row.contains("end");
        if (!got)
            fault = "it was cut off: the line with the end is missing";
        else if (!row.is_object())
            fault = "no JSON";
        else if (ended && row["end"] != json(rows))
            fault =
                fmt::format("{} rows are here, and the end says {}", rows, one_line(row["end"]));
        if (!fault.empty()) fault = fmt::format("{}: {}", number, fault);
        if (!fault.empty() || ended) break;
        ++rows;
        batch.bytes += line.size();
        batch.rows.push_back(std::move(row));
        if (batch.rows.size() < kMaxRows && batch.bytes < kMaxBytes) continue;
        if (const int failed = batch.send(client)) return failed;
    }
    return batch.send(client);
}

}  // namespace

int journal_export(const JournalOptions& options) {
    const std::string database = database_of(options);
    if (database.empty()) return Exit::refused;
    return become({"export", database, options.file.string(), ns_text(options.since),
                   ns_text(options.until), options.type, options.subject});
}

int journal_check(const JournalOptions& options) {
    const std::string file = options.file.empty() ? database_of(options) : options.file.string();
    return file.empty() ? Exit::refused : become({"check", file});
}

int journal_import(const JournalOptions& options) {
    const std::unique_ptr<gzFile_s, Close> file(gzopen(options.file.c_str(), "rb"));
    if (!file) {
        fmt::print(stderr, "{}: {}\n", options.file.string(),
                   std::strerror(errno));  // NOLINT: one thread
        return Exit::refused;
    }
    std::string line;
    json head;
    if (get_line(file.get(), line)) head = json::parse(line, nullptr, false);
    if (!head.is_object() || head.value("beaconwall", json()) != json("journal")) {
        fmt::print(stderr, "{}: found no exported journal; try `beaconwall journal check` on it\n",
                   options.file.string());
        return Exit::refused;
    }
    CtlOptions hub;
    hub.run_dir = options.run_dir;
    hub.token_file = options.token_file;
    int code = Exit::done;
    const auto client = open_hub(hub, code);
    if (!client) return code;
    Batch batch;
    std::string fault;
    code = send_rows(file.get(), *client, batch, fault);
    fmt::print("{} rows added, {} were there\n", batch.added, batch.there);
    if (fault.empty()) return code;
    fmt::print(stderr, "{}:{}; what stands before it was imported, what is behind it was not\n",
               options.file.string(), fault);
    return code == Exit::done ? Exit::refused : code;
}

}  // namespace bw::cli
