// SPDX-License-Identifier: Apache-2.0
// beaconwall check SITE [--plan]
#include <fmt/core.h>

#include "core/cli/commands.h"
#include "core/cli/site_check.h"

namespace bw::cli {

int check(const CheckOptions& options) {
    const CheckedSite checked = check_site(options.site);
    if (!checked.good) return Exit::refused;
    if (options.plan) {
        fmt::print("{}\n", make_plan(checked.site, checked.plugins));
        return Exit::done;
    }
    size_t panes = 0;
    for (const auto& layout : checked.site.layouts) panes += layout.panes.size();
    fmt::print(
        "{}: no faults in {} displays, {} layouts with {} panes, {} cameras; {} plugins found\n",
        checked.site.name, checked.site.wall.displays.size(), checked.site.layouts.size(), panes,
        checked.site.cameras.size(), checked.plugins.size());
    return Exit::done;
}

}  // namespace bw::cli
