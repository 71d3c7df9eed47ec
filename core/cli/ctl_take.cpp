// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl take | undo | edit … | save
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/cli/hub_link.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kExpiresMs = 5000;
constexpr const char* kEdit = "beaconwall.wall.edit.v1";

std::string text_of(const json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::string words(const json& list) {
    std::string out;
    for (const json& word : list)
        if (word.is_string()) out += (out.empty() ? "" : ", ") + word.get<std::string>();
    return out;
}

void say_taken(const json& answer) {
    fmt::print("take {}: {}{}\n", answer.value("take", json()).dump(), text_of(answer, "layout"),
               answer.value("recorded", json(true)) == json(false) ? " (not recorded)" : "");
    if (const std::string space = text_of(answer, "space"); !space.empty())
        fmt::print("space: {}\n", space);
    const std::string held = words(answer.value("held", json::array()));
    const std::string left_out = words(answer.value("left_out", json::array()));
    if (!held.empty()) fmt::print("held: {}\n", held);
    if (!left_out.empty()) fmt::print("left out: {}\n", left_out);
}

void add_transition(const CtlOptions& options, json& data) {
    if (options.cut) data["transition"] = {{"kind", "cut"}, {"ms", 0}};
    if (options.fade_ms) data["transition"] = {{"kind", "fade"}, {"ms", *options.fade_ms}};
    if (options.push_ms) data["transition"] = {{"kind", "push"}, {"ms", *options.push_ms}};
}

int take(const CtlOptions& options, const char* type, json data) {
    add_transition(options, data);
    if (options.if_take) data["if_take"] = *options.if_take;
    json answer;
    const int code = ask_command(options, type, "wall", data, kExpiresMs, answer);
    if (code == Exit::done) say_taken(answer);
    return code;
}

/// "总览/Overview", or one text for both.
json title_of(const std::string& text) {
    const size_t slash = text.find('/');
    if (slash == std::string::npos) return {{"zh", text}, {"en", ""}};
    return {{"zh", text.substr(0, slash)}, {"en", text.substr(slash + 1)}};
}

}  // namespace

int ctl_take(const CtlOptions& options) {
    json data = json::object();
    if (!options.layout.empty()) data["layout"] = options.layout;
    if (!options.into.empty()) data["space"] = options.into;
    return take(options, "beaconwall.wall.take.v1", data);
}

int ctl_undo(const CtlOptions& options) {
    return take(options, "beaconwall.wall.undo.v1", json::object());
}

int ctl_edit_swap(const CtlOptions& options) {
    return take(options, kEdit, {{"op", "swap"}, {"pane", options.pane}, {"other", options.other}});
}

int ctl_edit_full(const CtlOptions& options) {
    return take(options, kEdit, {{"op", "full"}, {"pane", options.pane}, {"on", options.on}});
}

int ctl_edit_back(const CtlOptions& options) {
    return take(options, kEdit, {{"op", "back"}});
}

int ctl_edit_show(const CtlOptions& options) {
    json data = {{"op", "show"}, {"pane", options.pane}, {"shows", options.shows}};
    if (!options.settings.empty()) {
        json settings;
        if (!parse_data("--settings", options.settings, settings)) return Exit::refused;
        data["settings"] = std::move(settings);
    }
    return take(options, kEdit, data);
}

int ctl_save(const CtlOptions& options) {
    json data = {{"op", "save"}, {"name", options.name}};
    if (!options.title.empty()) data["title"] = title_of(options.title);
    if (!options.holder.empty()) data["as"] = options.holder;
    json answer;
    const int code = ask_command(options, kEdit, "wall", data, kExpiresMs, answer);
    if (code != Exit::done) return code;
    fmt::print("saved: {} ({})\n", text_of(answer, "layout"), text_of(answer, "file"));
    if (answer.value("loaded", json(true)) == json(false))
        fmt::print(
            "the site has faults, so the wall does not offer it yet: see beaconwall check\n");
    return Exit::done;
}

}  // namespace bw::cli
