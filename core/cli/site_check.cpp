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

CheckedSite check_site(const std::filesystem::path& folder) {
    auto plugins = config::find_plugins(base::plugin_folders());
    auto loaded = config::load_site(folder, plugins.value);
    bool good = loaded.ok();
    for (const config::Fault& fault : plugins.faults) {
        const std::string name =
            std::filesystem::path(fault.file).parent_path().filename().string();
        const bool used = wants(loaded, name);
        good = good && !used;
        fmt::print(stderr, "{}{}\n", used ? "" : "warning: ", to_string(fault));
    }
    for (const config::Fault& fault : loaded.faults) fmt::print(stderr, "{}\n", to_string(fault));
    return {std::move(loaded.value), std::move(plugins.value), good};
}

}  // namespace bw::cli
