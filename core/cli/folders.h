// SPDX-License-Identifier: Apache-2.0
// Where a wall keeps its sockets and its state, when the command line does not say.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace bw::cli {

/// Absolute. The one given, else $XDG_RUNTIME_DIR/beaconwall, else /run/beaconwall.
std::filesystem::path run_folder(const std::optional<std::filesystem::path>& given);
/// Absolute. The one given; with a run folder given its state/; else
/// $XDG_STATE_HOME/beaconwall/SITE or /var/lib/beaconwall/SITE.
std::filesystem::path state_folder(const std::optional<std::filesystem::path>& given,
                                   const std::optional<std::filesystem::path>& run_given,
                                   const std::string& site);
/// "invalid" when socket paths under it would not fit into a Unix address.
base::Status check_run_folder(const std::filesystem::path& run_dir);

}  // namespace bw::cli
