// SPDX-License-Identifier: Apache-2.0
// Where the triangles of a draw list lie. A wall asks for each picture of a panel, and a picture
// may have tens of thousands of them: what was found when the list was copied is kept by pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/surface/layout.h"

namespace bw::surface {

/// Pixels of the surface.
struct Bounds {
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};
/// Around vertices that are finite; of none it is empty: its ends lie before its beginnings.
Bounds bounds_of(std::span<const Vertex> vertices);
/// Around both; an empty one adds nothing.
inline Bounds around(const Bounds& a, const Bounds& b) {
    return {a.x0 < b.x0 ? a.x0 : b.x0, a.y0 < b.y0 ? a.y0 : b.y0, a.x1 > b.x1 ? a.x1 : b.x1,
            a.y1 > b.y1 ? a.y1 : b.y1};
}

/// The vertices that indices name, from the first to the one behind the last; of none it is empty.
struct IndexRange {
    uint32_t first = 0, end = 0;
};
IndexRange range_of(std::span<const uint32_t> indices);

/// What is known of the pieces of a list: the bounds of so many vertices each, the range of so many
/// indices each; the last piece may be shorter. Nothing: nobody has looked yet.
struct Pieces {
    static constexpr size_t kVertices = 64, kIndices = 192;
    std::vector<Bounds> vertices;
    std::vector<IndexRange> indices;
    void clear();
};
/// Of a list that was made here; one that is copied has them already.
Pieces pieces_of(std::span<const Vertex> vertices, std::span<const uint32_t> indices);

/// Around every vertex from the least to the greatest that `named` names: a part of `indices`,
/// which name `vertices`. `pieces`: of these arrays, or empty.
Bounds bounds_of_named(std::span<const Vertex> vertices, std::span<const uint32_t> indices,
                       size_t first, size_t count, const Pieces& pieces);

}  // namespace bw::surface
