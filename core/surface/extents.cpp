// SPDX-License-Identifier: Apache-2.0
#include "core/surface/extents.h"

#include <algorithm>
#include <limits>

#include "core/surface/four.h"

namespace bw::surface {

namespace {

constexpr float kFar = std::numeric_limits<float>::max();
constexpr Bounds kNowhere{kFar, kFar, -kFar, -kFar};

/// Eight at a time, and the rest one by one.
[[gnu::always_inline]] inline IndexRange eight_by_eight(std::span<const uint32_t> indices) {
    using Eight = uint32_t __attribute__((vector_size(32)));
    Eight low = ~Eight{}, high = {};
    size_t i = 0;
    for (; i + 8 <= indices.size(); i += 8) {
        Eight at;
        std::memcpy(&at, &indices[i], sizeof at);
        low = at < low ? at : low;
        high = at > high ? at : high;
    }
    uint32_t least = UINT32_MAX, greatest = 0;
    for (int lane = 0; lane < 8; ++lane) {
        least = std::min(least, low[lane]);
        greatest = std::max(greatest, high[lane]);
    }
    for (; i < indices.size(); ++i) {
        least = std::min(least, indices[i]);
        greatest = std::max(greatest, indices[i]);
    }
    if (indices.empty()) return {};
    return {least, greatest == UINT32_MAX ? greatest : greatest + 1};
}

#if defined(__x86_64__)
/// The same, for processors that compare eight unsigned numbers at once; the baseline takes ten
/// instructions for each four.
[[gnu::target("avx2")]] IndexRange wide_range_of(std::span<const uint32_t> indices) {
    return eight_by_eight(indices);
}
#endif

IndexRange join(const IndexRange& a, const IndexRange& b) {
    if (a.first >= a.end) return b;
    if (b.first >= b.end) return a;
    return {std::min(a.first, b.first), std::max(a.end, b.end)};
}

/// Calls part(begin, end) for what lies before and behind the whole pieces of [begin, end), and
/// whole(number) for each of those.
template <class Part, class Whole>
void by_pieces(size_t begin, size_t end, size_t piece, Part part, Whole whole) {
    const size_t first = (begin + piece - 1) / piece, last = end / piece;
    if (first >= last) return part(begin, end);
    if (begin < first * piece) part(begin, first * piece);
    for (size_t i = first; i < last; ++i) whole(i);
    if (last * piece < end) part(last * piece, end);
}

IndexRange range_of_part(std::span<const uint32_t> indices, size_t first, size_t count,
                         const Pieces& pieces) {
    if (pieces.indices.size() * Pieces::kIndices < indices.size())
        return range_of(indices.subspan(first, count));
    IndexRange out;
    by_pieces(
        first, first + count, Pieces::kIndices,
        [&](size_t begin, size_t end) {
            out = join(out, range_of(indices.subspan(begin, end - begin)));
        },
        [&](size_t piece) { out = join(out, pieces.indices[piece]); });
    return out;
}

}  // namespace

void Pieces::clear() {
    vertices.clear();
    indices.clear();
}

Pieces pieces_of(std::span<const Vertex> vertices, std::span<const uint32_t> indices) {
    Pieces out;
    for (size_t i = 0; i < vertices.size(); i += Pieces::kVertices)
        out.vertices.push_back(
            bounds_of(vertices.subspan(i, std::min(Pieces::kVertices, vertices.size() - i))));
    for (size_t i = 0; i < indices.size(); i += Pieces::kIndices)
        out.indices.push_back(
            range_of(indices.subspan(i, std::min(Pieces::kIndices, indices.size() - i))));
    return out;
}

Bounds bounds_of(std::span<const Vertex> vertices) {
    Four low = {kFar, kFar, kFar, kFar}, high = -low;
    for (const Vertex& vertex : vertices) {
        const Four at = four_of(vertex);
        low = least(at, low);
        high = greatest(at, high);
    }
    return {low[0], low[1], high[0], high[1]};
}

IndexRange range_of(std::span<const uint32_t> indices) {
#if defined(__x86_64__)
    static const bool wide = __builtin_cpu_supports("avx2") != 0;
    if (wide) return wide_range_of(indices);
#endif
    return eight_by_eight(indices);
}

Bounds bounds_of_named(std::span<const Vertex> vertices, std::span<const uint32_t> indices,
                       size_t first, size_t count, const Pieces& pieces) {
    const auto [begin, end] = range_of_part(indices, first, count, pieces);
    if (pieces.vertices.size() * Pieces::kVertices < vertices.size())
        return bounds_of(vertices.subspan(begin, end - begin));
    Bounds out = kNowhere;
    by_pieces(
        begin, end, Pieces::kVertices,
        [&](size_t from, size_t to) {
            out = around(out, bounds_of(vertices.subspan(from, to - from)));
        },
        [&](size_t piece) { out = around(out, pieces.vertices[piece]); });
    return out;
}

}  // namespace bw::surface
