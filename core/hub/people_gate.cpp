// SPDX-License-Identifier: Apache-2.0
// The gate: what whoever asks may, of commands and of every other verb, and what is written down of
// it.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/events/json.h"
#include "core/hub/extent.h"
#include "core/hub/people.h"

namespace bw::hub {

using access::AuditEntry;
using events::text_of;
using nlohmann::json;

namespace {

// What says where and what with, of the data of our commands.
constexpr const char* kTold[] = {"layout", "space", "zone",  "as",   "op",   "pane",
                                 "other",  "on",    "shows", "name", "kind", "display",
                                 "for_ms", "since", "until", "speed"};

/// Verbs that need no permission: they end a stay, or ask who one is.
bool is_open(const std::string& verb) {
    return verb == "sign_in" || verb == "sign_out" || verb == "people" || verb == "beat" ||
           verb == "credit" || verb == "answer" || verb == "command";
}

/// To zones or groups: what a command touches has to be known.
bool is_limited(const config::Role* role) {
    return role != nullptr &&
           std::any_of(role->may.begin(), role->may.end(), [](const config::Capability& may) {
               return !may.zones.empty() || !may.groups.empty();
           });
}

/// "wall layout=fire": what a command is about.
std::string subject_of(const json& event) {
    std::string text = text_of(event, "subject");
    const json data = event.value("data", json());
    if (!data.is_object()) return text;
    for (const char* key : kTold)
        if (const auto at = data.find(key); at != data.end())
            text +=
                fmt::format(" {}={}", key, at->is_string() ? at->get<std::string>() : at->dump());
    return text;
}

AuditEntry entry_of(const People::Asker& asker, const std::string& what, const std::string& action,
                    std::string subject) {
    return {base::wall_ns(), asker.who, asker.from, what, action, std::move(subject), false, ""};
}

}  // namespace

std::string People::permission_fault(const Asker& asker, const access::Rule& rule,
                                     const json& event) const {
    if (!asker.fault.empty()) return asker.fault;
    if (rule.action.empty()) return "there is no rule that says who may do this";
    if (!asker.gated) return {};
    const bool limited = is_limited(asker.person.role) || is_limited(asker.over.role);
    const access::Extent extent =
        limited ? extent_of(rule.touches, event, sites_.site(), scenes_) : access::Extent{};
    std::string why = access::why_not(asker.person, rule.action, extent, sites_.site());
    if (why.empty() && !asker.over.name.empty())
        why = access::why_not(asker.over, rule.action, extent, sites_.site());
    return why;
}

access::Rule People::rule_of(const std::string& type, const std::string& op) const {
    const access::Rule rule = access::rule_of(type, op);
    if (!rule.action.empty() || type.rfind("beaconwall.", 0) == 0) return rule;
    return access::plugin_rule(registry_.plugin_of_command(type));
}

People::Passage People::judge(const Peer& from, const json& body) const {
    const json& event = body["event"];
    const std::string type = text_of(event, "type");
    const json data = event.value("data", json::object());
    const bool ours = type.rfind("beaconwall.", 0) == 0;
    // To bring an exercise or a replay onto the wall is more than to take a layout.
    const bool enters = ours && scenes_.enters_space(type, data, text_of(event, "source"));
    const access::Rule rule = rule_of(type, enters ? "space" : text_of(data, "op"));
    const Asker who = asker(from, body);
    std::string why = permission_fault(who, rule, event);
    if (why.empty()) why = scenes_.rule_fault(type, data, text_of(event, "source"));
    return {std::move(why), who.by, entry_of(who, type, rule.action, subject_of(event))};
}

void People::note_no_command(const Peer& from, const json& body, const std::string& why) {
    const json event = body.value("event", json());
    const std::string type = text_of(event, "type").substr(0, 256);
    const Asker who = asker(from, body);
    note({base::wall_ns(), who.who, who.from, type.empty() ? "verb:command" : type, "",
          text_of(event, "subject").substr(0, 256), false, ""},
         why);
}

std::string People::verb_fault(const Peer& from, const std::string& verb, const json& body) {
    if (is_open(verb)) return {};
    const std::string op = text_of(body, "op"), what = "verb:" + verb;
    const access::Rule rule = access::rule_of(what, op);
    if (rule.action.empty()) return "there is no verb " + verb;
    const Asker who = asker(from, body);
    const std::string fault = permission_fault(who, rule, body);
    // What is read, and what services publish, is no command: only what is refused is written down.
    const bool told = !who.of_wall && (rule.action == "record" || rule.action == "handle" ||
                                       rule.action == "journal");
    if (fault.empty() && !told) return {};
    AuditEntry entry = entry_of(who, what, rule.action, text_of(body, "type"));
    if (op == "put" && body.contains("writes") && body["writes"].is_array())
        for (const json& write : body["writes"])
            if (entry.subject.size() < 200)
                entry.subject += text_of(write, "type") + "/" + text_of(write, "subject") + " ";
    note(std::move(entry), fault);
    return fault;
}

}  // namespace bw::hub
