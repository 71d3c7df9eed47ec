// SPDX-License-Identifier: Apache-2.0
#include "camera_text.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <array>
#include <string>

namespace bw::demo_field {
namespace {

/// Where a pixel stands in rows of that many.
size_t cell(int x, int y, int row) {
    return static_cast<size_t>(y) * static_cast<size_t>(row) + static_cast<size_t>(x);
}

struct Font {
    const char* path;
    long face;
};
/// Face 2 of Debian's collection is the one for Simplified Chinese.
constexpr std::array<Font, 3> kFonts = {{
    {"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2},
    {"/usr/share/fonts/opentype/noto/NotoSansCJK-Medium.ttc", 2},
    {"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0},
}};
constexpr int kEdge = 2;  // pixels of margin for the dark edge

std::vector<uint32_t> letters_of(std::string_view utf8) {
    std::vector<uint32_t> out;
    for (size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<uint8_t>(utf8[i]);
        const size_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        uint32_t code = more == 0 ? lead : lead & (0x3FU >> more);
        for (size_t k = 1; k <= more && i + k < utf8.size(); ++k)
            code = code << 6 | (static_cast<uint8_t>(utf8[i + k]) & 0x3FU);
        out.push_back(code);
        i += more + 1;
    }
    return out;
}

/// The largest coverage around each pixel, softened at the corners.
std::vector<uint8_t> grown(const std::vector<uint8_t>& fill, int width, int height) {
    std::vector<uint8_t> edge(fill.size());
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            int most = 0;
            for (int dy = -kEdge; dy <= kEdge; ++dy)
                for (int dx = -kEdge; dx <= kEdge; ++dx) {
                    const int far = dx * dx + dy * dy;
                    const int sx = x + dx, sy = y + dy;
                    if (far > 5 || sx < 0 || sy < 0 || sx >= width || sy >= height) continue;
                    most = std::max(most, fill[cell(sx, sy, width)] * (7 - far) / 7);
                }
            edge[cell(x, y, width)] = static_cast<uint8_t>(most * 3 / 4);
        }
    return edge;
}

}  // namespace

struct TextMaker::Face {
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    ~Face() {
        if (face != nullptr) FT_Done_Face(face);
        if (library != nullptr) FT_Done_FreeType(library);
    }
};

TextMaker::~TextMaker() = default;

base::Result<std::unique_ptr<TextMaker>> TextMaker::open(int pixels) {
    std::unique_ptr<TextMaker> maker(new TextMaker);
    maker->face_ = std::make_unique<Face>();
    maker->pixels_ = pixels;
    if (FT_Init_FreeType(&maker->face_->library) != 0)
        return base::Error{"system", "FreeType does not start"};
    for (const Font& font : kFonts) {
        if (FT_New_Face(maker->face_->library, font.path, font.face, &maker->face_->face) != 0)
            continue;
        FT_Set_Pixel_Sizes(maker->face_->face, 0, static_cast<FT_UInt>(pixels * 3 / 4));
        return maker;
    }
    return base::Error{"not_found",
                       std::string("no font for the cameras' words; looked for ") + kFonts[0].path};
}

const TextMaker::Letter& TextMaker::letter(uint32_t code) {
    const auto found = letters_.find(code);
    if (found != letters_.end()) return found->second;
    Letter& made = letters_[code];
    if (FT_Load_Char(face_->face, code, FT_LOAD_RENDER) != 0) return made;
    const FT_GlyphSlot slot = face_->face->glyph;
    made.left = slot->bitmap_left;
    made.top = slot->bitmap_top;
    made.width = static_cast<int>(slot->bitmap.width);
    made.height = static_cast<int>(slot->bitmap.rows);
    made.advance = static_cast<int>(slot->advance.x >> 6);
    for (int y = 0; y < made.height; ++y)
        for (int x = 0; x < made.width; ++x)
            made.coverage.push_back(slot->bitmap.buffer[y * slot->bitmap.pitch + x]);
    return made;
}

TextBitmap TextMaker::make(std::string_view utf8) {
    const auto codes = letters_of(utf8);
    TextBitmap text;
    text.width = 2 * kEdge;
    for (const uint32_t code : codes) text.width += letter(code).advance;
    text.height = pixels_ + 2 * kEdge;
    text.fill.resize(cell(0, text.height, text.width));
    int pen = kEdge;
    for (const uint32_t code : codes) {
        const Letter& one = letter(code);
        for (int y = 0; y < one.height; ++y)
            for (int x = 0; x < one.width; ++x) {
                const int tx = pen + one.left + x, ty = kEdge + pixels_ * 3 / 4 - one.top + y;
                if (tx < 0 || ty < 0 || tx >= text.width || ty >= text.height) continue;
                auto& to = text.fill[cell(tx, ty, text.width)];
                to = std::max(to, one.coverage[cell(x, y, one.width)]);
            }
        pen += one.advance;
    }
    text.edge = grown(text.fill, text.width, text.height);
    return text;
}

void blend_text(const TextBitmap& text, uint8_t* luma, int stride, int x, int y) {
    for (int row = 0; row < text.height; ++row)
        for (int column = 0; column < text.width; ++column) {
            const auto at = cell(column, row, text.width);
            if (text.edge[at] == 0) continue;
            uint8_t& to = luma[(y + row) * stride + x + column];
            const int dark = to + (16 - to) * text.edge[at] / 255;
            to = static_cast<uint8_t>(dark + (232 - dark) * text.fill[at] / 255);
        }
}

}  // namespace bw::demo_field
