// SPDX-License-Identifier: Apache-2.0
// A draw list in memory: what a panel hands over, what the compositor draws after copying and
// validating it.
#pragma once

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

struct DrawList {
    std::vector<Vertex> vertices;
    std::vector<uint32_t> indices;
    std::vector<DrawCommand> commands;
    std::vector<VideoCommand> videos;
    std::vector<Texture> textures;

    /// Null: there is none, as for 0, the glyph atlas.
    [[nodiscard]] const Texture* texture(uint32_t id) const {
        for (const Texture& one : textures)
            if (one.id == id) return &one;
        return nullptr;
    }
};

}  // namespace bw::surface
