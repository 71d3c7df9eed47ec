// SPDX-License-Identifier: Apache-2.0
// schemas/ of a plugin folder: TYPE.json for its event types, settings/PANEL.json for its panels
#include <fmt/core.h>

#include <algorithm>

#include "core/config/readers.h"
#include "core/schema/folder.h"

namespace bw::config {
namespace {

void add(std::vector<Fault>& faults, fault::Number number, const std::filesystem::path& file,
         const std::string& text) {
    Report(faults, file.string()).add(number, {}, text);
}

/// Each schema to its panel; one of no panel is a typing error.
void hand_out(Plugin& plugin, const schema::ByName& settings, const std::filesystem::path& folder,
              std::vector<Fault>& faults) {
    for (const auto& [name, schema] : settings) {
        const auto panel = std::find_if(plugin.panels.begin(), plugin.panels.end(),
                                        [&, &id = name](const auto& p) { return p.id == id; });
        if (panel != plugin.panels.end()) {
            panel->settings = schema;
            continue;
        }
        std::vector<std::string> ids;
        for (const auto& each : plugin.panels) ids.push_back(each.id);
        add(faults, fault::schema_of_nothing, folder / "settings" / (name + ".json"),
            fmt::format("found settings of a panel that plugin.toml does not have; allowed: {}",
                        allowed_words(ids, name)));
    }
}

}  // namespace

void read_schemas(Plugin& plugin, std::vector<Fault>& faults) {
    const std::filesystem::path folder = plugin.folder / "schemas";
    schema::Folder found = schema::read_folder(folder);
    for (const auto& wrong : found.faults)
        add(faults, fault::bad_schema, wrong.file,
            "found no schema that can be held to: " + wrong.text);
    for (auto& [type, schema] : found.events) {
        if (is_type(type))
            plugin.schemas[type] = std::move(schema);
        else
            add(faults, fault::schema_of_nothing, folder / (type + ".json"),
                fmt::format("found {} as the name of an event type; allowed: TYPE.json, such as "
                            "\"acme.river.level.v1.json\" (a-z, 0-9, '.', '_', '-')",
                            in_quotes(type)));
    }
    hand_out(plugin, found.settings, folder, faults);
}

}  // namespace bw::config
