// SPDX-License-Identifier: Apache-2.0
#include "beaconwall/sdk/geometry.h"

namespace bw::sdk {
namespace {

struct Span {
    float begin, end;
};

/// Every stretch between two edges along one axis, in order.
std::vector<Span> spans(std::vector<float> edges) {
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    std::vector<Span> out;
    for (size_t i = 0; i < edges.size(); ++i)
        for (size_t k = i + 1; k < edges.size(); ++k) out.push_back({edges[i], edges[k]});
    return out;
}

}  // namespace

bool enters(const Rect& strip, const Rect& area) {
    // A line on the area's own edge is outside.
    const bool across = strip.w > 0 ? strip.right() > area.x && strip.x < area.right()
                                    : strip.x > area.x && strip.x < area.right();
    const bool down = strip.h > 0 ? strip.bottom() > area.y && strip.y < area.bottom()
                                  : strip.y > area.y && strip.y < area.bottom();
    return across && down;
}

Rect moved_off(Rect label, const std::vector<Rect>& strips) {
    for (const Rect& strip : strips) {
        if (!enters(strip, label)) continue;
        const bool lies = strip.w >= strip.h;
        const float back = lies ? strip.y - label.bottom() : strip.x - label.right();
        const float on = lies ? strip.bottom() - label.y : strip.right() - label.x;
        (lies ? label.y : label.x) += -back < on ? back : on;
    }
    return label;
}

Rect clear_of(const Rect& area, const std::vector<Rect>& strips) {
    std::vector<Rect> within;
    std::vector<float> across{area.x, area.right()}, down{area.y, area.bottom()};
    for (const Rect& strip : strips) {
        if (!enters(strip, area)) continue;
        within.push_back(strip);
        across.insert(across.end(), {std::clamp(strip.x, area.x, area.right()),
                                     std::clamp(strip.right(), area.x, area.right())});
        down.insert(down.end(), {std::clamp(strip.y, area.y, area.bottom()),
                                 std::clamp(strip.bottom(), area.y, area.bottom())});
    }
    if (within.empty()) return area;
    Rect best{area.x, area.y, 0, 0};
    const std::vector<Span> columns = spans(std::move(across));
    for (const Span& row : spans(std::move(down)))
        for (const Span& column : columns) {
            const Rect part{column.begin, row.begin, column.end - column.begin,
                            row.end - row.begin};
            if (part.w * part.h <= best.w * best.h) continue;
            if (std::none_of(within.begin(), within.end(),
                             [&part](const Rect& strip) { return enters(strip, part); }))
                best = part;
        }
    return best;
}

}  // namespace bw::sdk
