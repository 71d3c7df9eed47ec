// SPDX-License-Identifier: Apache-2.0
#include "core/hub/facts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/events/json.h"
#include "core/hub/content.h"

namespace bw::hub {

using nlohmann::json;

namespace {
/// As content_of(), of all writes of a list.
uint64_t content_of_list(const std::vector<RecordPut>& writes, const std::string& space) {
    json all = json::array();
    for (const RecordPut& write : writes)
        all.push_back({write.type, write.subject, write.data, write.tombstone});
    return content_of({{"data", std::move(all)}}, space);
}
}  // namespace

void Facts::restore(const Remembered& remembered) {
    next_ = std::max(next_, remembered.sequence + 1);
    committed_ = std::max(committed_, remembered.sequence);
    last_taken_ = remembered.last_taken;
    peers_.set_sequence(committed_);
    Values& live = spaces_[kLive];
    for (const StoredPtr& row : remembered.records)
        if (row->space == kLive)
            live.records[Values::key(row->type, row->subject)] = {row, row->revision, 0};
        else
            past_.push_back(row);
    // Late, what has come since is newer.
    for (const StoredPtr& row : remembered.telemetry) {
        if (row->source == "hub" || !registry_.keeps_last(row->type)) continue;
        if (row->space == kLive)
            live.last.try_emplace(Values::key(row->type, row->subject), row);
        else
            past_.push_back(row);
    }
    for (const auto& [key, sequence] : remembered.recent) known_.restore(key, sequence);
}

StoredPtr Facts::stamp(json event, const std::string& sender, const std::string& space, Kept kept,
                       uint64_t revision, bool tombstone) {
    auto row = std::make_shared<Stored>();
    row->kept = kept;
    row->space = space;
    row->source = sender;
    row->revision = revision;
    row->tombstone = tombstone;
    row->recorded_ns = base::wall_ns();
    row->sequence = kept == Kept::telemetry ? committed_ : next_;
    event["source"] = sender;
    event["space"] = space;
    event["recordedtime"] = base::rfc3339(row->recorded_ns);
    const auto say = [&event](const char* name, bool said, json value) {
        if (said)
            event[name] = std::move(value);
        else
            event.erase(name);
    };
    const bool counted = kept != Kept::telemetry;
    say("sequence", counted, counted ? fmt::format("{:020}", row->sequence) : "");
    say("revision", revision != 0, revision);
    say("tombstone", tombstone, true);
    row->type = events::text_of(event, "type");
    row->subject = events::text_of(event, "subject");
    row->id = events::text_of(event, "id");
    row->json = event.dump(-1, ' ', false, json::error_handler_t::replace);
    return row;
}

StoredPtr Facts::telemetry(json event, const std::string& sender, const std::string& space) {
    StoredPtr row = stamp(std::move(event), sender, space, Kept::telemetry, 0, false);
    Values* its = values(space);
    if (its != nullptr && registry_.keeps_last(row->type)) {
        const std::string key = Values::key(row->type, row->subject);
        StoredPtr& last = its->last[key];
        before_last(space, key, last);
        last = row;
    }
    peers_.deliver(row);
    journal_.append_behind(row);
    return row;
}

void Facts::durable(json event, const std::string& sender, const std::string& space,
                    ReplyFn reply) {
    const std::string key = KnownWrites::key(sender, event.value("id", ""));
    const uint64_t content = content_of(event, space);
    // Of an earlier life the journal knows, and says whether it is the same.
    KnownWrites::Entry* const known = journal_.refusal() ? known_.find(key) : known_.find_anew(key);
    if (seen(known, content, reply) || refused(reply)) return;
    StoredPtr row = stamp(std::move(event), sender, space, Kept::durable, 0, false);
    ++next_;
    commit(key, content, {std::move(row)}, std::move(reply));
}

namespace {
json own_event(const std::string& type, const std::string& subject, json data) {
    return {{"specversion", "1.0"},
            {"id", base::random_uuid()},
            {"type", type},
            {"subject", subject},
            {"time", base::rfc3339(base::wall_ns())},
            {"datacontenttype", "application/json"},
            {"data", std::move(data)}};
}
}  // namespace

void Facts::publish(const std::string& type, const std::string& subject, json data) {
    telemetry(own_event(type, subject, std::move(data)), "hub", kLive);
}

void Facts::publish_durable(const std::string& type, const std::string& subject, json data,
                            ReplyFn reply) {
    durable(own_event(type, subject, std::move(data)), "hub", kLive, std::move(reply));
}

// Once more under their own sequences: what was saved of the old file is found and left as it is.
void Facts::journal_renewed() {
    for (const auto& [space, its] : spaces_)
        for (const auto& [record_key, record] : its.records)
            if (record.committed && !record.committed->copied)
                journal_.append_again(record.committed);
    if (last_taken_) journal_.append_again(last_taken_);
}

std::string Facts::revision_fault(const std::vector<RecordPut>& writes,
                                  const std::string& space) const {
    const Values* its = values(space);
    if (its == nullptr) return "the space " + space + " is over";
    for (const RecordPut& write : writes) {
        const auto found = its->records.find(Values::key(write.type, write.subject));
        const uint64_t now = found == its->records.end() ? 0 : found->second.revision;
        if (write.revision != 0 && write.revision != now)
            return fmt::format("{} {} is at revision {}, not {}", write.type, write.subject, now,
                               write.revision);
    }
    return {};
}

void Facts::put(const std::vector<RecordPut>& writes, const std::string& write,
                const std::string& sender, const std::string& space, ReplyFn reply) {
    const std::string key = KnownWrites::key(sender, write + "/0");
    const uint64_t content = content_of_list(writes, space);
    if (seen(known_.find(key), content, reply)) return;
    if (const std::string fault = revision_fault(writes, space); !fault.empty())
        return reply(refusal("conflict", fault));
    if (refused(reply)) return;
    std::vector<StoredPtr> rows;
    json revisions = json::array();
    for (const RecordPut& w : writes) {
        Values::Record& record = values(space)->records[Values::key(w.type, w.subject)];
        ++record.revision;
        ++record.on_the_way;
        json event = own_event(w.type, w.subject, json::parse(w.data, nullptr, false));
        event["id"] = fmt::format("{}/{}", write, rows.size());
        rows.push_back(
            stamp(std::move(event), sender, space, Kept::durable, record.revision, w.tombstone));
        revisions.push_back(record.revision);
    }
    ++next_;
    commit(key, content, std::move(rows), [reply = std::move(reply), revisions](json result) {
        if (result.value("ok", false)) result["revisions"] = revisions;
        reply(std::move(result));
    });
}

void Facts::note_command(json event, const std::string& sender, const json& reply) {
    // As text: CloudEvents knows no attributes that are objects.
    event["reply"] = reply.dump(-1, ' ', false, json::error_handler_t::replace);
    const std::string space = event.value("space", "live");
    StoredPtr row = stamp(std::move(event), sender, space, Kept::command, 0, false);
    ++next_;
    journal_.append_behind(std::move(row));
}

StoredPtr Facts::record(const std::string& space, const std::string& type,
                        const std::string& subject) const {
    const Values* its = values(space);
    return its == nullptr ? nullptr : its->record(type, subject);
}

std::vector<StoredPtr> Facts::records(const std::string& space, const std::string& type) const {
    const Values* its = values(space);
    return its == nullptr ? std::vector<StoredPtr>() : its->of_type(type);
}

std::vector<StoredPtr> Facts::snapshot(const std::string& space,
                                       const std::vector<std::string>& prefixes) const {
    const Values* its = values(space);
    return its == nullptr ? std::vector<StoredPtr>() : its->snapshot(prefixes);
}

}  // namespace bw::hub
