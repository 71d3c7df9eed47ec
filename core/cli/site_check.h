// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "core/config/site.h"

namespace bw::cli {

struct CheckedSite {
    config::Site site;
    std::vector<config::Plugin> plugins;
    bool good = false;
};
/// Reads the site and the plugins, prints every fault on stderr, one per line. A faulty manifest of
/// a plugin that the site does not use is a warning: one bad folder must not take the wall.
CheckedSite check_site(const std::filesystem::path& folder);

}  // namespace bw::cli
