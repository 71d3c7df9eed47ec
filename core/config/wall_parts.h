// SPDX-License-Identifier: Apache-2.0
// The parts of wall.toml that have a file of their own.
#pragma once

#include "core/config/reader.h"

namespace bw::config {

/// Reads every [[display]], as it hangs, into `wall`.
void read_displays(Table& table, Wall& wall, Report& report);
/// Reads [hub] into `hub`.
void read_hub(Table& table, Hub& hub, Report& report);
/// Reads every [[zone]] into `wall`, whose displays are there.
void read_zones(Table& table, Wall& wall, Report& report);

}  // namespace bw::config
