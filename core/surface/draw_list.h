// SPDX-License-Identifier: Apache-2.0
// A draw list in memory: what a panel hands over, what the compositor draws after copying and
// validating it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/surface/layout.h"

namespace bw::surface {

/// One of a panel's own textures, as who shows the list has it.
struct Texture {
    uint32_t id = 0, width = 0, height = 0;
    uint64_t version = 0;
    /// width * height * 4 bytes, see TextureRecord. In shared memory, valid as long as the picture
    /// that they came with, and a hostile producer may change them meanwhile.
    const std::byte* pixels = nullptr;
    /// Of two lists of one panel: equal numbers, equal pixels. Given by who keeps the lists; 0: by
    /// nobody.
    uint64_t content = 0;
};

/// Pixels of the surface.
struct Bounds {
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};
/// Around vertices that are finite; of none it is empty: its ends lie before its beginnings.
Bounds bounds_of(std::span<const Vertex> vertices);
/// The vertices that indices name, from the first to the one behind the last; of none it is empty.
struct IndexRange {
    uint32_t first = 0, end = 0;
};
IndexRange range_of(std::span<const uint32_t> indices);

/// A draw list whose arrays lie elsewhere, as a panel's do: without its textures.
struct DrawArrays {
    std::span<const Vertex> vertices;
    std::span<const uint32_t> indices;
    std::span<const DrawCommand> commands;
    std::span<const VideoCommand> videos;
};

struct DrawList {
    std::vector<Vertex> vertices;
    std::vector<uint32_t> indices;
    std::vector<DrawCommand> commands;
    std::vector<VideoCommand> videos;
    std::vector<Texture> textures;
    /// Around all vertices, drawn or not; nothing: nobody has looked.
    std::optional<Bounds> bounds;

    operator DrawArrays() const { return {vertices, indices, commands, videos}; }  // NOLINT
    /// Null: there is none, as for 0, the glyph atlas.
    [[nodiscard]] const Texture* texture(uint32_t id) const {
        for (const Texture& one : textures)
            if (one.id == id) return &one;
        return nullptr;
    }
};

}  // namespace bw::surface
