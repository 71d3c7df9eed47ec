// SPDX-License-Identifier: Apache-2.0
// What the site's file says: the broker, and which message becomes which event and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "template.h"

namespace bw::mqtt_bridge {

enum class Form { number, json, senml, event, data };

/// Messages that become events.
struct InMap {
    TopicPattern topic;
    int qos = 1;
    std::string type;
    std::string subject;  // template over the topic's names
    Form form = Form::json;
    bool durable = false;
    bool retained = false;  // also what a broker had kept, whose age nobody knows
    /// Member of data → JSON pointer, SenML name's end, or "value" of a bare number.
    std::vector<std::pair<std::string, std::string>> fields;
    std::string constants = "{}";           // JSON object that goes into data; texts are templates
    std::string time;                       // JSON pointer; empty: the arrival
    int64_t time_unit_ns = 1'000'000'000;   // of a number there
    std::optional<int> utc_offset_minutes;  // of a time there that names no zone
};

/// Events that become messages.
struct OutMap {
    std::string type, subject;  // beginnings
    std::string topic;          // template over type, subject, source, id
    int qos = 1;
    Form form = Form::event;
    bool durable = false, retain = false;
    std::string base_name;  // SenML
    std::vector<std::pair<std::string, std::string>> fields, units;
};

struct BrokerSettings {
    std::string host;
    int port = 1883;
    std::string ca, certificate, key;  // files, absolute
    std::string user, password;
    std::string client_id;  // empty: one of its own, kept in the service's folder
    int keep_alive_s = 60;
    int messages_per_s = 500;
};

struct Maps {
    BrokerSettings broker;
    std::vector<InMap> in;
    std::vector<OutMap> out;
};

/// The file's text. `folder`: what the names of files in it begin at. `faults`: "NAME:LINE: found
/// …; allowed: …"; when there are any, what is returned is not to be used.
Maps read_maps(std::string_view text, const std::string& name, const std::string& folder,
               std::vector<std::string>& faults);

}  // namespace bw::mqtt_bridge
