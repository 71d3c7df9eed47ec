// SPDX-License-Identifier: Apache-2.0
// beaconwall check SITE [--plan]
#include <fmt/core.h>

#include <algorithm>
#include <thread>

#include "core/cli/commands.h"
#include "core/cli/site_check.h"
#include "core/cli/text_table.h"
#include "core/wall/budget.h"
#include "core/wall/lint.h"

namespace bw::cli {
namespace {

void print_summary(const CheckedSite& checked) {
    size_t panes = 0;
    for (const auto& layout : checked.site.layouts) panes += layout.panes.size();
    fmt::print(
        "{}: no faults in {} displays, {} layouts with {} panes, {} cameras; {} plugins found\n",
        checked.site.name, checked.site.wall.displays.size(), checked.site.layouts.size(), panes,
        checked.site.cameras.size(), checked.plugins.size());
}

std::string verdict_text(wall::Verdict verdict, unsigned cores) {
    switch (verdict) {
        case wall::Verdict::fits:
            return fmt::format("fits in {} cores", cores);
        case wall::Verdict::tight:
            return fmt::format("tight in {} cores", cores);
        case wall::Verdict::too_much:
            break;
    }
    return fmt::format("too much for {} cores", cores);
}

/// What each layout shows at once, and what that costs.
void print_budget(const config::Site& site, unsigned cores) {
    TextTable table({"layout", "panes", "cameras", "main", "sub", "decode", "draw", "verdict"});
    for (const config::Layout& layout : site.layouts) {
        const auto budget = wall::budget_of(site, wall::resolve(site, layout));
        table.add({layout.name, fmt::format("{}", budget.panes), fmt::format("{}", budget.pictures),
                   fmt::format("{}", budget.mains), fmt::format("{}", budget.subs),
                   fmt::format("{:.2f}", budget.decode_cores),
                   fmt::format("{:.2f}", budget.draw_cores),
                   verdict_text(wall::verdict(budget, cores), cores)});
    }
    fmt::print(
        "{}decode, draw: cores, estimated without a graphics card; of panels, the cameras that "
        "their settings name\n",
        table.text());
}

}  // namespace

int check(const CheckOptions& options) {
    const CheckedSite checked = check_site(options.site);
    if (!checked.good) return Exit::refused;
    if (options.plan) {
        fmt::print("{}\n", make_plan(checked.site, checked.plugins));
        return Exit::done;
    }
    const unsigned cores = std::max(std::thread::hardware_concurrency(), 1U);
    for (const config::Fault& warning : wall::lint(checked.site, cores))
        fmt::print(stderr, "warning: {}\n", to_string(warning));
    print_summary(checked);
    print_budget(checked.site, cores);
    return Exit::done;
}

}  // namespace bw::cli
