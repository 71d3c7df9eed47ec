// SPDX-License-Identifier: Apache-2.0
// Shapes that tiles and wall strips share.
#pragma once

#include "core/compositor/freshness.h"
#include "core/compositor/pen.h"

namespace bw::compositor {

inline float centre_y(const wall::RectPx& r) {
    return static_cast<float>(r.y) + static_cast<float>(r.height) / 2;
}
inline float right_of(const wall::RectPx& r) {
    return static_cast<float>(r.x + r.width);
}

/// The glyph of a state, `size` pixels across; live has none.
void draw_glyph(Pen& pen, Freshness freshness, Point centre, float size, uint32_t rgba);

/// The exercise tag: a slanted band with slanted strokes before and after its word. Ends at
/// `right`; returns its left end.
enum class Tag { calm, solid };
float exercise_tag(Pen& pen, float right, float centre, float height, const char* word, Tag tag);

/// The ground of a caption or of the wall strip in a space: diagonal stripes, calm enough to read
/// what stands on them.
void band_stripes(Pen& pen, const wall::RectPx& rect);
/// The band of a tile without a caption: solid, across its lower right corner, with its word. On a
/// tile that is too small for it the solid tag stands there.
void band_ribbon(Pen& pen, const wall::RectPx& area, const char* word);

}  // namespace bw::compositor
