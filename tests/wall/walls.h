// SPDX-License-Identifier: Apache-2.0
// Generated walls and layouts; the same seed gives the same ones.
#pragma once

#include "core/config/site.h"

namespace bw::wall::test {

/// One to four displays side by side, each with its own pitch, on odd millimetres.
config::Wall random_wall(unsigned seed);
/// One grid per display, all cells filled, no gaps, no margins; with `on_wall` one over all.
config::Layout tiling(const config::Wall& wall, unsigned seed, bool on_wall = false);
config::Site site_of(config::Wall wall, config::Layout layout);
config::Wall demo_wall();
/// Two to twelve displays in rows: mixed pitches, some turned, bezels, gaps; closed up or not.
config::Wall random_hall(unsigned seed, bool compensation);
/// As a hall of one kind of display, edge to edge or with a gap, all of one pitch.
config::Wall even_hall(unsigned seed, bool compensation);

}  // namespace bw::wall::test
