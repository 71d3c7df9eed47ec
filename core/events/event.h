// SPDX-License-Identifier: Apache-2.0
// An event: a CloudEvents 1.0 object (JSON format) with our extension attributes. `data` stays JSON
// text here; who needs it parses it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace bw::events {

enum class Lane : uint8_t { telemetry = 0, durable = 1 };  // commands travel beside the lanes

inline constexpr size_t kMaxEventBytes = 64 * 1024;
inline constexpr size_t kMaxRecordBytes = 1024 * 1024;
/// How long a command may be executed after it was sent, unless it says otherwise.
inline constexpr int64_t kDefaultExpiryMs = 2000;

struct Event {
    std::string id;  // unique within `source`; empty: the client fills in a UUID
    std::string
        source;  // the sender: "service:flood_gauges"; stamped by the hub with who made the socket
    std::string type;     // "beaconwall.flood.gauge.v1"
    std::string subject;  // the thing: "gauge/SYN-G01"; at most 256 bytes of UTF-8
    std::string time;     // when it was true in the field, RFC 3339; empty: now
    std::string data = "{}";
    // Extension attributes, set by the hub:
    std::string space = "live";
    std::string recordedtime;
    uint64_t sequence =
        0;  // durable lane: the event's own; telemetry: the last durable one when it was delivered
    uint64_t revision = 0;   // records: grows by one per write of that subject; 0: not a record
    bool tombstone = false;  // records: the subject is gone
    /// All other attributes, a JSON object: extensions, dataschema, another datacontenttype than
    /// JSON, and data_base64 in place of data. Empty: none.
    std::string more;
    bool operator==(const Event&) const = default;
};

/// Refuses ("invalid", with what is wrong) anything that is not a CloudEvents 1.0 JSON object
/// within the size limits.
base::Result<Event> parse_event(std::string_view json);
std::string to_json(const Event& event);
/// Why the hub would refuse `event` whoever publishes it, with what to do: its attributes, or its
/// size. Empty: not for these; its type's schema and the publisher's rights are the hub's to ask.
/// An empty id or source is none: the client fills it in. Any thread.
std::string event_fault(const Event& event);
/// True if "type/subject" starts with `prefix`, or the prefix is empty. Prefixes end in '.' or '/',
/// or are whole.
bool matches(std::string_view prefix, const Event& event);

}  // namespace bw::events
