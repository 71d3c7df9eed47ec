// SPDX-License-Identifier: Apache-2.0
// The verb for records: get, list, and put, which takes a list of writes or nothing of it.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

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
constexpr size_t kMaxWrites = 1000;
// A list has one sequence and is never cut: with its envelopes it must fit into one message.
constexpr size_t kMaxListBytes = 1536 * 1024, kWriteOverhead = 512;

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

bool is_tombstone(const json& write) {
    return write.contains("tombstone") && write["tombstone"] == true;
}

}  // namespace

void Hub::record(Peer& peer, const json& body) {
    const std::string op = text_of(body, "op"), space = text_of(body, "space", peer.space);
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

}  // namespace bw::hub
