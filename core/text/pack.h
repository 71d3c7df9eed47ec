// SPDX-License-Identifier: Apache-2.0
// Packs glyph bitmaps into one picture, in shelves of falling height.
#pragma once

#include <cstdint>
#include <vector>

namespace bw::text {

/// A bitmap and the place it gets.
struct Packed {
    uint32_t width, height;
    uint32_t x = 0, y = 0;
};

struct Sheet {
    uint32_t width = 0, height = 0;  // 0: it does not fit into kMaxSide x kMaxSide
};

/// Places all of `items`, one pixel apart, below the first `reserved_rows` rows.
Sheet pack(std::vector<Packed>& items, uint32_t reserved_rows);

}  // namespace bw::text
