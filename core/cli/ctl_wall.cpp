// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl layouts | preview | take | undo | retry | plugin restart
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/cli/hub_link.h"
#include "core/cli/text_table.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kExpiresMs = 5000;

std::string text_of(const json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

void say_taken(const json& answer) {
    fmt::print("take {}: {}{}\n", answer.value("take", json()).dump(), text_of(answer, "layout"),
               answer.value("recorded", json(true)) == json(false) ? " (not recorded)" : "");
}

void add_transition(const CtlOptions& options, json& data) {
    if (options.cut) data["transition"] = {{"kind", "cut"}, {"ms", 0}};
    if (options.fade_ms) data["transition"] = {{"kind", "fade"}, {"ms", *options.fade_ms}};
    if (options.push_ms) data["transition"] = {{"kind", "push"}, {"ms", *options.push_ms}};
}

int take(const CtlOptions& options, const char* type, json data) {
    add_transition(options, data);
    json answer;
    const int code = ask_command(options, type, "wall", data, kExpiresMs, answer);
    if (code == Exit::done) say_taken(answer);
    return code;
}

}  // namespace

int ctl_layouts(const CtlOptions& options) {
    json answer;
    if (const int code = ask(options, "layouts", json::object(), answer)) return code;
    if (options.json) {
        fmt::print("{}\n", document(answer));
        return Exit::done;
    }
    TextTable table({"NAME", "KEY", "TITLE", ""});
    for (const json& layout : answer.value("layouts", json::array())) {
        const json title = layout.value("title", json::object());
        std::string state;
        if (layout.value("on_air", false)) state = "on air";
        if (layout.value("preview", false)) state += state.empty() ? "preview" : ", preview";
        table.add({text_of(layout, "name"), text_of(layout, "key"),
                   text_of(title, "zh") + "  " + text_of(title, "en"), state});
    }
    fmt::print("{}", table.text());
    return Exit::done;
}

int ctl_preview(const CtlOptions& options) {
    json answer;
    const int code = ask_command(options, "beaconwall.wall.preview.v1", "wall",
                                 {{"layout", options.layout}}, kExpiresMs, answer);
    if (code == Exit::done) fmt::print("preview: {}\n", options.layout);
    return code;
}

int ctl_take(const CtlOptions& options) {
    json data = json::object();
    if (!options.layout.empty()) data["layout"] = options.layout;
    if (options.if_take) data["if_take"] = *options.if_take;
    return take(options, "beaconwall.wall.take.v1", data);
}

int ctl_undo(const CtlOptions& options) {
    return take(options, "beaconwall.wall.undo.v1", json::object());
}

int ctl_retry(const CtlOptions& options) {
    json answer;
    const int code = ask_command(options, "beaconwall.source.retry.v1", options.subject,
                                 json::object(), kExpiresMs, answer);
    if (code == Exit::done) fmt::print("trying {} again\n", options.subject);
    return code;
}

int ctl_plugin_restart(const CtlOptions& options) {
    json answer;
    const int code = ask_command(options, "beaconwall.plugin.restart.v1", "plugin/" + options.name,
                                 json::object(), kExpiresMs, answer);
    if (code == Exit::done) fmt::print("restarting {}\n", options.name);
    return code;
}

}  // namespace bw::cli
