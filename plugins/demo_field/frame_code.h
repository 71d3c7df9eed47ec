// SPDX-License-Identifier: Apache-2.0
// The machine-readable number that every demo picture carries in its bottom rows: 32 cells, most
// significant bit first, light for 1, dark for 0: 20 bits frame number, 6 bits camera, 6 bits
// check. It survives strong compression and scaling down to a quarter, so tests and benches can
// count distinct pictures at the very end of the chain. Header only; README.md describes it to the
// bit.
#pragma once

#include <cstdint>
#include <optional>

namespace bw::demo_field {

inline constexpr int kCodeCells = 32;
inline constexpr int kCodeCell = 16;  // pixels, at full size
inline constexpr int kCodePictureWidth = 640, kCodePictureHeight = 360;
inline constexpr uint8_t kCodeDark = 16, kCodeLight = 235;  // luma

struct FrameCode {
    uint32_t number = 0;  // 20 bits
    uint32_t camera = 0;  // 6 bits
    bool operator==(const FrameCode&) const = default;
};

/// The 26 bits in groups of six, XORed and inverted: neither an all-dark nor an all-light strip
/// passes.
constexpr uint32_t code_check(FrameCode code) {
    const uint32_t bits = ((code.number & 0xFFFFFU) << 6) | (code.camera & 63U);
    uint32_t check = 63;
    for (int shift = 0; shift < 26; shift += 6) check ^= (bits >> shift) & 63U;
    return check;
}

constexpr uint32_t code_word(FrameCode code) {
    return ((code.number & 0xFFFFFU) << 12) | ((code.camera & 63U) << 6) | code_check(code);
}

/// Draws the strip into the bottom rows of a 640x360 luma plane.
inline void write_frame_code(uint8_t* luma, int stride, FrameCode code) {
    const uint32_t word = code_word(code);
    for (int y = kCodePictureHeight - kCodeCell; y < kCodePictureHeight; ++y)
        for (int x = 0; x < kCodeCells * kCodeCell; ++x) {
            const bool set = (word >> (31 - x / kCodeCell) & 1U) != 0;
            luma[y * stride + x] = set ? kCodeLight : kCodeDark;
        }
}

/// Reads the strip from a whole demo picture of any size: `step` bytes from pixel to pixel (1: a
/// luma plane, 4: RGBA), `stride` bytes from row to row. Nothing when the check fails.
inline std::optional<FrameCode> read_frame_code(const uint8_t* pixels, int stride, int step,
                                                int width, int height) {
    uint32_t word = 0;
    const double scale_x = static_cast<double>(width) / kCodePictureWidth;
    const double scale_y = static_cast<double>(height) / kCodePictureHeight;
    const int y = static_cast<int>((kCodePictureHeight - kCodeCell * 0.5) * scale_y);
    if (y < 0 || y >= height) return std::nullopt;
    for (int cell = 0; cell < kCodeCells; ++cell) {
        const int x = static_cast<int>((cell + 0.5) * kCodeCell * scale_x);
        word = word << 1 | (pixels[y * stride + x * step] >= 126 ? 1U : 0U);
    }
    const FrameCode code{word >> 12, word >> 6 & 63U};
    if (code_word(code) != word) return std::nullopt;
    return code;
}

}  // namespace bw::demo_field
