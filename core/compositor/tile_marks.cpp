// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/tile_marks.h"

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

}  // namespace bw::compositor
