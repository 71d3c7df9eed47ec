// SPDX-License-Identifier: Apache-2.0
// Pictures of the wall as files, and how much two of them differ to the eye.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bw::golden {

/// sRGB, three bytes a pixel, rows top down.
struct Picture {
    int width = 0, height = 0;
    std::vector<uint8_t> rgb;
};

std::optional<Picture> read_png(const std::filesystem::path& path);
/// False when it cannot be written. Makes the folder.
bool write_png(const Picture& picture, const std::filesystem::path& path);
/// Each `factor` x `factor` pixels become their mean; what is left over at the edges is dropped.
Picture shrink(const Picture& picture, int factor);

/// What two pictures may differ by, in CIE Lab (a difference of 2.3 is just seen side by side). The
/// one tolerance of all golden tests and of all renderers.
struct Tolerance {
    double seen = 6;       // a pixel further off than this counts
    double share = 0.001;  // of the picture's pixels that may count
    double block = 2;      // mean difference of the worst 8 x 8 pixels
};
inline constexpr Tolerance kTolerance;

struct Difference {
    bool same_size = true;
    double share = 0;        // of the pixels further off than Tolerance::seen
    double worst_block = 0;  // the largest mean difference of 8 x 8 pixels
    double worst_pixel = 0;
    int block_x = 0, block_y = 0;  // where that block begins
    [[nodiscard]] bool tolerable() const {
        return same_size && share <= kTolerance.share && worst_block <= kTolerance.block;
    }
};
/// `map`: filled with the differences, white where they are largest; may be null.
Difference compare(const Picture& expected, const Picture& actual, Picture* map = nullptr);

}  // namespace bw::golden
