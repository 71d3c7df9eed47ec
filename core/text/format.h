// SPDX-License-Identifier: Apache-2.0
// The bytes of a glyph file (docs/glyphs.md). Offsets count from the start of the file; every table
// starts at a multiple of 8, the pixels at a multiple of 64. Little-endian.
#pragma once

#include <cstdint>

namespace bw::text {

inline constexpr char kMagic[8] = {'B', 'W', 'G', 'L', 'Y', 'P', 'H', '1'};
inline constexpr uint32_t kMaxSide = 8192;
inline constexpr uint32_t kCodepoints = 65536;  // Dear ImGui's ImWchar has 16 bits

struct FileHeader {
    char magic[8];
    uint32_t faces;  // kRoles
    uint32_t width, height;
    float white_u, white_v;
    float scale;
    uint64_t pixels;  // offset of width * height bytes
    uint64_t size;    // of the file
};
static_assert(sizeof(FileHeader) == 48);

struct FileFace {
    uint32_t role;  // its own place in the array
    float size, em, ascent, descent;
    uint32_t glyph_count;
    uint32_t index_count;  // entries of the index and of the advances
    uint32_t reserved;
    uint64_t glyphs;    // offset of Glyph[glyph_count]
    uint64_t index;     // offset of uint16_t[index_count]
    uint64_t advances;  // offset of float[index_count]
};
static_assert(sizeof(FileFace) == 56);

}  // namespace bw::text
