// SPDX-License-Identifier: Apache-2.0
// beaconwall plugin list, and beaconwall version
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/base/paths.h"
#include "core/base/version.h"
#include "core/cli/commands.h"
#include "core/cli/text_table.h"
#include "core/config/site.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;

std::vector<std::string> panel_names(const config::Plugin& plugin) {
    std::vector<std::string> names;
    for (const auto& panel : plugin.panels) names.push_back(plugin.name + "/" + panel.id);
    return names;
}

json to_json(const config::Plugin& plugin) {
    return {{"name", plugin.name},
            {"version", plugin.version},
            {"vendor", plugin.vendor},
            {"title", {{"zh", plugin.title.zh}, {"en", plugin.title.en}}},
            {"folder", plugin.folder.string()},
            {"library", plugin.library.string()},
            {"service", plugin.service.string()},
            {"panels", panel_names(plugin)}};
}

}  // namespace

int plugin_list(bool as_json) {
    const auto found = config::find_plugins(base::plugin_folders());
    for (const auto& fault : found.faults) fmt::print(stderr, "{}\n", to_string(fault));
    if (as_json) {
        json list = json::array();
        for (const auto& plugin : found.value) list.push_back(to_json(plugin));
        fmt::print("{}\n",
                   json{{"plugins", list}}.dump(2, ' ', false, json::error_handler_t::replace));
    } else {
        TextTable table({"NAME", "VERSION", "SERVICE", "PANELS"});
        for (const auto& plugin : found.value) {
            std::string panels;
            for (const auto& name : panel_names(plugin))
                panels += (panels.empty() ? "" : " ") + name;
            table.add({plugin.name, plugin.version, plugin.service.empty() ? "-" : "yes",
                       panels.empty() ? "-" : panels});
        }
        fmt::print("{}", table.text());
    }
    return found.faults.empty() ? Exit::done : Exit::refused;
}

int version() {
    fmt::print("beaconwall {}\n", BEACONWALL_VERSION);
    return Exit::done;
}

}  // namespace bw::cli
