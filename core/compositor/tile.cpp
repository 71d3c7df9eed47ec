// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/tile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/compositor/geometry.h"
#include "core/compositor/tile_marks.h"
#include "core/compositor/words.h"

namespace bw::compositor {

using text::Role;
using wall::RectPx;

namespace {

bool marked(Freshness f) {
    return f == Freshness::late || f == Freshness::frozen || f == Freshness::lost;
}

const char* word_for(const TileLook& look) {
    const Words& w = words(look.language);
    switch (look.freshness) {
        case Freshness::late:
            return w.late;
        case Freshness::frozen:
            return w.frozen;
        case Freshness::lost:
            return w.lost;
        case Freshness::starting:
            return look.is_source ? w.connecting : w.starting;
        case Freshness::error:
            return look.is_source ? w.source_fault : w.panel_fault;
        case Freshness::none:
            return w.no_recording;
        case Freshness::live:
            break;
    }
    return "";
}

// Glyph, word and age, right-aligned at `right`. Returns the left end. What does not fit in
// `max_width` is left out: the word first, then the age; the glyph always stays.
float mark_in_strip(Pen& pen, const TileLook& look, float right, float centre, float max_width) {
    float size = pen.px(16), gap = pen.px(6);
    // The plate on a lost picture says the word already.
    std::string label =
        look.freshness == Freshness::lost && !look.strip.empty() ? "" : word_for(look);
    if (!look.age.empty()) label += (label.empty() ? "" : " ") + look.age;
    if (pen.width(Role::caption, label) + size + gap > max_width) label = look.age;
    if (pen.width(Role::caption, label) + size + gap > max_width) label.clear();
    float x = right - pen.width(Role::caption, label);
    if (!label.empty())
        pen.text(Role::caption, x, pen.top_for(Role::caption, centre), colour::kText, label);
    else
        gap = 0;
    x -= gap + size;
    draw_glyph(pen, look.freshness, {x + size / 2, centre}, size, colour::kText);
    return x;
}

// A caption that is too narrow for both keeps the name; the word goes onto the picture.
bool says_band_in_strip(const Pen& pen, const TileLook& look) {
    const char* word = band_word(look.band, look.language);
    return look.band_word && pen.width(Role::caption, word) + pen.px(36) <
                                 0.45f * static_cast<float>(look.strip.width);
}

bool says_band_in_content(const Pen& pen, const TileLook& look) {
    return look.band != Band::none && look.band_word && !says_band_in_strip(pen, look);
}

void draw_caption(Pen& pen, const TileLook& look) {
    pen.fill({look.strip.x, look.strip.y + look.strip.height - 1, look.strip.width, 1},
             colour::kLine);
    pen.clip(look.strip);
    float pad = pen.px(8), centre = centre_y(look.strip);
    float left = static_cast<float>(look.strip.x) + pad, right = right_of(look.strip) - pad;
    if (look.band != Band::none) {
        band_stripes(pen, look.strip);
        if (says_band_in_strip(pen, look))
            right = exercise_tag(pen, right, centre, pen.px(20),
                                 band_word(look.band, look.language), Tag::solid) -
                    pen.px(10);
    }
    if (look.exercise) {
        right =
            exercise_tag(pen, right, centre, pen.px(18), words(look.language).exercise, Tag::calm) -
            pen.px(10);
    }
    if (marked(look.freshness))
        right = mark_in_strip(pen, look, right, centre, (right - left) * 0.7f) - pen.px(10);
    if (!look.page.empty()) {
        right -= pen.width(Role::caption, look.page);
        pen.text(Role::caption, right, pen.top_for(Role::caption, centre), colour::kText3,
                 look.page);
        right -= pen.px(10);
    }
    if (look.id.empty() && look.name.empty()) return;
    auto bar_width = std::max(2, static_cast<int>(pen.px(3)));
    auto bar_height = static_cast<int>(pen.px(14));
    pen.fill(
        {static_cast<int>(left), static_cast<int>(centre) - bar_height / 2, bar_width, bar_height},
        colour::kText3);
    left += static_cast<float>(bar_width) + pen.px(7);
    float top = pen.top_for(Role::caption, centre);
    std::string id = pen.fit(Role::caption, look.id, std::max(0.0f, right - left));
    if (!id.empty()) left += pen.text(Role::caption, left, top, colour::kText, id) + pen.px(9);
    std::string name = pen.fit(Role::caption, look.name, std::max(0.0f, right - left));
    pen.text(Role::caption, left, top, look.id.empty() ? colour::kText : colour::kText2, name);
}

struct Line {
    Role role;
    uint32_t rgba;
    std::string text, shorter = {};  // shorter: says less where `text` does not fit
};

// As much of a line as fits: all of it, the shorter text, either one smaller, at last cut.
void fit_line(const Pen& pen, Line& line, float room) {
    for (const Role role : {line.role, Role::body, Role::caption}) {
        for (const std::string* text : {&line.text, &line.shorter}) {
            if (text->empty() || role > line.role || pen.width(role, *text) > room) continue;
            line.text = *text;
            line.role = role;
            return;
        }
    }
    line.role = Role::caption;
    line.text = pen.fit(Role::caption, line.shorter.empty() ? line.text : line.shorter, room);
}

// A calm block in the middle of the content: a glyph and lines below each other, on a plate.
void draw_plate(Pen& pen, const TileLook& look, std::vector<Line> lines, bool plate) {
    std::erase_if(lines, [](const Line& line) { return line.text.empty(); });
    const RectPx& area = look.content;
    float glyph = pen.px(34), gap = pen.px(10), pad = pen.px(18);
    if (static_cast<float>(area.height) < pen.px(120)) {
        glyph = pen.px(22);
        gap = pen.px(4);
        pad = pen.px(8);
    }
    const float room = static_cast<float>(area.width) - 2 * pad - pen.px(4);
    for (Line& line : lines) fit_line(pen, line, std::max(room, 1.0f));
    auto height = [&] {
        float h = glyph + gap;
        for (const Line& line : lines) h += pen.line_height(line.role);
        return h;
    };
    // A small tile says less: the last lines go first, the word stays.
    while (lines.size() > 1 && height() + 2 * pad > static_cast<float>(area.height))
        lines.pop_back();
    float width = glyph;
    for (const Line& line : lines) width = std::max(width, pen.width(line.role, line.text));
    float cx = static_cast<float>(area.x) + static_cast<float>(area.width) / 2;
    float y = centre_y(area) - height() / 2;
    RectPx card{static_cast<int>(cx - width / 2 - pad), static_cast<int>(y - pad),
                static_cast<int>(width + 2 * pad), static_cast<int>(height() + 2 * pad)};
    card = wall::intersect(card, area);
    if (plate) {
        pen.fill(card, colour::with_alpha(colour::kTile, 0.94));
        pen.frame(card, std::max(1, static_cast<int>(pen.px(1))), colour::kLine);
    }
    draw_glyph(pen, look.freshness, {cx, y + glyph / 2}, glyph,
               look.freshness == Freshness::starting || look.freshness == Freshness::none
                   ? colour::kText3
                   : colour::kText);
    y += glyph + gap;
    for (const Line& line : lines) {
        pen.text(line.role, cx - pen.width(line.role, line.text) / 2, y, line.rgba, line.text);
        y += pen.line_height(line.role);
    }
}

void hatch_over(Pen& pen, const RectPx& rect) {
    pen.hatch(rect, pen.px(14), std::max(1.0f, pen.px(1.4)),
              colour::with_alpha(colour::kText2, 0.34));
}

void draw_lost(Pen& pen, const TileLook& look) {
    pen.fill(look.content, colour::with_alpha(colour::kGround, 0.55));
    hatch_over(pen, look.content);
    const std::string word = word_for(look);
    const std::string head = look.age.empty() ? word : word + "  " + look.age;
    draw_plate(pen, look,
               {{Role::body, colour::kText, head, word},
                {Role::caption, colour::kText2, look.reason},
                {Role::caption, colour::kText2, look.next}},
               true);
}

void draw_no_recording(Pen& pen, TileLook look) {
    // On a small tile the band's word lies along the foot.
    if (says_band_in_content(pen, look) && static_cast<float>(look.content.height) < pen.px(110))
        look.content.height = std::max(0, look.content.height - static_cast<int>(pen.px(28)));
    draw_plate(pen, look, {{Role::body, colour::kText2, word_for(look)}}, false);
}

void draw_error(Pen& pen, const TileLook& look) {
    std::string since =
        look.since.empty() ? "" : std::string(words(look.language).since) + " " + look.since;
    draw_plate(pen, look,
               {{Role::title, colour::kText, word_for(look)},
                {Role::body, colour::kText2, look.reason},
                {Role::caption, colour::kText3, look.next},
                {Role::caption, colour::kText3, since}},
               false);
}

// Tiles without a strip carry their mark on a small plate in the top right corner.
void draw_badge(Pen& pen, const TileLook& look) {
    float height = pen.px(24), pad = pen.px(7), inset = pen.px(5);
    float right = right_of(look.content) - inset - pad;
    float centre = static_cast<float>(look.content.y) + inset + height / 2;
    std::string label = word_for(look);
    if (!look.age.empty()) label += " " + look.age;
    float width = pen.width(Role::caption, label) + pen.px(22);
    width = std::min(width, static_cast<float>(look.content.width) - 2 * (inset + pad));
    RectPx plate{static_cast<int>(right - width - pad), static_cast<int>(centre - height / 2),
                 static_cast<int>(width + 2 * pad), static_cast<int>(height)};
    pen.fill(plate, colour::with_alpha(colour::kTile, 0.92));
    pen.frame(plate, 1, colour::kLine);
    mark_in_strip(pen, look, right, centre, width + 1);
}

// What a tile without a strip says in its corners: mark, page, exercise.
void draw_corners(Pen& pen, const TileLook& look) {
    if (!look.strip.empty()) return;
    const float foot =
        static_cast<float>(look.content.y + look.content.height) - pen.px(17);  // centre line
    if (look.freshness == Freshness::late || look.freshness == Freshness::frozen)
        draw_badge(pen, look);
    if (!look.page.empty()) {
        const RectPx plate{look.content.x + static_cast<int>(pen.px(5)),
                           static_cast<int>(foot - pen.px(10)),
                           static_cast<int>(pen.width(Role::caption, look.page) + pen.px(14)),
                           static_cast<int>(pen.px(20))};
        pen.fill(plate, colour::with_alpha(colour::kTile, 0.92));
        pen.text(Role::caption, static_cast<float>(plate.x) + pen.px(7),
                 pen.top_for(Role::caption, foot), colour::kText2, look.page);
    }
    if (look.exercise)  // solid: it may lie on any picture
        exercise_tag(pen, right_of(look.content) - pen.px(8), foot, pen.px(18),
                     words(look.language).exercise, Tag::solid);
}

void draw_over(Pen& pen, const TileLook& look) {
    pen.clip(look.content);
    switch (look.freshness) {
        case Freshness::live:
        case Freshness::late:
            break;
        case Freshness::frozen: {
            int third = look.content.height / 3;
            hatch_over(pen, {look.content.x, look.content.y + look.content.height - third,
                             look.content.width, third});
            break;
        }
        case Freshness::lost:
            draw_lost(pen, look);
            break;
        case Freshness::none:
            draw_no_recording(pen, look);
            break;
        case Freshness::starting:
            draw_plate(pen, look, {{Role::body, colour::kText2, word_for(look)}}, false);
            break;
        case Freshness::error:
            draw_error(pen, look);
            break;
    }
    if (says_band_in_content(pen, look))
        band_ribbon(pen, look.content, band_word(look.band, look.language));
    draw_corners(pen, look);
}

// All of the tile that is neither caption nor picture. At a bezel the picture goes on: no line.
void draw_edge(Pen& pen, const TileLook& look) {
    for (const RectPx& side : uncovered(look.tile, {look.strip, look.content}))
        pen.fill(side, look.band == Band::none ? colour::kLine : colour::kExercise);
}

}  // namespace

Band band_of(const std::optional<wall::SceneSpace>& space) {
    if (!space) return Band::none;
    return space->kind == wall::SceneSpace::Kind::replay ? Band::replay : Band::exercise;
}

const char* band_word(Band band, const std::string& language) {
    const Words& w = words(language);
    return band == Band::none ? "" : band == Band::replay ? w.replay : w.exercise;
}

Furniture draw_tile(const TileLook& look, const text::Atlas& atlas) {
    Furniture out;
    out.look = look;
    out.drawn = true;
    out.blank = look.freshness == Freshness::error || !look.has_picture;
    {
        Pen pen(atlas, out.frame, look.unit_px);
        if (look.edge) draw_edge(pen, look);
        if (!look.strip.empty()) draw_caption(pen, look);
    }
    {
        Pen pen(atlas, out.over, look.unit_px);
        draw_over(pen, look);
    }
    return out;
}

}  // namespace bw::compositor
