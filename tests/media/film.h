// SPDX-License-Identifier: Apache-2.0
// Small H.264 films for tests: every picture is one grey, brighter than the one before, so that
// what reaches the wall says which picture it is.
#pragma once

#include <filesystem>

namespace bw::media::testing {

struct Film {
    int pictures = 50;  // at most kGreys
    int width = 320, height = 180;
    int group = 25;   // pictures from key frame to key frame
    int between = 0;  // B-frames
};
inline constexpr int kGreys = 60;
/// The luma of a picture.
constexpr int grey_of(int picture) {
    return 40 + 3 * picture;
}
/// Writes it as Annex B with delimiters, parameter sets before each key frame.
void film(const std::filesystem::path& path, const Film& what = {});

}  // namespace bw::media::testing
