// SPDX-License-Identifier: Apache-2.0
#include "core/text/pack.h"

#include <algorithm>
#include <numeric>

#include "core/text/format.h"

namespace bw::text {
namespace {

uint32_t place(std::vector<Packed>& items, const std::vector<uint32_t>& order, uint32_t width,
               uint32_t first_row) {
    uint32_t x = 0, y = first_row, shelf = 0;
    for (uint32_t i : order) {
        Packed& item = items[i];
        if (x + item.width + 1 > width) {
            x = 0;
            y += shelf;
            shelf = 0;
        }
        item.x = x;
        item.y = y;
        x += item.width + 1;
        shelf = std::max(shelf, item.height + 1);
    }
    return y + shelf;
}

}  // namespace

Sheet pack(std::vector<Packed>& items, uint32_t reserved_rows) {
    std::vector<uint32_t> order(items.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t a, uint32_t b) { return items[a].height > items[b].height; });
    uint64_t area = 0;
    for (const Packed& item : items) area += uint64_t{item.width + 1} * (item.height + 1);
    // About square: half-empty pictures cost memory in every reader's page tables.
    for (uint32_t width = 1024; width <= kMaxSide; width *= 2) {
        if (width < kMaxSide && area > uint64_t{width} * width) continue;
        uint32_t height = place(items, order, width, reserved_rows);
        if (height <= kMaxSide) return {width, (height + 63) & ~63u};
    }
    return {};
}

}  // namespace bw::text
