// SPDX-License-Identifier: Apache-2.0
// The verbs that carry facts: subscribe, publish, command, record, events.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/rfc3339.h"
#include "core/events/cloud_event.h"
#include "core/events/json.h"
#include "core/hub/fields.h"
#include "core/hub/hub.h"

namespace bw::hub {

using events::integer_of;
using events::text_of;
using nlohmann::json;

namespace {

constexpr const char* kSourceType = "beaconwall.source.v1";
constexpr const char* kViewType = "beaconwall.pane.view.v1";
constexpr size_t kMaxPrefixes = 256;
constexpr size_t kMaxWrites = 1000;
// A list has one sequence and is never cut: with its envelopes it must fit into one message.
constexpr size_t kMaxListBytes = 1536 * 1024, kWriteOverhead = 512;

// Why `body.event` is not an event that may come in; empty: it may. It is then in `event`, and no
// longer in `body`. `bytes`: of the frame that it came in.
std::string take_event(json& body, size_t bytes, const Registry& registry, json& event) {
    const auto found = body.find("event");
    if (found == body.end() || !found->is_object()) return "the field event is missing";
    if (std::string fault = events::cloud_event_fault(*found); !fault.empty()) return fault;
    const size_t most = registry.most_bytes(text_of(*found, "type"));
    // What does not fit may be its envelope or white space.
    if (bytes > most) bytes = found->dump().size();
    if (bytes > most)
        return fmt::format("an event of {} bytes; at most {}: put the rest in a blob", bytes, most);
    event = std::move(*found);
    for (const char* ours : {"sequence", "revision", "tombstone", "recordedtime"})
        event.erase(ours);
    // An attribute that is null is one that is not there.
    for (auto it = event.begin(); it != event.end();)
        it = it->is_null() && it.key() != "data" ? event.erase(it) : std::next(it);
    return {};
}

// Why `write` cannot be one; empty: it can. `data`: its data, as JSON.
std::string write_fault(const json& write, std::string& data) {
    if (!write.is_object()) return "a write is an object";
    if (std::string fault = write_field_fault(write); !fault.empty()) return fault;
    const std::string type = text_of(write, "type"), subject = text_of(write, "subject");
    if (type.empty() || type.size() > 256) return "a write needs a type";
    if (subject.empty() || subject.size() > 256)
        return "a write needs a subject of at most 256 bytes";
    for (const auto& [name, text] : {std::pair("type", type), std::pair("subject", subject)})
        if (std::string fault = events::attribute_text_fault(name, text); !fault.empty())
            return fault;
    data = write.contains("data") ? write["data"].dump() : "{}";
    if (data.size() > events::kMaxRecordBytes)
        return fmt::format("a record of {} bytes; at most {}: put the rest in a blob", data.size(),
                           events::kMaxRecordBytes);
    return {};
}

/// Where a request belongs: what it says, else where its peer is.
std::string space_of(const Peer& peer, const json& body) {
    return text_of(body, "space", peer.space);
}

bool is_tombstone(const json& write) {
    return write.contains("tombstone") && write["tombstone"] == true;
}

}  // namespace

void Hub::subscribe(Peer& peer, const json& body) {
    const ReplyFn answer = replier(peer.route, body);
    std::vector<std::string> prefixes;
    const json list = body.value("prefixes", json());
    if (!list.is_array() || list.size() > kMaxPrefixes)
        return answer(refusal("invalid", "prefixes is a list of at most 256 texts"));
    for (const json& prefix : list) {
        if (!prefix.is_string() || prefix.get_ref<const std::string&>().size() > 512)
            return answer(refusal("invalid", "a prefix is a text of at most 512 bytes"));
        prefixes.push_back(prefix.get<std::string>());
        if (const std::string fault = registry_.subscribe_fault(prefixes.back(), peer.name);
            !fault.empty())
            return answer(refusal("refused", fault));
    }
    const Interest interest{space_of(peer, body), std::move(prefixes)};
    const std::string& space = interest.space;
    if (const std::string fault = spaces_.fault(space); !fault.empty())
        return answer(refusal("unknown", fault));
    const std::string from = text_of(body, "from", "now");
    if (from == "sequence" && spaces_.is_replay(space))
        return answer(refusal("refused", "the journal has nothing of the replay " + space +
                                             ": subscribe with a snapshot"));
    if (!peer.has_room(interest, from == "sequence"))
        return answer(refusal("full",
                              "you subscribe to too much: at most 4096 prefixes, and 256 "
                              "subscriptions from a sequence"));
    if (from != "now" && from != "snapshot" && from != "sequence")
        return answer(refusal("invalid", "from is now, snapshot or sequence"));
    const int64_t since =
        integer_of(body, "since", body.contains("since") ? -1 : int64_t(facts_.sequence()));
    if (since < 0) return answer(refusal("invalid", "since is a sequence: a whole number from 0"));
    if (peer.is("compositor:")) scenes_.compositor_listens();
    std::vector<StoredPtr> snapshot;
    if (from == "snapshot") snapshot = facts_.snapshot(space, interest.prefixes);
    const int64_t to = integer_of(body, "to", 0);
    if (to > 0)
        peer.credit_to = std::max(peer.credit_to,
                                  std::min(static_cast<uint64_t>(to), peer.n + events::kMaxCredit));
    answer({{"ok", true}});
    if (from == "sequence")
        return peers_.subscribe_since(peer, interest, static_cast<uint64_t>(since));
    const std::string route = peer.route;  // one that does not read is dropped
    peers_.subscribe(peer, interest, std::move(snapshot));
    if (const Peer* still = peers_.find(route)) status_.listens(*still);
}

void Hub::publish(Peer& peer, json& body, size_t bytes) {
    const ReplyFn answer = replier(peer.route, body);
    json event;
    if (const std::string fault = take_event(body, bytes, registry_, event); !fault.empty())
        return answer(refusal("invalid", fault));
    const std::string type = text_of(event, "type"), space = space_of(peer, body);
    if (const std::string fault = spaces_.stray_fault(text_of(event, "space"), space);
        !fault.empty())
        return answer(refusal("invalid", fault));
    if (const std::string fault = spaces_.write_fault(space); !fault.empty())
        return answer(refusal(spaces_.kind_of(space).empty() ? "unknown" : "refused", fault));
    if (const std::string fault = registry_.publish_fault(type, peer.name); !fault.empty())
        return answer(refusal("refused", fault));
    if (json refused = contracts_.refusal_of_event(event, peer.name); !refused.is_null())
        return answer(std::move(refused));
    const std::string lane = text_of(body, "lane", "telemetry");
    if (lane == "durable") return facts_.durable(std::move(event), peer.name, space, answer);
    if (lane != "telemetry") return answer(refusal("invalid", "lane is telemetry or durable"));
    const std::string name = peer.name;  // delivering may drop the sender
    const bool of_wall = space == kLive && (peer.is("compositor:") || peer.is("media:"));
    const json copy = of_wall ? event : json();
    facts_.telemetry(std::move(event), name, space);
    answer({{"ok", true}});
    if (copy.is_object()) observe(name, copy);
}

// What compositors and media say to the hub itself.
void Hub::observe(const std::string& sender, const json& event) {
    const std::string type = text_of(event, "type");
    const json data = event.value("data", json::object());
    if (type == "beaconwall.compositor.ready.v1") scenes_.ready(sender, data);
    if (type == "beaconwall.compositor.taken.v1") scenes_.taken(sender, data);
    if (type == "beaconwall.compositor.on_air.v1") scenes_.on_air(data);
    if (type == "beaconwall.compositor.press.v1") commands_.pressed(text_of(data, "plugin"));
    if (type == "beaconwall.compositor.report.v1" || type == "beaconwall.media.report.v1")
        status_.report(sender, data);
}

void Hub::command(Peer& peer, json& body, size_t bytes) {
    json event;
    std::string fault = take_event(body, bytes, registry_, event);
    if (fault.empty()) fault = spaces_.stray_fault(text_of(event, "space"), space_of(peer, body));
    if (!fault.empty()) {
        people_.note_no_command(peer, body, fault);
        return replier(peer.route, body)(refusal("invalid", fault));
    }
    event["source"] = People::sender_of(peer, body);
    event["space"] = space_of(peer, body);
    body["event"] = std::move(event);
    commands_.run(peer, body, replier(peer.route, body));
}

void Hub::record(Peer& peer, const json& body) {
    const std::string op = text_of(body, "op"), space = space_of(peer, body);
    const ReplyFn answer = replier(peer.route, body);
    if (const std::string fault = spaces_.fault(space); !fault.empty())
        return answer(refusal("unknown", fault));
    if (op == "put") return put_records(peer, body, space);
    if (const std::string fault = registry_.subscribe_fault(text_of(body, "type"), peer.name);
        !fault.empty())
        return answer(refusal("refused", fault));
    if (op == "list") return list_records(peer, body, space);
    if (op != "get") return answer(refusal("invalid", "op is get, list or put"));
    const StoredPtr row = facts_.record(space, text_of(body, "type"), text_of(body, "subject"));
    if (row == nullptr || row->tombstone)
        return answer(refusal("unknown", fmt::format("there is no {} {}", text_of(body, "type"),
                                                     text_of(body, "subject"))));
    answer({{"ok", true}, {"event", json::parse(row->json, nullptr, false)}});
}

void Hub::put_records(Peer& peer, const json& body, const std::string& space) {
    const ReplyFn answer = replier(peer.route, body);
    const std::string write_id = text_of(body, "write");
    const json list = body.value("writes", json());
    if (write_id.empty() || write_id.size() > 200)
        return answer(refusal("invalid", "write is a unique text of at most 200 bytes"));
    if (!list.is_array() || list.empty() || list.size() > kMaxWrites)
        return answer(refusal("invalid", "writes is a list of 1 to 1000 writes"));
    std::vector<RecordPut> writes;
    bool sources = false;
    size_t bytes = 0;
    for (const json& entry : list) {
        RecordPut put;
        if (json refused = read_write(peer, entry, writes.size(), put); !refused.is_null())
            return answer(std::move(refused));
        sources = sources || put.type == kSourceType;
        bytes += put.type.size() + put.subject.size() + put.data.size() + kWriteOverhead;
        if (bytes > kMaxListBytes)
            return answer(refusal("invalid",
                                  "the writes of one list have together at most 1.5 "
                                  "MiB: write them in several lists"));
        writes.push_back(std::move(put));
    }
    const bool view = writes.size() == 1 && writes.front().type == kViewType;
    if (const std::string fault = spaces_.write_fault(space, view); !fault.empty())
        return answer(refusal("refused", fault));
    if (spaces_.is_replay(space))
        return facts_.put_unkept(writes.front(), write_id, peer.name, space, answer);
    const ReplyFn done = [this, sources = sources && space == kLive, answer](const json& result) {
        if (sources) sites_.sources_changed();
        answer(result);
    };
    facts_.put(writes, write_id, peer.name, space, done);
}

json Hub::read_write(const Peer& peer, const json& entry, size_t index, RecordPut& put) {
    if (const std::string fault = write_fault(entry, put.data); !fault.empty())
        return refusal("invalid", fault);
    put.type = text_of(entry, "type");
    put.subject = text_of(entry, "subject");
    put.revision = static_cast<uint64_t>(std::max<int64_t>(0, integer_of(entry, "revision", 0)));
    put.tombstone = is_tombstone(entry);
    if (const std::string fault = registry_.record_fault(put.type, peer.name); !fault.empty())
        return refusal("refused", fault);
    if (!put.tombstone) {
        static const json kNone = json::object();
        const json& data = entry.contains("data") ? entry["data"] : kNone;
        json refused =
            contracts_.refusal_of(put.type, peer.name, data, fmt::format("/writes/{}/data", index));
        if (!refused.is_null()) return refused;
    }
    if (put.type != kSourceType) return {};
    auto merged = sites_.merge_camera(put.subject, peer.name, put.data);
    if (!merged) return refusal(merged.error().code.c_str(), merged.error().text);
    put.data = std::move(*merged);
    return {};
}

void Hub::list_records(const Peer& peer, const json& body, const std::string& space) {
    const ReplyFn answer = replier(peer.route, body);
    const std::string after = text_of(body, "after");
    json events = json::array();
    size_t bytes = 0;
    bool more = false;
    for (const StoredPtr& row : facts_.records(space, text_of(body, "type"))) {
        if (row->subject <= after) continue;
        bytes += row->json.size();
        more = bytes > events::kMaxRecordBytes && !events.empty();
        if (more) break;
        events.push_back(json::parse(row->json, nullptr, false));
    }
    answer({{"ok", true}, {"events", std::move(events)}, {"more", more}});
}

void Hub::query_audit(const json& body, const ReplyFn& answer) {
    int64_t since = INT64_MIN;
    if (body.contains("since")) {
        const auto time = base::read_rfc3339(text_of(body, "since"));
        if (!time) return answer(refusal("invalid", "since: " + time.error().text));
        since = *time;
    }
    audit_.read(static_cast<uint64_t>(std::max<int64_t>(0, integer_of(body, "after", 0))), since,
                static_cast<size_t>(std::clamp<int64_t>(integer_of(body, "limit", 200), 1, 500)),
                answer);
}

}  // namespace bw::hub
