// SPDX-License-Identifier: Apache-2.0
#include "core/base/paths.h"

#include <cstdlib>
#include <sstream>

namespace bw::base {
namespace fs = std::filesystem;

fs::path install_prefix() {
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    return self.parent_path().parent_path();
}

fs::path role_program(const char* role) {
    return install_prefix() / "libexec" / ("beaconwall-" + std::string(role));
}

std::vector<fs::path> plugin_folders() {
    std::vector<fs::path> folders;
    if (const char* list =
            std::getenv("BEACONWALL_PLUGIN_PATH")) {  // NOLINT(concurrency-mt-unsafe)
        std::istringstream in(list);
        for (std::string item; std::getline(in, item, ':');)
            if (!item.empty()) folders.emplace_back(item);
    }
    folders.push_back(install_prefix() / "lib" / "beaconwall" / "plugins");
    return folders;
}

}  // namespace bw::base
