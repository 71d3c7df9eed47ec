// SPDX-License-Identifier: Apache-2.0
#include "core/config/close_up.h"

#include <algorithm>

namespace bw::config {
namespace {

struct Stretch {
    double begin = 0, end = 0;
};

/// Where something lies that stands at `at`, once every bare stretch before it is gone. `covered`
/// is sorted by where it begins.
double closed(double at, const std::vector<Stretch>& covered) {
    double bare = 0, end = covered.front().begin;
    for (const Stretch& next : covered) {
        if (next.begin > at) break;
        bare += std::max(next.begin - end, 0.0);
        end = std::max(end, next.end);
    }
    return at - bare;
}

std::vector<Stretch> sorted(std::vector<Stretch> covered) {
    std::sort(covered.begin(), covered.end(),
              [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
    return covered;
}

}  // namespace

void close_up(std::vector<Display>& displays) {
    if (displays.empty()) return;
    std::vector<Stretch> across, down;
    for (const Display& display : displays) {
        across.push_back({display.hang_x_mm, display.hang_x_mm + display.width_mm});
        down.push_back({display.hang_y_mm, display.hang_y_mm + display.height_mm});
    }
    across = sorted(std::move(across));
    down = sorted(std::move(down));
    for (Display& display : displays) {
        display.x_mm = closed(display.hang_x_mm, across);
        display.y_mm = closed(display.hang_y_mm, down);
    }
}

}  // namespace bw::config
