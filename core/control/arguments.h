// SPDX-License-Identifier: Apache-2.0
// The command line every role of ours is started with.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace bw::control {

/// --site DIR --run-dir DIR --state-dir DIR [--machine NAME] [--headless]
struct Arguments {
    std::filesystem::path site, run_dir, state_dir;
    std::string machine = "main";
    bool headless = false;
    /// "ipc://RUNDIR/hub.sock"
    [[nodiscard]] std::string hub_endpoint() const;
};
/// "invalid" names the argument that is unknown or lacks its value.
base::Result<Arguments> parse_arguments(int argc, char** argv);

}  // namespace bw::control
