// SPDX-License-Identifier: Apache-2.0
#include "core/events/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/rfc3339.h"
#include "core/events/json.h"

namespace bw::events {

using nlohmann::json;

namespace {

// A record's envelope may come on top of its megabyte.
constexpr size_t kMaxEnvelopeBytes = kMaxRecordBytes + 8 * 1024;
constexpr const char* kJsonType = "application/json";

base::Error invalid(std::string text) {
    return {"invalid", std::move(text)};
}

// Reads an optional string attribute; false when it is there and no string.
bool read_text(const json& object, const char* key, std::string& out) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return true;
    if (!found->is_string()) return false;
    out = found->get<std::string>();
    return true;
}

bool read_sequence(const json& object, uint64_t& out) {
    std::string digits;
    if (!read_text(object, "sequence", digits)) return false;
    if (digits.empty()) return true;
    const char* end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, out);
    return result.ec == std::errc() && result.ptr == end;
}

std::string check(const Event& event) {
    if (event.id.empty()) return "id is missing";
    if (event.id.size() > 256) return "id is longer than 256 bytes";
    if (event.source.empty()) return "source is missing";
    if (event.source.size() > 256) return "source is longer than 256 bytes";
    if (event.type.empty()) return "type is missing";
    if (event.type.size() > 256) return "type is longer than 256 bytes";
    if (event.subject.size() > 256) return "subject is longer than 256 bytes";
    if (event.time.empty()) return {};
    const auto time = base::read_rfc3339(event.time);
    return time ? std::string() : "time is not an RFC 3339 time: " + time.error().text;
}

/// Whatever has no member of its own in Event.
std::string other_attributes(const json& object) {
    constexpr std::string_view kOwn[] = {"specversion", "id",       "source",    "type",
                                         "subject",     "time",     "space",     "recordedtime",
                                         "sequence",    "revision", "tombstone", "data"};
    json more = json::object();
    for (const auto& [name, value] : object.items()) {
        if (std::find(std::begin(kOwn), std::end(kOwn), name) != std::end(kOwn)) continue;
        if (value.is_null() || (name == "datacontenttype" && value == kJsonType)) continue;
        more[name] = value;
    }
    return more.empty() ? std::string() : more.dump();
}

bool read_attributes(const json& object, Event& event, std::string& wrong) {
    const std::pair<const char*, std::string*> texts[] = {
        {"id", &event.id},
        {"source", &event.source},
        {"type", &event.type},
        {"subject", &event.subject},
        {"time", &event.time},
        {"space", &event.space},
        {"recordedtime", &event.recordedtime},
    };
    for (const auto& [key, target] : texts)
        if (!read_text(object, key, *target)) return wrong = key, false;
    if (!read_sequence(object, event.sequence)) return wrong = "sequence", false;
    if (const auto found = object.find("revision"); found != object.end()) {
        if (!found->is_number_unsigned()) return wrong = "revision", false;
        event.revision = found->get<uint64_t>();
    }
    if (const auto found = object.find("tombstone"); found != object.end()) {
        if (!found->is_boolean()) return wrong = "tombstone", false;
        event.tombstone = found->get<bool>();
    }
    return true;
}

}  // namespace

base::Result<Event> parse_event(std::string_view text) {
    if (text.size() > kMaxEnvelopeBytes)
        return invalid(
            fmt::format("an event of {} bytes; at most {}", text.size(), kMaxEnvelopeBytes));
    json object;
    if (!read_json(text, object)) return invalid("not JSON in UTF-8, or nested too deeply");
    if (!object.is_object()) return invalid("not a JSON object");
    if (text_of(object, "specversion") != "1.0") return invalid("specversion is not \"1.0\"");
    Event event;
    std::string wrong;
    if (!read_attributes(object, event, wrong)) return invalid(wrong + " has the wrong JSON type");
    if (std::string fault = check(event); !fault.empty()) return invalid(std::move(fault));
    if (const auto data = object.find("data"); data != object.end()) event.data = data->dump();
    event.more = other_attributes(object);
    return event;
}

std::string to_json(const Event& event) {
    json object = {
        {"specversion", "1.0"}, {"id", event.id}, {"source", event.source}, {"type", event.type}};
    if (!event.subject.empty()) object["subject"] = event.subject;
    if (!event.time.empty()) object["time"] = event.time;
    if (!event.space.empty()) object["space"] = event.space;
    if (!event.recordedtime.empty()) object["recordedtime"] = event.recordedtime;
    if (event.sequence != 0) object["sequence"] = fmt::format("{:020}", event.sequence);
    if (event.revision != 0) object["revision"] = event.revision;
    if (event.tombstone) object["tombstone"] = true;
    object["datacontenttype"] = kJsonType;
    bool binary = false;
    if (json more; !event.more.empty() && read_json(event.more, more) && more.is_object()) {
        binary = more.contains("data_base64");
        if (binary) object.erase("datacontenttype");
        object.update(more);
    }
    // Bad UTF-8 in an attribute must not throw here; whoever reads it sees the replacement.
    std::string text = object.dump(-1, ' ', false, json::error_handler_t::replace);
    if (binary) return text;
    text.pop_back();
    return text + ",\"data\":" + (event.data.empty() ? "{}" : event.data) + "}";
}

bool matches(std::string_view prefix, const Event& event) {
    if (prefix.size() <= event.type.size())
        return std::string_view(event.type).substr(0, prefix.size()) == prefix;
    if (prefix.substr(0, event.type.size()) != event.type) return false;
    prefix.remove_prefix(event.type.size());
    if (prefix.front() != '/') return false;
    prefix.remove_prefix(1);
    return std::string_view(event.subject).substr(0, prefix.size()) == prefix;
}

}  // namespace bw::events
