// SPDX-License-Identifier: Apache-2.0
// What is plugged in, as wall.toml has it. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/wall/outputs.h"

namespace bw::cli {

/// Reads the table that `beaconwall-compositor --outputs` prints; lines that are none are left out.
std::vector<wall::PluggedOutput> parse_output_lines(std::string_view lines);

/// [[display]] entries, ready to paste: sizes and places in the millimetres that the monitors tell.
std::string display_entries(const std::vector<wall::PluggedOutput>& outputs);

}  // namespace bw::cli
