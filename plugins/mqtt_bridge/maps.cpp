// SPDX-License-Identifier: Apache-2.0
#include "maps.h"

#include <beaconwall/service/settings.h>
#include <fmt/format.h>

#include <algorithm>

namespace bw::mqtt_bridge {
namespace {

using sdk::SettingsTable;

BrokerSettings read_broker(SettingsTable& root, const std::string& folder) {
    BrokerSettings broker;
    auto table = root.table("broker");
    if (!table) {
        if (!root.has("broker")) root.fault("broker", "found no [broker]; it is required");
        return broker;
    }
    broker.host = table->required_text("host");
    broker.ca = table->file("ca", folder);
    broker.certificate = table->file("certificate", folder);
    broker.key = table->file("key", folder);
    if (table->has("certificate") != table->has("key"))
        table->fault("certificate", "found one of `certificate` and `key`; allowed: both or none");
    if (!table->has("ca") && table->has("certificate"))
        table->fault("certificate", "found `certificate` without `ca`; allowed: with it");
    broker.port =
        static_cast<int>(table->integer("port", 1, 65535, broker.ca.empty() ? 1883 : 8883));
    broker.user = table->text("user");
    broker.password = table->secret("password_file", folder);
    broker.client_id = table->text("client_id");
    if (broker.client_id.size() > 128)
        table->fault("client_id", "found more than 128 bytes; allowed: at most 128");
    broker.keep_alive_s = static_cast<int>(table->integer("keep_alive_s", 5, 3600, 60));
    broker.messages_per_s = static_cast<int>(table->integer("messages_per_s", 1, 10'000, 500));
    table->finish();
    return broker;
}

/// Every name that a template uses is one that there is.
void check_template(SettingsTable& table, const char* key, const std::string& text,
                    const std::set<std::string>& known) {
    const auto names = names_in(text);
    if (!names) {
        table.fault(key, fmt::format("found \"{}\"; allowed: a text with {{name}} in it", text));
        return;
    }
    for (const std::string& name : *names) {
        if (known.contains(name)) continue;
        std::string words;
        for (const std::string& each : known) words += (words.empty() ? "{" : ", {") + each + "}";
        table.fault(key, fmt::format("found {{{}}}; allowed: {}", name,
                                     words.empty() ? "none, the topic names nothing" : words));
    }
}

bool is_type(const std::string& text, bool beginning) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), good) &&
           (beginning || text.back() != '.');
}

Form form_of(const std::string& word) {
    if (word == "number") return Form::number;
    if (word == "senml") return Form::senml;
    if (word == "event") return Form::event;
    return word == "data" ? Form::data : Form::json;
}

void check_fields(SettingsTable& table, const InMap& map) {
    for (const auto& [member, from] : map.fields) {
        if (map.form == Form::json && !from.empty() && from.front() != '/')
            table.fault("fields", fmt::format("found \"{}\" for `{}`; allowed: a JSON pointer, "
                                              "such as \"/level\", or \"\" for all of it",
                                              from, member));
        if (map.form == Form::number && from != "value")
            table.fault("fields", fmt::format("found \"{}\" for `{}`; allowed: \"value\", the "
                                              "number itself",
                                              from, member));
    }
}

InMap read_in(SettingsTable table) {
    InMap map;
    const std::string topic = table.required_text("topic");
    std::string why;
    if (auto pattern = TopicPattern::parse(topic, why))
        map.topic = std::move(*pattern);
    else if (!topic.empty())
        table.fault("topic", fmt::format("found \"{}\"; allowed: {}", topic, why));
    map.qos = static_cast<int>(table.integer("qos", 0, 1, 1));
    map.type = table.required_text("type");
    if (!map.type.empty() && !is_type(map.type, false))
        table.fault("type", fmt::format("found \"{}\"; allowed: an event type, such as "
                                        "\"x.county.level.v1\"",
                                        map.type));
    map.form = form_of(table.word("payload", {"json", "number", "senml"}, "json"));
    map.subject = table.required_text("subject");
    auto known = map.topic.names();
    if (map.form == Form::senml) known.insert("name");
    check_template(table, "subject", map.subject, known);
    map.durable = table.word("lane", {"telemetry", "durable"}, "telemetry") == "durable";
    map.retained = table.flag("retained", false);
    map.fields = table.text_map("fields");
    check_fields(table, map);
    map.constants = table.json("constants");
    map.time = table.text("time");
    if (!map.time.empty() && (map.form != Form::json || map.time.front() != '/'))
        table.fault("time",
                    "found a `time` that is no JSON pointer, or a payload that is not json; "
                    "allowed: \"/observed\" with payload = \"json\"");
    map.time_unit_ns =
        table.word("time_unit", {"s", "ms"}, "s") == "ms" ? 1'000'000 : 1'000'000'000;
    if (table.has("utc_offset_minutes"))
        map.utc_offset_minutes =
            static_cast<int>(table.integer("utc_offset_minutes", -840, 840, 0));
    table.finish();
    return map;
}

OutMap read_out(SettingsTable table) {
    OutMap map;
    map.type = table.required_text("type");
    if (!map.type.empty() && !is_type(map.type, true))
        table.fault("type", fmt::format("found \"{}\"; allowed: an event type, or the beginning of "
                                        "some with a dot at its end",
                                        map.type));
    map.subject = table.text("subject");
    map.topic = table.required_text("topic");
    check_template(table, "topic", map.topic, {"type", "subject", "source", "id"});
    if (!map.topic.empty() && !is_topic(map.topic))
        table.fault("topic", "found a wildcard; allowed: a topic to publish to");
    map.qos = static_cast<int>(table.integer("qos", 0, 1, 1));
    map.form = form_of(table.word("payload", {"event", "data", "senml"}, "event"));
    map.durable = table.word("lane", {"telemetry", "durable"}, "telemetry") == "durable";
    if (map.durable && map.qos == 0)
        table.fault("qos",
                    "found 0 with lane = \"durable\"; allowed: 1, which a broker "
                    "acknowledges");
    map.retain = table.flag("retain", false);
    map.base_name = table.text("base_name");
    check_template(table, "base_name", map.base_name, {"type", "subject", "source", "id"});
    map.fields = table.text_map("fields");
    map.units = table.text_map("units");
    if (map.form == Form::senml && map.fields.empty())
        table.fault("fields",
                    "found payload = \"senml\" without `fields`; required: SenML names "
                    "and the JSON pointers of their values in data");
    if (map.form != Form::senml && (!map.fields.empty() || !map.units.empty()))
        table.fault("fields", "found `fields` or `units`; allowed: with payload = \"senml\" alone");
    for (const auto& [member, from] : map.fields)
        if (from.empty() || from.front() != '/')
            table.fault("fields", fmt::format("found \"{}\" for `{}`; allowed: a JSON pointer into "
                                              "data, such as \"/level_m\"",
                                              from, member));
    table.finish();
    return map;
}

}  // namespace

Maps read_maps(std::string_view text, const std::string& name, const std::string& folder,
               std::vector<std::string>& faults) {
    const sdk::SettingsFile file(text, name);
    Maps maps;
    if (file.faults().empty()) {
        SettingsTable root = file.root();
        maps.broker = read_broker(root, folder);
        for (SettingsTable& each : root.tables("in")) maps.in.push_back(read_in(std::move(each)));
        for (SettingsTable& each : root.tables("out"))
            maps.out.push_back(read_out(std::move(each)));
        if (maps.in.empty() && maps.out.empty() && !root.has("in") && !root.has("out"))
            root.fault("in", "found neither [[in]] nor [[out]]; at least one is required");
        root.finish();
    }
    faults = file.faults();
    return maps;
}

}  // namespace bw::mqtt_bridge
