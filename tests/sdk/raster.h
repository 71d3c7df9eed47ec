// SPDX-License-Identifier: Apache-2.0
// Draws a panel's draw list on the CPU, for looking at and for counting pixels. Test-only: slow and
// plain.
#pragma once

#include <beaconwall/panel.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/text/atlas.h"

namespace bw::test {

struct Image {
    int width = 0, height = 0;
    std::vector<uint32_t> pixels;  // 0xAABBGGRR
    [[nodiscard]] uint32_t at(int x, int y) const {
        return pixels[static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)];
    }
};

/// Videos are drawn as a flat grey with a cross.
Image rasterize(const bw_draw_list_t& list, const text::Atlas& atlas, int width, int height);
bool write_png(const Image& image, const std::string& path);

}  // namespace bw::test
