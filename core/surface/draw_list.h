// SPDX-License-Identifier: Apache-2.0
// A draw list in memory: what a panel hands over, what the compositor draws after copying and
// validating it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/surface/extents.h"
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
    Pieces pieces;

    /// As if it were made anew, but for the memory that its arrays have.
    void clear();
    operator DrawArrays() const { return {vertices, indices, commands, videos}; }  // NOLINT
    /// Null: there is none, as for 0, the glyph atlas.
    [[nodiscard]] const Texture* texture(uint32_t id) const {
        for (const Texture& one : textures)
            if (one.id == id) return &one;
        return nullptr;
    }
};

}  // namespace bw::surface
