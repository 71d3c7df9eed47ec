// SPDX-License-Identifier: Apache-2.0
// The parts of resolve() that others ask for: queries, and cameras that stand in no file.
#pragma once

#include <string>
#include <vector>

#include "core/wall/scene.h"

namespace bw::wall {

/// Scenes with more are refused by parse_scene(); resolve() leaves out the last cells of source
/// grids instead.
inline constexpr size_t kMaxScenePanes = 512;
/// Between the cells of a source grid, in logical units.
inline constexpr double kCellGapUnits = 4;

/// As resolve() in scene.h, with the cameras to fill source grids from: those of cameras.toml and
/// the ones that services have recorded.
Scene resolve(const config::Site& site, const config::Layout& layout,
              const std::vector<config::Camera>& cameras, std::optional<SceneSpace> space = {});

bool matches(const config::Query& query, const config::Camera& camera);
/// Those that match, by id. Pointers into `cameras`.
std::vector<const config::Camera*> select(const config::Query& query,
                                          const std::vector<config::Camera>& cameras);

/// Where a grid lies: its display, zone or the wall, above the wall strip and inside its margin.
/// Empty: there is no such display or zone.
RectMm grid_area(const config::Wall& wall, const config::Grid& grid);
/// `rect` without a margin on each side; the margin takes at most half of the shorter side.
RectMm inset(const RectMm& rect, double margin_mm);
/// The cells of a source grid in reading order.
std::vector<RectMm> source_cells(const config::SourceGrid& grid, const RectMm& rect, double gap_mm);

}  // namespace bw::wall
