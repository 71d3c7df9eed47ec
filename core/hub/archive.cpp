// SPDX-License-Identifier: Apache-2.0
#include "core/hub/archive.h"

#include <fmt/format.h>
#include <zlib.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/events/event.h"
#include "core/events/json.h"

namespace bw::hub {

using nlohmann::json;

namespace {

constexpr size_t kMaxLineBytes = 2 * 1024 * 1024;
constexpr const char* kLanes[] = {"telemetry", "durable", "command"};

struct Close {
    void operator()(gzFile_s* file) const { gzclose(file); }
};
using Gz = std::unique_ptr<gzFile_s, Close>;

bool put(gzFile file, const std::string& line) {
    return gzwrite(file, line.data(), static_cast<unsigned>(line.size())) ==
               static_cast<int>(line.size()) &&
           gzputc(file, '\n') == '\n';
}

json time_json(const std::optional<int64_t>& ns) {
    return ns ? json(base::rfc3339(*ns)) : json();
}

std::string head_line(const Span& span) {
    return json{{"beaconwall", "journal"},
                {"format", 1},
                {"from", time_json(span.from_ns)},
                {"until", time_json(span.until_ns)},
                {"exported", base::rfc3339(base::wall_ns())}}
        .dump();
}

std::string row_line(const Stored& row) {
    // The event stands as it is: what was delivered, to the byte.
    return fmt::format("{{\"lane\":\"{}\",\"recorded_ns\":{},\"event\":{}}}",
                       kLanes[static_cast<size_t>(row.kept)], row.recorded_ns, row.json);
}

base::Error cannot(const std::filesystem::path& file) {
    return base::errno_error(file.string() + " cannot be written");
}

/// Pages of it, each row handed to `each`.
base::Status walk(Database& db, const Span& span,
                  const std::function<base::Status(const Stored&)>& each) {
    Query query;
    query.from_ns = span.from_ns;
    query.until_ns = span.until_ns;
    query.type = span.type;
    query.subject = span.subject;
    query.limit = 1000;
    for (bool more = true; more;) {
        Query::Mark after;
        std::vector<StoredPtr> rows;
        const auto read = db.rows_by_time(query, rows, after, more);
        if (!read) return read;
        query.after = after;
        for (const StoredPtr& row : rows)
            if (const auto done = each(*row); !done) return done;
    }
    return {};
}

/// One line without its end; false at the end of the file. Too long a line is cut, and then no
/// JSON.
bool get(gzFile file, std::string& line) {
    line.clear();
    char piece[4096];
    while (line.size() < kMaxLineBytes && gzgets(file, piece, sizeof piece) != nullptr) {
        line += piece;
        if (line.back() != '\n') continue;
        line.pop_back();
        return true;
    }
    return !line.empty();
}

std::string head_fault(const std::string& line) {
    json head;
    if (!events::read_json(line, head) || events::text_of(head, "beaconwall") != "journal")
        return "this is no journal that was exported";
    if (events::integer_of(head, "format", 0) != 1) return "this format is of a later version";
    return {};
}

}  // namespace

base::Result<uint64_t> write_archive(Database& db, const Span& span,
                                     const std::filesystem::path& file) {
    const std::string part = file.string() + "." + base::random_hex(4) + ".part";
    Gz out(gzopen(part.c_str(), "wb6"));
    if (!out) return cannot(file);
    uint64_t count = 0;
    const base::Status full = cannot(file);
    bool fine = put(out.get(), head_line(span));
    const auto walked = walk(db, span, [&](const Stored& row) -> base::Status {
        ++count;
        fine = fine && put(out.get(), row_line(row));
        return fine ? base::Status() : full;
    });
    fine = fine && put(out.get(), json{{"end", count}}.dump());
    fine = gzclose(out.release()) == Z_OK && fine;
    std::error_code failed;
    if (walked && fine) std::filesystem::rename(part, file, failed);
    if (walked && fine && !failed) return count;
    const base::Error why = cannot(file);
    std::filesystem::remove(part, failed);
    return walked ? why : walked.error();
}

base::Result<uint64_t> read_archive(const std::filesystem::path& file,
                                    const std::function<std::string(const std::string&)>& row) {
    const auto wrong = [&](uint64_t line, const std::string& why) {
        return base::Error{"invalid", fmt::format("{}:{}: {}", file.string(), line, why)};
    };
    Gz in(gzopen(file.c_str(), "rb"));
    if (!in) return base::errno_error(file.string() + " cannot be read");
    std::string line;
    uint64_t number = 1, count = 0;
    if (!get(in.get(), line)) return wrong(1, "there is nothing in it");
    if (const std::string fault = head_fault(line); !fault.empty()) return wrong(1, fault);
    while (get(in.get(), line)) {
        ++number;
        json end;
        if (line.rfind("{\"end\":", 0) == 0 && events::read_json(line, end)) {
            if (events::integer_of(end, "end", -1) == static_cast<int64_t>(count))
                return get(in.get(), line) ? wrong(number + 1, "there is more behind the end")
                                           : base::Result<uint64_t>(count);
            return wrong(number, fmt::format("{} rows are here, and the end says {}", count,
                                             end["end"].dump()));
        }
        if (const std::string fault = row(line); !fault.empty()) return wrong(number, fault);
        ++count;
    }
    return wrong(number, "it was cut off: the line with the end is missing");
}

StoredPtr read_archive_line(const json& line, std::string& fault) {
    const auto no = [&](const char* why) {
        fault = why;
        return StoredPtr();
    };
    if (!line.is_object() || !line.contains("event") || !line["event"].is_object())
        return no("a row is {lane, recorded_ns, event}");
    json event = line["event"];
    const std::string lane = events::text_of(line, "lane");
    int kept = -1;
    for (int i = 0; i < 3; ++i)
        if (lane == kLanes[i]) kept = i;
    if (kept < 0) return no("lane is telemetry, durable or command");
    auto row = std::make_shared<Stored>();
    row->recorded_ns = events::integer_of(line, "recorded_ns", INT64_MAX);
    if (row->recorded_ns > base::wall_ns() || row->recorded_ns < 0)
        return no("recorded_ns is a time of the past, in ns since 1970");
    row->kept = static_cast<Kept>(kImported + kept);
    row->type = events::text_of(event, "type");
    row->subject = events::text_of(event, "subject");
    row->source = events::text_of(event, "source");
    row->id = events::text_of(event, "id");
    row->space = events::text_of(event, "space", "live");
    if (row->type.empty() || row->source.empty() || row->id.empty())
        return no("an event has type, source and id");
    const std::string sequence = events::text_of(event, "sequence");
    row->sequence = std::strtoull(sequence.c_str(), nullptr, 10);
    row->revision =
        static_cast<uint64_t>(std::max<int64_t>(0, events::integer_of(event, "revision", 0)));
    row->tombstone = event.contains("tombstone") && event["tombstone"] == true;
    event["imported"] = true;
    row->json = event.dump(-1, ' ', false, json::error_handler_t::replace);
    return row;
}

}  // namespace bw::hub
