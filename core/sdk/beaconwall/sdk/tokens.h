// SPDX-License-Identifier: Apache-2.0
// The colours of the wall. Normal is grey on near-black; blue, yellow, orange and red mean warning
// levels and nothing else. Panels use these names and no colour of their own.
#pragma once

#include <cstdint>

namespace bw::sdk {

/// 0xAABBGGRR, sRGB, straight alpha, as in bw_vertex_t.
using Color = uint32_t;

/// From the way designers write it: rgb(0x0A0D12).
constexpr Color rgb(uint32_t rrggbb) {
    return 0xFF000000u | (rrggbb & 0xFF) << 16 | (rrggbb & 0xFF00) | rrggbb >> 16;
}
/// The same colour at an opacity of 0 to 1.
constexpr Color faded(Color color, float opacity) {
    return (color & 0x00FFFFFFu) | static_cast<uint32_t>(opacity * 255.0f + 0.5f) << 24;
}

namespace token {
inline constexpr Color ground = rgb(0x0A0D12);  // the wall behind the tiles
inline constexpr Color tile = rgb(0x10151C);    // a panel's background (drawn by the SDK already)
inline constexpr Color raised = rgb(0x171E27);  // header, selected row
inline constexpr Color line = rgb(0x263140);    // rules, grid, edges
inline constexpr Color text = rgb(0xE8EEF4);    // values, titles
inline constexpr Color text2 = rgb(0xA9B6C4);   // labels, units
inline constexpr Color text3 = rgb(0x748597);   // hints, axes
inline constexpr Color focus = rgb(0xE8EEF4);   // outline of what the officer acts on
inline constexpr Color series[3] = {rgb(0xC9D4DF), rgb(0x8FA3B8), rgb(0x5F7892)};
inline constexpr Color blue = rgb(0x4C8DFF);    // warning level IV
inline constexpr Color yellow = rgb(0xFFD400);  // III
inline constexpr Color orange = rgb(0xFF8A1F);  // II
inline constexpr Color red = rgb(0xFF3B30);     // I
}  // namespace token

/// Warning levels; being well has no colour.
enum class Level { none = 0, blue = 1, yellow = 2, orange = 3, red = 4 };

/// The level's colour; `normal` for Level::none.
constexpr Color level_color(Level level, Color normal = token::text2) {
    switch (level) {
        case Level::blue:
            return token::blue;
        case Level::yellow:
            return token::yellow;
        case Level::orange:
            return token::orange;
        case Level::red:
            return token::red;
        case Level::none:
            break;
    }
    return normal;
}

}  // namespace bw::sdk
