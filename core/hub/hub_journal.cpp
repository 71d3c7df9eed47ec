// SPDX-License-Identifier: Apache-2.0
// The journal in the hub: what the last hub left, how the disk is, and questions about what was.
#include <fmt/format.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/rfc3339.h"
#include "core/events/json.h"
#include "core/hub/archive.h"
#include "core/hub/hub.h"

namespace bw::hub {

using events::integer_of;
using events::text_of;
using nlohmann::json;

namespace {

// How long the wall strip says that a damaged journal was replaced.
constexpr int64_t kTellRenewedNs = 60 * base::kSecond;

JournalPolicy policy_of(const config::Journal& journal) {
    constexpr int64_t kHourNs = 3600 * base::kSecond, kDayNs = 24 * kHourNs;
    JournalPolicy policy;
    policy.keep_ns = journal.keep_days * kDayNs;
    policy.full_ns = journal.telemetry_full_h * kHourNs;
    policy.minute_ns = journal.telemetry_minute_days * kDayNs;
    policy.hour_ns = journal.telemetry_hour_days * kDayNs;
    policy.max_bytes = uint64_t{journal.max_mib} * 1024 * 1024;
    return policy;
}

/// A time of the question, or why it is none.
std::string read_time(const json& body, const char* key, std::optional<int64_t>& out) {
    if (!body.contains(key)) return {};
    const auto time = base::read_rfc3339(text_of(body, key));
    if (!time) return fmt::format("{}: {}", key, time.error().text);
    out = *time;
    return {};
}

/// Where a page by time ended, as a text that only we read.
std::string mark_text(const Query::Mark& mark) {
    return fmt::format("{}:{}", mark.recorded_ns, mark.row);
}

std::string read_mark(const json& body, std::optional<Query::Mark>& out) {
    if (!body.contains("after")) return {};
    Query::Mark mark;
    char end = 0;
    if (std::sscanf(text_of(body, "after").c_str(), "%" SCNd64 ":%" SCNd64 "%c", &mark.recorded_ns,
                    &mark.row, &end) != 2)
        return "after is the text that the last page ended with";
    out = mark;
    return {};
}

/// The question; a sentence when it is none.
std::string read_query(const json& body, const std::string& space, Query& query) {
    const int64_t since = integer_of(body, "since", -1);
    if (since >= 0) query.since = static_cast<uint64_t>(since);
    query.type = text_of(body, "type");
    query.subject = text_of(body, "subject");
    query.space = text_of(body, "space", space);
    query.limit = static_cast<size_t>(std::clamp<int64_t>(integer_of(body, "limit", 200), 1, 1000));
    for (const std::string& fault :
         {read_time(body, "from", query.from_ns), read_time(body, "until", query.until_ns),
          read_mark(body, query.after)})
        if (!fault.empty()) return fault;
    if (query.since && query.by_time())
        return "since is a sequence, from, until and after go by time: ask for one of the two";
    return {};
}

constexpr size_t kMaxImport = 1000;

/// What it means for who reads the status.
json limit_of(const JournalState& state) {
    return {{"what", "journal"}, {"state", disk_word(state.disk)}, {"effect", state.text}};
}

}  // namespace

void Hub::wire_journal() {
    peers_.read_journal_by([this](ReplayQuery query, auto done) {
        journal_.replay(std::move(query), std::move(done));
    });
    journal_.on_hung([this](const std::string& text) { facts_.disk_hung(text); });
    journal_.on_renewed([this] {
        renewed_until_ns_ = base::mono_ns() + kTellRenewedNs;
        facts_.journal_renewed();
    });
    journal_.on_unnamed(
        [this](std::vector<std::string> digests) { blobs_.forget(std::move(digests)); });
    journal_.on_change([this] {
        tell_disk();
        // What the files said could perhaps not be written.
        if (journal_.state().disk == Disk::well) sites_.publish_cameras();
    });
}

StoredPtr Hub::remember() {
    const auto past = journal_.remember([this](const Remembered& late) {
        facts_.restore(late);
        spaces_.restore();
        sites_.publish_cameras();
    });
    if (journal_.state().set_aside != 0) renewed_until_ns_ = base::mono_ns() + kTellRenewedNs;
    if (past) facts_.restore(*past);
    tell_disk();
    return past ? past->last_taken : nullptr;
}

void Hub::tick_journal(int64_t now) {
    journal_.tick(now);
    if (renewed_until_ns_ == 0 || now < renewed_until_ns_) return;
    renewed_until_ns_ = 0;
    tell_disk();
}

int64_t Hub::journal_wake_ns() const {
    return std::min(journal_.next_wake_ns(),
                    renewed_until_ns_ == 0 ? INT64_MAX : renewed_until_ns_);
}

void Hub::set_journal_policy() {
    journal_.set_policy(policy_of(sites_.site().wall.journal));
}

/// For the wall strips.
void Hub::tell_disk() {
    const JournalState& state = journal_.state();
    const bool renewed = state.disk == Disk::well && renewed_until_ns_ != 0;
    facts_.publish(
        "beaconwall.wall.journal.v1", "wall",
        {{"disk", renewed ? "renewed" : disk_word(state.disk)}, {"since_ns", state.since_ns}});
}

void Hub::fill_journal(json& document) const {
    const JournalState& state = journal_.state();
    document["journal"] = {
        {"disk", disk_word(state.disk)},
        {"text", state.text},
        {"since", state.since_ns == 0 ? json() : json(base::rfc3339(state.since_ns))},
        {"bytes", journal_.bytes()},
        {"log_bytes", state.log_bytes},
        {"lost", state.lost},
        {"thinned", state.thinned},
        {"checked",
         journal_.checked_ns() == 0 ? json() : json(base::rfc3339(journal_.checked_ns()))},
        {"damaged", state.damaged}};
    json& limits = document["limits"];
    if (state.disk != Disk::well)
        limits.push_back(limit_of(state));
    else if (state.log_held)
        limits.push_back(
            {{"what", "journal"}, {"state", "held"}, {"effect", held_text(state.log_bytes)}});
}

void Hub::query_events(Peer& peer, const json& body) {
    const ReplyFn answer = counted(peer, body);
    Query query;
    // Also of a space that is over: what happened in it is kept.
    if (const std::string fault = read_query(body, peer.space, query); !fault.empty())
        return answer(refusal("invalid", fault));
    if (const std::string fault = registry_.subscribe_fault(query.type, peer.name); !fault.empty())
        return answer(refusal("refused", fault));
    const bool by_time = !query.since && query.by_time();
    journal_.query(query, [answer, by_time](base::Result<Page> page) {
        if (!page) return answer(refusal(page.error().code.c_str(), page.error().text));
        json events = json::array();
        for (const std::string& event : page->events)
            events.push_back(json::parse(event, nullptr, false));
        json out = {{"ok", true}, {"events", std::move(events)}, {"more", page->more}};
        if (by_time)
            out["after"] = mark_text(page->after);
        else
            out["next"] = page->next;
        answer(out);
    });
}

// Rows of another time or hub: kept and found by time, never delivered, no last value, no record.
void Hub::import_journal(Peer& peer, const json& body) {
    const ReplyFn answer = counted(peer, body);
    const json list = body.value("rows", json());
    if (text_of(body, "op") != "import") return answer(refusal("invalid", "op is import"));
    if (!list.is_array() || list.empty() || list.size() > kMaxImport)
        return answer(
            refusal("invalid", "rows is a list of 1 to 1000 rows of an exported journal"));
    std::vector<StoredPtr> rows;
    for (const json& line : list) {
        std::string fault;
        rows.push_back(read_archive_line(line, fault));
        if (rows.back() == nullptr)
            return answer(refusal("invalid", fmt::format("row {}: {}", rows.size(), fault)));
    }
    const auto done = [answer, count = rows.size()](const Outcome& outcome) {
        if (!outcome.ok) return answer(refusal("system", outcome.text));
        answer({{"ok", true}, {"added", outcome.added}, {"there", count - outcome.added}});
    };
    if (journal_.append(std::move(rows), done)) return;
    const auto why = journal_.refusal().value_or(base::Error{"full", "too much waits"});
    answer(refusal(why.code.c_str(), why.text));
}

}  // namespace bw::hub
