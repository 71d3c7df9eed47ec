// SPDX-License-Identifier: Apache-2.0
// beaconwall doctor: what this machine can do, and what to do about each lack.
#include <fmt/core.h>

#include <algorithm>

#include "core/cli/commands.h"
#include "core/cli/doctor_checks.h"
#include "core/cli/text_table.h"

namespace bw::cli {
namespace {

const char* word(Finding::State state) {
    switch (state) {
        case Finding::State::ok:
            return "ok";
        case Finding::State::lacking:
            return "lacking";
        case Finding::State::missing:
            return "MISSING";
    }
    return "?";
}

}  // namespace

int doctor() {
    std::vector<Finding> findings = {check_kernel(),        check_gl(),
                                     check_realtime(),      check_open_files(),
                                     check_panel_sandbox(), check_service_sandbox()};
    for (const auto& more : {check_fonts(), check_gstreamer(), check_programs()})
        findings.insert(findings.end(), more.begin(), more.end());
    TextTable table({"STATE", "WHAT", "FOUND"});
    for (const Finding& finding : findings)
        table.add({word(finding.state), finding.what,
                   finding.detail + (finding.remedy.empty() ? "" : "  → " + finding.remedy)});
    fmt::print("{}", table.text());
    const bool fit = std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
        return finding.state == Finding::State::missing;
    });
    return fit ? Exit::done : Exit::refused;
}

}  // namespace bw::cli
