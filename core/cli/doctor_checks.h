// SPDX-License-Identifier: Apache-2.0
// What beaconwall doctor looks at. Each check leaves the machine as it was.
#pragma once

#include <string>
#include <vector>

namespace bw::cli {

struct Finding {
    enum class State { ok, lacking, missing };  // lacking: works, but worse; missing: required
    State state = State::ok;
    std::string what;
    std::string detail;  // what was found
    std::string remedy;  // what to do; empty when all is well
};

Finding check_gl();
Finding check_kernel();
Finding check_realtime();
Finding check_open_files();
/// What keeps a plugin's panel in its process.
Finding check_panel_sandbox();
/// The same of its service: closes a child of its own in, and lets it try.
Finding check_service_sandbox();
std::vector<Finding> check_fonts();
std::vector<Finding> check_gstreamer();
std::vector<Finding> check_programs();

}  // namespace bw::cli
