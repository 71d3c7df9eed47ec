// SPDX-License-Identifier: Apache-2.0
// Where this installation keeps its parts. The build tree has the layout of the installed one.
#pragma once

#include <filesystem>
#include <vector>

namespace bw::base {

/// PREFIX, two levels above the running program (PREFIX/bin/beaconwall,
/// PREFIX/libexec/beaconwall-hub).
std::filesystem::path install_prefix();
/// PREFIX/libexec/beaconwall-ROLE.
std::filesystem::path role_program(const char* role);
/// The folders with plugins, first match wins: those of BEACONWALL_PLUGIN_PATH (colon separated),
/// then PREFIX/lib/beaconwall/plugins.
std::vector<std::filesystem::path> plugin_folders();

}  // namespace bw::base
