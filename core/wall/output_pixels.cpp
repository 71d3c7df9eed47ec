// SPDX-License-Identifier: Apache-2.0
#include "core/wall/geometry.h"

namespace bw::wall {
namespace {

/// A rectangle of a picture `width` by `height`, after the picture was turned clockwise.
RectPx turn(const RectPx& r, uint32_t degrees, int width, int height) {
    switch (degrees) {
        case 90:
            return {height - r.y - r.height, r.x, r.height, r.width};
        case 180:
            return {width - r.x - r.width, height - r.y - r.height, r.width, r.height};
        case 270:
            return {r.y, width - r.x - r.width, r.height, r.width};
        default:
            return r;
    }
}

}  // namespace

SizePx output_size(const config::Display& display) {
    const int width = static_cast<int>(display.width_px);
    const int height = static_cast<int>(display.height_px);
    const bool upright = display.rotation % 180 == 0;
    return upright ? SizePx{width, height} : SizePx{height, width};
}

RectPx to_output(const RectPx& hung, const config::Display& display) {
    return turn(hung, (360 - display.rotation) % 360, static_cast<int>(display.width_px),
                static_cast<int>(display.height_px));
}

RectPx from_output(const RectPx& native, const config::Display& display) {
    const SizePx size = output_size(display);
    return turn(native, display.rotation, size.width, size.height);
}

}  // namespace bw::wall
