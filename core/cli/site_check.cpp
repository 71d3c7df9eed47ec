// SPDX-License-Identifier: Apache-2.0
#include "core/cli/site_check.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/base/paths.h"

namespace bw::cli {
namespace {

/// The plugin's name is not in wall.plugins when it could not be read, so the faults tell.
bool wants(const config::Loaded<config::Site>& loaded, const std::string& plugin) {
    for (const auto& layout : loaded.value.layouts)
        for (const auto& pane : layout.panes)
            if (pane.shows.rfind(plugin + "/", 0) == 0) return true;
    return std::any_of(loaded.faults.begin(), loaded.faults.end(), [&](const auto& fault) {
        return fault.text.find('"' + plugin + '"') != std::string::npos;
    });
}

}  // namespace

namespace {

/// Of plugin.toml itself, and of what lies in the folder below it.
std::string plugin_of(const std::filesystem::path& file) {
    std::error_code none;
    for (auto folder = file.parent_path(); folder.has_relative_path();
         folder = folder.parent_path())
        if (std::filesystem::exists(folder / "plugin.toml", none))
            return folder.filename().string();
    return file.parent_path().filename().string();
}

}  // namespace

CheckedSite check_site(const std::filesystem::path& folder) {
    auto plugins = config::find_plugins(base::plugin_folders());
    auto loaded = config::load_site(folder, plugins.value);
    bool good = loaded.ok();
    for (const config::Fault& fault : plugins.faults) {
        const std::string name = plugin_of(fault.file);
        const bool used = wants(loaded, name);
        good = good && !used;
        fmt::print(stderr, "{}{}\n", used ? "" : "warning: ", to_string(fault));
    }
    for (const config::Fault& fault : loaded.faults) fmt::print(stderr, "{}\n", to_string(fault));
    return {std::move(loaded.value), std::move(plugins.value), good};
}

}  // namespace bw::cli
