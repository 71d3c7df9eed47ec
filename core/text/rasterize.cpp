// SPDX-License-Identifier: Apache-2.0
#include "core/text/rasterize.h"

#include <ft2build.h>

#include <array>
#include <cmath>
#include <cstring>
#include FT_FREETYPE_H

namespace bw::text {
namespace {

void copy_pixels(const FT_Bitmap& from, Bitmap& to) {
    to.width = from.width;
    to.height = from.rows;
    to.pixels.resize(size_t{to.width} * to.height);
    for (uint32_t row = 0; row < to.height; ++row) {
        const unsigned char* source = from.buffer + ptrdiff_t{from.pitch} * row;
        std::memcpy(to.pixels.data() + size_t{row} * to.width, source, to.width);
    }
}

}  // namespace

FontFiles debian_fonts() {
    // Debian 12 and 13 keep them at the same places. Index 2 of the collections is Simplified
    // Chinese.
    return {
        {"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2, "fonts-noto-cjk"},
        {"/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 2, "fonts-noto-cjk"},
        {"/usr/share/fonts/truetype/roboto/unhinted/RobotoCondensed-Regular.ttf", 0,
         "fonts-roboto-unhinted"},
        {"/usr/share/fonts/truetype/material-design-icons-iconfont/MaterialIcons-Regular.ttf", 0,
         "fonts-material-design-icons-iconfont"},
    };
}

struct Fonts::Impl {
    FT_Library library = nullptr;
    std::array<FT_Face, kFonts> faces{};
    std::array<double, kFonts> em{};
};

base::Result<std::unique_ptr<Fonts>> Fonts::open(const FontFiles& files) {
    std::unique_ptr<Fonts> fonts(new Fonts);
    fonts->impl_ = std::make_unique<Impl>();
    if (FT_Init_FreeType(&fonts->impl_->library) != 0)
        return base::Error{"system", "FreeType does not start"};
    for (size_t i = 0; i < kFonts; ++i) {
        const FontFile& source = files.at(i);
        if (FT_New_Face(fonts->impl_->library, source.path, source.index,
                        &fonts->impl_->faces[i]) != 0)
            return base::Error{"not_found", std::string("cannot read ") + source.path +
                                                ": install the package " + source.package};
    }
    return fonts;
}

Fonts::~Fonts() {
    if (impl_ && impl_->library != nullptr) FT_Done_FreeType(impl_->library);
}

bool Fonts::has(Font font, char32_t code) const {
    return FT_Get_Char_Index(impl_->faces[font], code) != 0;
}

base::Result<Bitmap> Fonts::render(Font font, char32_t code, double em, int lift) {
    FT_Face face = impl_->faces[font];
    if (impl_->em[font] != em) {
        FT_Set_Char_Size(face, 0, static_cast<FT_F26Dot6>(std::lround(em * 64)), 72, 72);
        impl_->em[font] = em;
    }
    if (FT_Load_Char(face, code, FT_LOAD_TARGET_LIGHT | FT_LOAD_RENDER) != 0)
        return base::Error{"invalid", "FreeType cannot draw U+" + std::to_string(code)};
    FT_GlyphSlot slot = face->glyph;
    Bitmap bitmap;
    bitmap.code = code;
    bitmap.advance = static_cast<float>(std::lround(double(slot->linearHoriAdvance) / 65536.0));
    bitmap.left = slot->bitmap_left;
    bitmap.top = slot->bitmap_top + lift;
    copy_pixels(slot->bitmap, bitmap);
    return bitmap;
}

}  // namespace bw::text
