// SPDX-License-Identifier: Apache-2.0
// Inside the SDK: the axis below what happens in time.
#pragma once

#include <cstdint>

#include "beaconwall/sdk/ui.h"

namespace bw::sdk {

/// Wall clock, ns since 1970, to pixels.
struct TimeScale {
    Rect area;
    int64_t from = 0, to = 1;

    [[nodiscard]] float x(int64_t time) const {
        return area.x + static_cast<float>(double(time - from) / double(to - from)) * area.w;
    }
};

/// Rules across the area and the hall's clock below them, in a line whose top is `y`; days by their
/// date.
void draw_time_axis(Ui& ui, const TimeScale& scale, float y);

}  // namespace bw::sdk
