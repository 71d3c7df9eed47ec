// SPDX-License-Identifier: Apache-2.0
// What is allowed in a site and yet will look bad, or cost more than the machine has. Pure; for
// sites without faults. docs/faults.md explains each number; a test compares the two.
#pragma once

#include <string>
#include <vector>

#include "core/wall/scene.h"

namespace bw::wall {

namespace warning {
enum Number : int {
    text_too_coarse = 2001,
    pane_too_small = 2101,
    across_bezel = 2102,
    too_many_pictures = 2103,
    panes_overlap = 2104,
    pane_off_wall = 2105,
    pane_partly_off = 2106,
    pane_under_strip = 2107,
    no_match = 2201,
    sources_left_out = 2202,
    over_budget = 2301,
    main_shown_small = 2302,
};
}  // namespace warning

/// Every warning of the site and its layouts. `cores`: of the machine that decodes. Lines and
/// columns are 0: each text names its pane or display.
std::vector<config::Fault> lint(const config::Site& site, unsigned cores);

}  // namespace bw::wall
