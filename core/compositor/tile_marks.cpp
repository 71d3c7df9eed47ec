// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/tile_marks.h"

#include <algorithm>

namespace bw::compositor {

using text::Role;

void draw_glyph(Pen& pen, Freshness freshness, Point centre, float size, uint32_t rgba) {
    switch (freshness) {
        case Freshness::late:
            return pen.clock_glyph(centre, size, rgba);
        case Freshness::frozen:
            return pen.pause_glyph(centre, size, rgba);
        case Freshness::lost:
            return pen.broken_link_glyph(centre, size, rgba);
        case Freshness::starting:
            return pen.ring_glyph(centre, size, rgba);
        case Freshness::error:
            return pen.fault_glyph(centre, size, rgba);
        case Freshness::none:
            return pen.no_camera_glyph(centre, size, rgba);
        case Freshness::live:
            return;
    }
}

float exercise_tag(Pen& pen, float right, float centre, float height, const char* word, Tag tag) {
    float slant = height * 0.5f, pad = pen.px(7), bar = pen.px(3), gap = pen.px(3);
    float inner = pen.width(Role::caption, word) + 2 * pad + slant;
    float top = centre - height / 2, bottom = centre + height / 2;
    auto band = [&](float x, float w, uint32_t c) {
        pen.quad({{{x + slant, top}, {x + slant + w, top}, {x + w, bottom}, {x, bottom}}}, c);
    };
    float left = right - inner - slant - 2 * (bar + gap);
    band(left, bar, colour::kExercise);
    float body = left + bar + gap;
    const bool solid = tag == Tag::solid;
    band(body, inner - slant,
         solid ? colour::kExercise : colour::with_alpha(colour::kExercise, 0.2));
    pen.text(Role::caption, body + slant / 2 + pad, pen.top_for(Role::caption, centre),
             solid ? colour::kGround : colour::kExercise, word);
    band(body + inner - slant + gap, bar, colour::kExercise);
    return left;
}

void band_stripes(Pen& pen, const wall::RectPx& rect) {
    pen.hatch(rect, pen.px(18), pen.px(6), colour::with_alpha(colour::kExercise, 0.3));
}

namespace {

constexpr float kHalf = 0.70710678f;  // of a step along both axes: 45 degrees

/// A ribbon across a corner: its middle line lies `depth` away from the corner.
struct Ribbon {
    Role role;
    float height, depth;
    /// How far along the edges it reaches from the corner.
    [[nodiscard]] float reach() const { return (depth + height / 2) / kHalf; }
};

Ribbon ribbon(const Pen& pen, Role role, const char* word) {
    const float height = pen.line_height(role) * 1.4f;
    return {role, height, (pen.width(role, word) + pen.px(10) + height) / 2};
}

/// A stripe of that ribbon's direction, `depth` away from the corner.
void stripe(Pen& pen, Point corner, float depth, float height, uint32_t rgba) {
    const float near = (depth - height / 2) / kHalf, far = (depth + height / 2) / kHalf;
    pen.quad({{{corner.x - near, corner.y},
               {corner.x, corner.y - near},
               {corner.x, corner.y - far},
               {corner.x - far, corner.y}}},
             rgba);
}

}  // namespace

void band_ribbon(Pen& pen, const wall::RectPx& area, const char* word) {
    const Point corner{right_of(area), static_cast<float>(area.y + area.height)};
    const auto side = static_cast<float>(std::min(area.width, area.height));
    Ribbon band = ribbon(pen, Role::body, word);
    if (side < 4 * band.reach()) band = ribbon(pen, Role::caption, word);
    if (side < 1.8f * band.reach()) {
        exercise_tag(pen, corner.x - pen.px(8), corner.y - pen.px(17), pen.px(18), word,
                     Tag::solid);
        return;
    }
    stripe(pen, corner, band.depth, band.height, colour::kExercise);
    stripe(pen, corner, band.depth + band.height / 2 + pen.px(4.5), pen.px(3), colour::kExercise);
    const Point middle{corner.x - band.depth * kHalf, corner.y - band.depth * kHalf};
    pen.rising_text(band.role, middle, colour::kGround, word);
}

}  // namespace bw::compositor
