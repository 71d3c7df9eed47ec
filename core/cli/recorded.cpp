// SPDX-License-Identifier: Apache-2.0
#include "core/cli/recorded.h"

#include <fmt/core.h>
#include <sqlite3.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/clock.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kTimeoutMs = 10'000;
constexpr size_t kPage = 1000;

void keep(Recorded& out, const std::string& text, const Span& span) {
    auto event = events::parse_event(text);
    if (event && span.has(*event)) out.push_back(std::move(*event));
}

/// One page of the verb events.
base::Result<json> page(events::Client& client, json body) {
    body["limit"] = kPage;
    const auto reply = client.call("events", body.dump(), kTimeoutMs);
    json answer = json::parse(reply.body, nullptr, false);
    if (!reply.ok || !answer.is_object()) return base::Error{reply.code, reply.text};
    return answer;
}

/// Everything of that type in the span, page by page.
base::Status of_type(events::Client& client, const std::string& type, const Span& span,
                     Recorded& out) {
    json body = {{"type", type}, {"from", base::rfc3339(std::max<int64_t>(0, span.since_ns))}};
    if (span.until_ns != INT64_MAX)
        body["until"] = base::rfc3339(span.until_ns + base::kMillisecond);
    for (bool more = true; more;) {
        auto answer = page(client, body);
        if (!answer) return answer.error();
        for (const json& event : (*answer)["events"])
            if (!event.contains("reply"))  // a command: nobody hears it
                keep(out, event.dump(), span);
        more = answer->value("more", false);
        body["after"] = answer->value("after", json());
    }
    return {};
}

/// False at the end, or where it cannot be read on.
bool next_line(gzFile file, std::string& line) {
    line.clear();
    char piece[64 * 1024];
    while (gzgets(file, piece, sizeof piece) != nullptr) {
        line += piece;
        if (line.back() != '\n') continue;
        line.pop_back();
        return true;
    }
    return !line.empty();
}

/// The event of a line: the line itself, or what a row of an export holds; empty: nothing that was
/// delivered, such as an export's head and end, and commands.
std::string event_in(const std::string& line) {
    const json value = json::parse(line, nullptr, false);
    if (!value.is_object() || value.contains("specversion")) return line;
    const auto has = [&value](const char* key) { return value.contains(key); };
    if (has("beaconwall") || has("end") || value.value("lane", json()) == "command") return {};
    const auto event = value.find("event");
    if (event == value.end()) return line;
    return event->is_string() ? event->get<std::string>() : event->dump();
}

/// Rules hear what is live: what happened in an exercise is no alarm in a rehearsal either.
bool is_live(const events::Event& event) {
    return event.space.empty() || event.space == "live";
}

}  // namespace

bool Span::has(const events::Event& event) const {
    const int64_t at = moment_of(event);
    return at >= since_ns && at <= until_ns;
}

int64_t moment_of(const events::Event& event) {
    const std::string& text = event.recordedtime.empty() ? event.time : event.recordedtime;
    return base::parse_rfc3339(text).value_or(0);
}

void put_in_order(Recorded& events) {
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
        const auto times = std::pair(moment_of(a), moment_of(b));
        if (times.first != times.second) return times.first < times.second;
        return a.sequence < b.sequence;
    });
    std::set<std::string> seen;
    std::erase_if(events, [&seen](const events::Event& event) {
        return !seen.insert(event.source + '\n' + event.id + '\n' + event.subject).second;
    });
}

base::Result<Recorded> recorded_in_file(const std::filesystem::path& file, const Span& span) {
    // Reads what is not compressed, too.
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), gzclose);
    if (!in) return base::Error{"not_found", file.string() + " cannot be read"};
    Recorded out;
    std::string line;
    for (size_t number = 1; next_line(in.get(), line); ++number) {
        const std::string text = event_in(line);
        if (text.empty() || line.empty()) continue;
        const auto event = events::parse_event(text);
        if (!event)
            return base::Error{"invalid", fmt::format("{}:{}: no event: {}", file.string(), number,
                                                      event.error().text)};
        if (moment_of(*event) == 0)
            return base::Error{"invalid", fmt::format("{}:{}: no event that says when it was: give "
                                                      "it a time",
                                                      file.string(), number)};
        if (span.has(*event) && is_live(*event)) out.push_back(*event);
    }
    int code = Z_OK;
    const char* why = gzerror(in.get(), &code);
    if (code != Z_OK && code != Z_STREAM_END)
        return base::Error{"invalid", fmt::format("{}: {}", file.string(), why)};
    return out;
}

base::Result<Recorded> recorded_in_state(const std::filesystem::path& folder, const Span& span) {
    const std::string file = (folder / "journal.db").string();
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(opened, sqlite3_close);
    const auto failed = [&file, &database] {
        return base::Error{"not_found",
                           fmt::format("{}: {}", file, sqlite3_errmsg(database.get()))};
    };
    if (code != SQLITE_OK) return failed();
    sqlite3_busy_timeout(database.get(), 2000);
    sqlite3_stmt* prepared = nullptr;
    const char* sql =
        "SELECT event FROM journal WHERE space = 'live' AND kept % 10 < 2 AND recorded_ns BETWEEN "
        "?1 AND ?2 "
        "ORDER BY row";
    if (sqlite3_prepare_v2(database.get(), sql, -1, &prepared, nullptr) != SQLITE_OK)
        return failed();
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared,
                                                                          sqlite3_finalize);
    sqlite3_bind_int64(prepared, 1, span.since_ns);
    sqlite3_bind_int64(prepared, 2, span.until_ns);
    Recorded out;
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(prepared)) == SQLITE_ROW) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0));
        if (text != nullptr) keep(out, text, span);
    }
    if (step != SQLITE_DONE) return failed();
    return out;
}

base::Result<Recorded> recorded_by_hub(events::Client& client, const Span& span,
                                       const std::vector<std::string>& types) {
    Recorded out;
    for (const std::string& type : types)
        if (auto read = of_type(client, type, span, out); !read) return read.error();
    return out;
}

}  // namespace bw::cli
