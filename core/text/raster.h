// SPDX-License-Identifier: Apache-2.0
// Draws a draw list on the CPU, for looking at, comparing and counting pixels where there is no
// compositor. Slow and plain; the wall is drawn by core/compositor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/surface/draw_list.h"
#include "core/text/atlas.h"

namespace bw::text {

struct Image {
    int width = 0, height = 0;
    std::vector<uint32_t> pixels;  // 0xAABBGGRR
    [[nodiscard]] uint32_t at(int x, int y) const { return pixels[index(x, y)]; }
    [[nodiscard]] uint32_t& at(int x, int y) { return pixels[index(x, y)]; }

  private:
    [[nodiscard]] size_t index(int x, int y) const {
        return static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x);
    }
};

/// `list` is a validated one (surface::copy_draw_list), its textures' pixels still there. Videos
/// are drawn as a flat grey with a cross.
Image rasterize(const surface::DrawList& list, const Atlas& atlas, int width, int height);
bool write_png(const Image& image, const std::string& path);
/// Nothing if it cannot be read.
std::optional<Image> read_png(const std::string& path);

}  // namespace bw::text
