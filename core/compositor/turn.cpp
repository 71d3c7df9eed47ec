// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/turn.h"

namespace bw::compositor {

// A monitor turned clockwise by 90 degrees has its own top left corner at the top right.
Spot turn_back(Spot share, uint32_t rotation) {
    switch (rotation) {
        case 90:
            return {1 - share.y, share.x};
        case 180:
            return {1 - share.x, 1 - share.y};
        case 270:
            return {share.y, 1 - share.x};
        default:
            return share;
    }
}

}  // namespace bw::compositor
