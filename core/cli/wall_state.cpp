// SPDX-License-Identifier: Apache-2.0
#include "core/cli/wall_state.h"

#include <fmt/core.h>

#include <utility>

#include "core/access/roles.h"
#include "core/base/paths.h"
#include "core/cli/folders.h"

namespace bw::cli {

namespace fs = std::filesystem;

int fail(const std::string& text, int code) {
    fmt::print(stderr, "{}\n", text);
    return code;
}

base::Error no(std::string text) {
    return {"refused", std::move(text)};
}

fs::path folder_of(const WallOptions& options) {
    if (!options.site && !options.state_dir && !options.run_dir) {
        fail("name the wall: --site SITE, or its state folder with --state-dir");
        return {};
    }
    std::error_code error;
    const std::string site =
        options.site ? fs::weakly_canonical(*options.site, error).filename().string() : "";
    const fs::path folder = state_folder(options.state_dir, options.run_dir, site);
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder, error)) {
        fail(fmt::format("{} is no folder and cannot be made one", folder.string()));
        return {};
    }
    fs::permissions(folder, fs::perms::owner_all, error);
    return folder;
}

bool has_role(const WallOptions& options, const std::string& role) {
    std::vector<config::Role> own;
    if (options.site) {
        const auto plugins = config::find_plugins(base::plugin_folders());
        own = config::load_site(*options.site, plugins.value).value.roles;
    }
    if (access::find_role(own, role) != nullptr) return true;
    std::string names;
    for (const std::vector<config::Role>* roles : {&access::built_in_roles(), &std::as_const(own)})
        for (const config::Role& each : *roles) names += (names.empty() ? "" : ", ") + each.name;
    fail(fmt::format("there is no role {}; there are: {}{}", role, names,
                     options.site ? "" : " (with --site SITE also those of its roles.toml)"));
    return false;
}

}  // namespace bw::cli
