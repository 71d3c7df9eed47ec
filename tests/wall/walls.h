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

}  // namespace bw::wall::test
