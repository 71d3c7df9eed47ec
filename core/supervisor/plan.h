// SPDX-License-Identifier: Apache-2.0
// The supervisor's orders: the plan that `beaconwall check --plan` writes, and its command line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/network.h"
#include "core/base/result.h"

namespace bw::supervisor {

struct PluginPlan {
    std::string name;
    std::string library, service;  // absolute; empty where absent
    std::string version = {};
    std::vector<base::NetworkRule> network = {};    // where the service may connect to
    std::vector<std::filesystem::path> files = {};  // what it may write besides its own
};

struct Plan {
    std::string site;
    std::filesystem::path folder;
    std::string language = "zh";
    double glyph_scale = 1;
    uint32_t console_port = 8780;
    int32_t utc_offset_minutes = 480;
    uint32_t restart_budget = 5, restart_window_s = 60;
    uint32_t media = 1;               // processes
    int64_t media_memory_mib = 1024;  // of each
    bool rules = false;               // the site has some
    std::vector<PluginPlan> plugins;
};
/// "invalid" says which member is missing or wrong.
base::Result<Plan> parse_plan(const std::string& json);

struct Orders {
    Plan plan;
    std::filesystem::path run_dir, state_dir;
    std::string machine = "main";
    bool headless = false;
};
/// --plan-fd N --run-dir DIR --state-dir DIR [--machine NAME] [--headless]; reads the plan and
/// closes N.
base::Result<Orders> read_orders(int argc, char** argv);

}  // namespace bw::supervisor
