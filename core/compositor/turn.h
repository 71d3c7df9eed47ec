// SPDX-License-Identifier: Apache-2.0
// A monitor that hangs turned: from shares (0..1) of its own width and height to shares of the
// canvas, which is as it hangs. Pure. `rotation`: degrees clockwise that the monitor was turned.
// Whole pixels are turned by core/wall/geometry.h.
#pragma once

#include <cstdint>

namespace bw::compositor {

struct Spot {
    double x = 0, y = 0;
};
Spot turn_back(Spot share, uint32_t rotation);

}  // namespace bw::compositor
