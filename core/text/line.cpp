// SPDX-License-Identifier: Apache-2.0
// Measuring, cutting and drawing lines of text with a baked face.
#include <algorithm>
#include <cmath>

#include "core/text/atlas.h"

namespace bw::text {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// One code point from the front of `rest`, which it takes off; U+FFFD for one bad byte.
char32_t next(std::string_view& rest) {
    auto byte = [&](size_t i) { return static_cast<unsigned char>(rest[i]); };
    unsigned char lead = byte(0);
    size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    char32_t code = lead < 0x80 ? lead : lead & (0x7F >> length);
    bool good = lead < 0x80 || (lead >= 0xC2 && lead <= 0xF4 && rest.size() >= length);
    for (size_t i = 1; good && i < length; ++i) {
        good = (byte(i) & 0xC0) == 0x80;
        code = code << 6 | (byte(i) & 0x3F);
    }
    constexpr char32_t kSmallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    good = good && code >= kSmallest[length] && code <= 0x10FFFF &&
           !(code >= 0xD800 && code <= 0xDFFF);
    rest.remove_prefix(good ? length : 1);
    return good ? code : kReplacement;
}

const Glyph& glyph_or_replacement(const Face& face, char32_t code) {
    const Glyph* glyph = face.find(code);
    return glyph != nullptr ? *glyph : *face.find(kReplacement);
}

void push_quad(const Glyph& g, surface::DrawList& list, float x, float y, float factor,
               uint32_t rgba) {
    auto first = static_cast<uint32_t>(list.vertices.size());
    float x0 = x + g.x0 * factor, y0 = y + g.y0 * factor;
    float x1 = x + g.x1 * factor, y1 = y + g.y1 * factor;
    list.vertices.push_back({x0, y0, g.u0, g.v0, rgba});
    list.vertices.push_back({x1, y0, g.u1, g.v0, rgba});
    list.vertices.push_back({x1, y1, g.u1, g.v1, rgba});
    list.vertices.push_back({x0, y1, g.u0, g.v1, rgba});
    for (uint32_t corner : {0u, 1u, 2u, 0u, 2u, 3u}) list.indices.push_back(first + corner);
}

surface::DrawCommand& open_command(surface::DrawList& list) {
    auto end = static_cast<uint32_t>(list.indices.size());
    if (!list.commands.empty()) {
        surface::DrawCommand& last = list.commands.back();
        if (last.video < 0 && last.texture == 0 && last.first_index + last.count == end)
            return last;
    }
    return list.commands.emplace_back(
        surface::DrawCommand{-kNoClip, -kNoClip, kNoClip, kNoClip, 0, end, 0, -1});
}

}  // namespace

std::u32string decode(std::string_view utf8) {
    std::u32string codes;
    while (!utf8.empty()) codes.push_back(next(utf8));
    return codes;
}

Extent measure(const Face& face, std::string_view utf8, float factor) {
    float width = 0, widest = 0;
    int lines = 1;
    while (!utf8.empty()) {
        char32_t code = next(utf8);
        if (code == U'\n') {
            widest = std::max(widest, width);
            width = 0;
            ++lines;
        } else {
            width += glyph_or_replacement(face, code).advance;
        }
    }
    return {std::max(widest, width) * factor, face.size * factor * static_cast<float>(lines)};
}

float draw(const Atlas& atlas, const Face& face, surface::DrawList& list, float x, float y,
           uint32_t rgba, std::string_view utf8, float factor) {
    (void)atlas;
    if (factor == 1) {  // whole pixels keep the baked glyphs sharp
        x = std::round(x);
        y = std::round(y);
    }
    surface::DrawCommand& command = open_command(list);
    size_t before = list.indices.size();
    float pen = x;
    while (!utf8.empty()) {
        const Glyph& glyph = glyph_or_replacement(face, next(utf8));
        if (glyph.visible()) push_quad(glyph, list, pen, y, factor, rgba);
        pen += glyph.advance * factor;
    }
    command.count += static_cast<uint32_t>(list.indices.size() - before);
    return pen - x;
}

std::string fit(const Face& face, std::string_view utf8, float max_width, float factor) {
    if (measure(face, utf8, factor).width <= max_width) return std::string(utf8);
    float room = max_width - glyph_or_replacement(face, U'…').advance * factor;
    if (room < 0) return "";
    std::string_view rest = utf8;
    float width = 0;
    size_t kept = 0;
    while (!rest.empty()) {
        width += glyph_or_replacement(face, next(rest)).advance * factor;
        if (width > room) break;
        kept = utf8.size() - rest.size();
    }
    while (kept > 0 && utf8[kept - 1] == ' ') --kept;
    return std::string(utf8.substr(0, kept)) + "…";
}

}  // namespace bw::text
