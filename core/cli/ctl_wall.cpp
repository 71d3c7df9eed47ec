// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl layouts | preview | source retry | plugin restart
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
    json data = {{"layout", options.layout}}, answer;
    if (!options.into.empty()) data["space"] = options.into;
    const int code =
        ask_command(options, "beaconwall.wall.preview.v1", "wall", data, kExpiresMs, answer);
    if (code != Exit::done) return code;
    fmt::print("preview: {}\n", options.layout);
    for (const json& pane : answer.value("left_out", json::array()))
        if (pane.is_string()) fmt::print("left out: {}\n", pane.get<std::string>());
    return code;
}

int ctl_source_retry(const CtlOptions& options) {
    json answer;
    const int code = ask_command(options, "beaconwall.source.retry.v1", options.subject,
                                 json::object(), kExpiresMs, answer);
    if (code == Exit::done) fmt::print("trying {} again\n", options.subject);
    return code;
}

int ctl_plugin_reload(const CtlOptions& options) {
    constexpr int64_t kComesUpWithin = 20'000;
    json answer;
    const int code = ask_command(options, "beaconwall.plugin.reload.v1", "plugin/" + options.name,
                                 json::object(), kComesUpWithin, answer);
    if (code == Exit::done)
        fmt::print("{} {} runs\n", options.name, answer.value("version", std::string()));
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
