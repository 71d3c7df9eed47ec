// SPDX-License-Identifier: Apache-2.0
#include "core/hub/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/base/log.h"
#include "core/events/event.h"
#include "core/schema/ours.h"

namespace bw::hub {

namespace {

struct Ours {
    std::string_view type;
    Class kind;
    std::string_view sender;  // prefix of the names that may send it; empty: anyone
    size_t most_bytes = events::kMaxEventBytes;
};

constexpr std::string_view kNobody = "hub";
constexpr std::string_view kRules = "rules";
constexpr std::string_view kViews = "beaconwall.pane.view.v1/";  // every panel's own, from its host
constexpr Ours kOurs[] = {
    {"beaconwall.wall.take.v1", Class::command, ""},
    {"beaconwall.wall.preview.v1", Class::command, ""},
    {"beaconwall.wall.undo.v1", Class::command, ""},
    {"beaconwall.wall.hold.v1", Class::command, ""},
    {"beaconwall.wall.release.v1", Class::command, ""},
    {"beaconwall.wall.edit.v1", Class::command, ""},
    {"beaconwall.space.start.v1", Class::command, ""},
    {"beaconwall.space.end.v1", Class::command, ""},
    {"beaconwall.attention.acknowledge.v1", Class::command, ""},
    {"beaconwall.source.retry.v1", Class::command, ""},
    {"beaconwall.plugin.restart.v1", Class::command, ""},
    {"beaconwall.plugin.reload.v1", Class::command, ""},
    {"beaconwall.compositor.snapshot.v1", Class::command, ""},
    {"beaconwall.wall.next.v1", Class::telemetry, kNobody},
    {"beaconwall.wall.live.v1", Class::telemetry, kNobody},
    {"beaconwall.wall.site.v1", Class::telemetry, kNobody},
    {"beaconwall.wall.taken.v1", Class::momentary, kNobody},
    {"beaconwall.wall.holds.v1", Class::telemetry, kNobody},
    {"beaconwall.wall.held.v1", Class::record, kNobody},
    {"beaconwall.space.v1", Class::record, kNobody},
    {"beaconwall.wall.journal.v1", Class::telemetry, kNobody},
    {"beaconwall.wall.attention.v1", Class::record, kRules},
    {"beaconwall.rules.state.v1", Class::record, kRules},
    {"beaconwall.audit.head.v1", Class::momentary, kNobody},
    {"beaconwall.status.ask.v1", Class::momentary, kNobody},
    {"beaconwall.compositor.ready.v1", Class::momentary, "compositor:"},
    {"beaconwall.compositor.taken.v1", Class::momentary, "compositor:"},
    {"beaconwall.compositor.on_air.v1", Class::momentary, "compositor:", events::kMaxRecordBytes},
    {"beaconwall.compositor.press.v1", Class::momentary, "compositor:"},
    {"beaconwall.compositor.report.v1", Class::momentary, "compositor:", events::kMaxRecordBytes},
    {"beaconwall.media.report.v1", Class::momentary, "media:", events::kMaxRecordBytes},
    {"beaconwall.source.v1", Class::record, "service:"},
    {"beaconwall.source.state.v1", Class::telemetry, "media:"},
    {"beaconwall.source.try.v1", Class::momentary, kNobody},
    {"beaconwall.pane.view.v1", Class::record, "panel:"},
    {"beaconwall.bridge.state.v1", Class::telemetry, "service:"},
};

const Ours* ours(std::string_view type) {
    const auto* found = std::find_if(std::begin(kOurs), std::end(kOurs),
                                     [&](const Ours& o) { return o.type == type; });
    return found == std::end(kOurs) ? nullptr : found;
}

bool free_type(std::string_view type) {
    return type.substr(0, 2) == "x." && type.size() > 2;
}

bool begins(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

/// A manifest names a whole type, or the beginning of some with '.' at its end; `text` may go on
/// with a subject.
bool names(const std::vector<std::string>& words, std::string_view text) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        if (word.empty() || !begins(text, word)) return false;
        const bool open = word.back() == '.' || word.back() == '/';
        return open || text.size() == word.size() || text[word.size()] == '/';
    });
}

bool is_plugin(std::string_view sender) {
    return begins(sender, "service:") || begins(sender, "panel:");
}

/// "supplies" of "service:supplies".
std::string_view name_of(std::string_view sender) {
    return sender.substr(sender.find(':') + 1);
}

std::string unknown(const std::string& type) {
    return fmt::format(
        "the type {} is not registered: name it in a plugin's manifest (publishes, owns, "
        "commands), "
        "or begin it with x. for trials",
        type);
}

}  // namespace

Registry::Registry(std::vector<config::Plugin> plugins) : plugins_(std::move(plugins)) {
    std::vector<schema::FileFault> faults;
    ours_ = schema::compile_ours(faults);
    for (const auto& fault : faults) base::log_error("{}: {}", fault.file.string(), fault.text);
}

const config::Plugin* Registry::plugin(const std::string& name) const {
    for (const config::Plugin& p : plugins_)
        if (p.name == name) return &p;
    return nullptr;
}

const config::Plugin* Registry::owner_of(const std::string& type) const {
    for (const config::Plugin& p : plugins_)
        if (names(p.owns, type)) return &p;
    return nullptr;
}

const config::Plugin* Registry::sender_plugin(const std::string& sender) const {
    for (const std::string_view half : {"service:", "panel:"})
        if (begins(sender, half)) return plugin(sender.substr(half.size()));
    return nullptr;
}

std::string Registry::publish_fault(const std::string& type, const std::string& sender) const {
    const bool of_plugin = is_plugin(sender);
    if (begins(sender, "panel:")) return "a panel publishes no events; it sends commands";
    if (free_type(type)) return {};
    if (const Ours* known = ours(type)) {
        if (known->kind == Class::record)
            return type + " is a record type: write it with the verb record";
        if (known->kind == Class::command)
            return type + " is a command: send it with the verb command";
        if (!begins(sender, known->sender))
            return fmt::format("{} is published by {} alone", type, known->sender);
        return {};
    }
    if (const auto* owner = owner_of(type))
        return fmt::format("{} is a record type of service:{}: write it with the verb record", type,
                           owner->name);
    const config::Plugin* own = sender_plugin(sender);
    for (const config::Plugin& p : plugins_)
        if (names(p.publishes, type)) {
            if (!of_plugin || own == &p || (own != nullptr && names(own->publishes, type)))
                return {};
            return fmt::format("the manifest of {} does not name {} in `publishes`",
                               name_of(sender), type);
        }
    return unknown(type);
}

std::string Registry::record_fault(const std::string& type, const std::string& sender) const {
    if (free_type(type)) return {};
    if (const Ours* known = ours(type)) {
        if (known->kind != Class::record) return type + " is not a record type";
        if (sender == "hub") return {};
        if (!begins(sender, known->sender))
            return fmt::format("{} is written by {} alone; send its owner a command", type,
                               known->sender);
        const config::Plugin* own = sender_plugin(sender);
        if (!begins(sender, "service:") || (own != nullptr && names(own->owns, type))) return {};
        return fmt::format("the manifest of {} does not name {} in `owns`", name_of(sender), type);
    }
    const config::Plugin* owner = owner_of(type);
    if (owner == nullptr) return unknown(type);
    if (sender == "service:" + owner->name) return {};
    return fmt::format("{} is written by service:{} alone; send it a command", type, owner->name);
}

std::string Registry::subscribe_fault(const std::string& prefix, const std::string& sender) const {
    if (!is_plugin(sender) || begins(prefix, "x.")) return {};
    if (begins(sender, "panel:") && begins(prefix, kViews)) return {};
    const config::Plugin* own = sender_plugin(sender);
    if (own != nullptr)
        for (const auto* words : {&own->subscribes, &own->publishes, &own->owns})
            if (names(*words, prefix)) return {};
    return fmt::format("the manifest of {} does not name \"{}\" in `subscribes`", name_of(sender),
                       prefix);
}

std::string Registry::command_fault(const std::string& type, const std::string& sender) const {
    if (!begins(sender, "panel:")) return {};
    const config::Plugin* p = plugin(sender.substr(6));
    if (p != nullptr)
        for (const auto& panel : p->panels)
            if (std::find(panel.commands.begin(), panel.commands.end(), type) !=
                panel.commands.end())
                return {};
    return fmt::format("the manifest of {} names no command {}", sender.substr(6), type);
}

std::vector<std::string> Registry::commands() const {
    std::vector<std::string> types;
    for (const Ours& each : kOurs)
        if (each.kind == Class::command) types.emplace_back(each.type);
    for (const config::Plugin& p : plugins_)
        for (const auto& panel : p.panels)
            for (const std::string& type : panel.commands)
                if (std::find(types.begin(), types.end(), type) == types.end())
                    types.push_back(type);
    return types;
}

std::string Registry::plugin_of_command(const std::string& type) const {
    for (const config::Plugin& p : plugins_)
        for (const auto& panel : p.panels)
            if (std::find(panel.commands.begin(), panel.commands.end(), type) !=
                panel.commands.end())
                return p.name;
    for (const config::Plugin& p : plugins_)
        if (names(p.owns, type) || names(p.publishes, type)) return p.name;
    return {};
}

namespace {

/// To publish, to own, or to command.
bool names_type(const config::Plugin& p, const std::string& type) {
    return names(p.publishes, type) || names(p.owns, type) ||
           std::any_of(p.panels.begin(), p.panels.end(),
                       [&](const auto& panel) { return names(panel.commands, type); });
}

const schema::Schema* find(const schema::ByName& schemas, const std::string& type) {
    const auto found = schemas.find(type);
    return found == schemas.end() ? nullptr : found->second.get();
}

}  // namespace

Contract Registry::contract(const std::string& type, const std::string& sender) const {
    if (free_type(type)) return {true, nullptr, {}};
    if (ours(type) != nullptr) {
        const schema::Schema* schema = find(ours_, type);
        return {false, schema,
                schema ? "" : type + " has no schema: assets/schemas has to have it"};
    }
    const config::Plugin* named = nullptr;
    const config::Plugin* own = sender_plugin(sender);
    if (own != nullptr && names_type(*own, type)) {
        if (const schema::Schema* schema = find(own->schemas, type)) return {false, schema, {}};
        named = own;
    }
    for (const config::Plugin& p : plugins_) {
        if (!names_type(p, type)) continue;
        if (const schema::Schema* schema = find(p.schemas, type)) return {false, schema, {}};
        if (named == nullptr) named = &p;
    }
    if (named == nullptr) return {false, nullptr, unknown(type)};
    return {
        false, nullptr,
        fmt::format("{0} has no schema: put schemas/{0}.json into the folder of the plugin {1}, "
                    "or begin the type with x. for trials",
                    type, named->name)};
}

size_t Registry::most_bytes(const std::string& type) const {
    const Ours* known = ours(type);
    return known == nullptr ? events::kMaxEventBytes : known->most_bytes;
}

std::vector<std::string> Registry::our_types() {
    std::vector<std::string> types;
    for (const Ours& each : kOurs) types.emplace_back(each.type);
    return types;
}

void Registry::renew(const config::Plugin& plugin) {
    for (config::Plugin& p : plugins_)
        if (p.name == plugin.name) p = plugin;
}

bool Registry::keeps_last(const std::string& type) const {
    const Ours* known = ours(type);
    return known == nullptr || known->kind == Class::telemetry;
}

}  // namespace bw::hub
