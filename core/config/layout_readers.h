// SPDX-License-Identifier: Apache-2.0
// The parts of a layout's file, each read by a file of its own.
#pragma once

#include "core/config/readers.h"

namespace bw::config {

Grid read_grid(const Node& node, Report& report, const Known& known);
Pane read_pane(const Node& node, Report& report, const Known& known);
/// The settings of `pane`, which its `shows` has been read of, against the panel's schema.
void read_settings(Table& table, Pane& pane, Report& report, const Known& known);
/// The `sources` of a pane that shows a source grid.
SourceGrid read_sources(const Node& node, Report& report, const Known& known);

}  // namespace bw::config
