// SPDX-License-Identifier: Apache-2.0
#include "payloads.h"

#include <beaconwall/service/clock.h>
#include <beaconwall/service/json.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "senml.h"

namespace bw::mqtt_bridge {
namespace {

using events::Event;
using nlohmann::json;

constexpr auto kReplace = json::error_handler_t::replace;

base::Error invalid(std::string text) {
    return {"invalid", std::move(text)};
}

/// What a JSON pointer names; null: nothing.
const json* at(const json& value, const std::string& pointer) {
    try {
        const json::json_pointer where(pointer);
        return value.contains(where) ? &value.at(where) : nullptr;
    } catch (const json::exception&) {
        return nullptr;  // "~2", or "-" of a list
    }
}

std::optional<double> bare_number(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

/// Texts in it, at any depth, are templates.
json with_names(json value, const Names& names) {
    if (value.is_string()) return filled(value.get_ref<const std::string&>(), names);
    if (value.is_structured())
        for (json& each : value) each = with_names(std::move(each), names);
    return value;
}

json constants_of(const InMap& map, const Names& names) {
    json data = json::parse(map.constants, nullptr, false);
    return data.is_object() ? with_names(std::move(data), names) : json::object();
}

Event event_of(const InMap& map, const std::string& topic, const Names& names, const json& data,
               int64_t time_ns) {
    Event event;
    event.type = map.type;
    event.subject = filled(map.subject, names);
    event.time = base::rfc3339(time_ns);
    event.data = data.dump(-1, ' ', false, kReplace);
    event.more = json{{kTopicAttribute, topic}}.dump(-1, ' ', false, kReplace);
    return event;
}

/// "2026-07-01 08:15:00" of a station that names no zone, by the offset of its map.
std::string with_zone(std::string text, const InMap& map) {
    if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
    const bool zoned = text.size() < 19 || text.find_first_of("Zz+", 19) != std::string::npos ||
                       text.find('-', 19) != std::string::npos;
    if (zoned || !map.utc_offset_minutes) return text;
    const int minutes = *map.utc_offset_minutes;
    return text + fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                              std::abs(minutes) % 60);
}

base::Result<int64_t> time_of(const InMap& map, const json& payload, int64_t now_ns) {
    if (map.time.empty()) return now_ns;
    const json* found = at(payload, map.time);
    if (found == nullptr) return invalid("there is no time at " + map.time);
    if (found->is_number()) {
        const double units = found->get<double>();
        const double ns = units * static_cast<double>(map.time_unit_ns);
        if (!std::isfinite(ns) || std::fabs(ns) > 9e18)
            return invalid("the time at " + map.time + " is none");
        if (found->is_number_integer()) return found->get<int64_t>() * map.time_unit_ns;
        return static_cast<int64_t>(ns);
    }
    if (!found->is_string()) return invalid("the time at " + map.time + " is no text or number");
    const auto time = base::read_rfc3339(with_zone(found->get<std::string>(), map));
    if (!time)
        return invalid(fmt::format(
            "the time at {} is no RFC 3339 time: {}{}", map.time, time.error().text,
            map.utc_offset_minutes ? "" : "; one without a zone needs `utc_offset_minutes`"));
    return *time;
}

using Events = base::Result<std::vector<Event>>;

Events of_json(const InMap& map, const std::string& topic, const Names& names,
               std::string_view text, int64_t now_ns) {
    json payload;
    if (!events::read_json(text, payload)) return invalid("the payload is no JSON");
    const auto time = time_of(map, payload, now_ns);
    if (!time) return time.error();
    json data = constants_of(map, names);
    if (map.fields.empty()) {
        if (!payload.is_object())
            return invalid("the payload is no JSON object, and has no fields");
        payload.update(data);
        return std::vector{event_of(map, topic, names, payload, *time)};
    }
    bool any = false;
    for (const auto& [member, pointer] : map.fields) {
        const json* found = at(payload, pointer);
        // What is missing stays missing: the type's schema says whether it may.
        if (found == nullptr || found->is_null()) continue;
        data[member] = *found;
        any = true;
    }
    if (!any) return invalid("none of the fields is in the payload");
    return std::vector{event_of(map, topic, names, data, *time)};
}

Events of_number(const InMap& map, const std::string& topic, const Names& names,
                 std::string_view text, int64_t now_ns) {
    const auto value = bare_number(text);
    if (!value) return invalid("the payload is no number");
    json data = constants_of(map, names);
    if (map.fields.empty()) data["value"] = *value;
    for (const auto& [member, from] : map.fields) data[member] = *value;
    return std::vector{event_of(map, topic, names, data, now_ns)};
}

json value_of(const SenmlRecord& record) {
    if (const auto* number = std::get_if<double>(&record.value)) return *number;
    if (const auto* flag = std::get_if<bool>(&record.value)) return *flag;
    if (const auto* text = std::get_if<std::string>(&record.value)) return *text;
    if (const auto* bytes = std::get_if<SenmlRecord::Bytes>(&record.value)) return bytes->base64url;
    return record.sum ? json(*record.sum) : json();
}

bool ends(const std::string& name, const std::string& end) {
    return name.size() >= end.size() &&
           name.compare(name.size() - end.size(), end.size(), end) == 0;
}

/// One event per record.
Event of_record(const InMap& map, const std::string& topic, Names names,
                const SenmlRecord& record) {
    names["name"] = record.name;
    json data = constants_of(map, names);
    data["name"] = record.name;
    data["value"] = value_of(record);
    if (!record.unit.empty()) data["unit"] = record.unit;
    if (record.sum) data["sum"] = *record.sum;
    return event_of(map, topic, names, data, record.time_ns);
}

Events of_senml(const InMap& map, const std::string& topic, const Names& names,
                std::string_view text, int64_t now_ns) {
    const auto records = read_senml(text, now_ns);
    if (!records) return records.error();
    std::vector<Event> out;
    if (map.fields.empty()) {
        for (const SenmlRecord& record : *records)
            out.push_back(of_record(map, topic, names, record));
        if (out.empty()) return invalid("the SenML pack is empty");
        return out;
    }
    // What was measured at one moment is one event.
    std::map<int64_t, json> moments;
    for (const SenmlRecord& record : *records)
        for (const auto& [member, end] : map.fields)
            if (ends(record.name, end)) moments[record.time_ns][member] = value_of(record);
    if (moments.empty()) return invalid("none of the fields is in the SenML pack");
    for (const auto& [time_ns, fields] : moments) {
        json data = constants_of(map, names);
        data.update(fields);
        out.push_back(event_of(map, topic, names, data, time_ns));
    }
    return out;
}

Names names_of(const Event& event) {
    return {{"type", event.type},
            {"subject", event.subject},
            {"source", event.source},
            {"id", event.id}};
}

base::Result<std::string> senml_of(const OutMap& map, const Event& event) {
    const json data = json::parse(event.data, nullptr, false);
    const auto time = base::parse_rfc3339(event.time);
    json pack = json::array();
    for (const auto& [name, pointer] : map.fields) {
        const json* found = at(data, pointer);
        if (found == nullptr || found->is_null() || found->is_structured()) continue;
        json record = {{"n", name}};
        record[found->is_number() ? "v" : found->is_boolean() ? "vb" : "vs"] = *found;
        for (const auto& [of, unit] : map.units)
            if (of == name) record["u"] = unit;
        pack.push_back(std::move(record));
    }
    if (pack.empty()) return invalid("none of the fields is in its data");
    if (!map.base_name.empty()) pack[0]["bn"] = filled(map.base_name, names_of(event));
    if (time) pack[0]["bt"] = static_cast<double>(*time) / 1e9;
    return pack.dump(-1, ' ', false, kReplace);
}

}  // namespace

Events events_of(const InMap& map, const std::string& topic, const Names& names,
                 std::string_view payload, int64_t now_ns) {
    if (payload.size() > kMostPayloadBytes)
        return invalid(
            fmt::format("a payload of {} bytes; at most {}", payload.size(), kMostPayloadBytes));
    if (map.form == Form::number) return of_number(map, topic, names, payload, now_ns);
    if (map.form == Form::senml) return of_senml(map, topic, names, payload, now_ns);
    return of_json(map, topic, names, payload, now_ns);
}

base::Result<Message> message_of(const OutMap& map, const Event& event) {
    Message message;
    message.topic = filled(map.topic, names_of(event));
    message.qos = map.qos;
    message.retain = map.retain;
    if (!is_topic(message.topic))
        return invalid(fmt::format("\"{}\" is no topic: wildcards, or nothing", message.topic));
    if (event.tombstone && map.retain) return message;
    if (map.form == Form::event) {
        message.payload = events::to_json(event);
    } else if (map.form == Form::data) {
        message.payload = event.data;
    } else {
        auto pack = senml_of(map, event);
        if (!pack) return pack.error();
        message.payload = std::move(*pack);
    }
    return message;
}

std::string topic_it_came_from(const Event& event) {
    json more;
    if (event.more.empty() || !events::read_json(event.more, more)) return {};
    return events::text_of(more, kTopicAttribute);
}

}  // namespace bw::mqtt_bridge
