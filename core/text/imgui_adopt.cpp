// SPDX-License-Identifier: Apache-2.0
#include "core/text/imgui_adopt.h"

#include <imgui.h>

#include <cstddef>

#if IMGUI_VERSION_NUM < 18300 || IMGUI_VERSION_NUM >= 19200
#error "Dear ImGui of this version keeps its fonts otherwise: teach core/text/imgui_adopt.cpp"
#endif

namespace bw::text {
namespace {

static_assert(sizeof(ImFontGlyph) == sizeof(Glyph));
static_assert(offsetof(ImFontGlyph, AdvanceX) == offsetof(Glyph, advance));
static_assert(offsetof(ImFontGlyph, X0) == offsetof(Glyph, x0));
static_assert(offsetof(ImFontGlyph, U0) == offsetof(Glyph, u0));
static_assert(sizeof(ImWchar) == sizeof(uint16_t));

/// ImGui reads these tables only; the vectors are emptied again before it could free them.
template <class T, class U>
void point(ImVector<T>& vector, std::span<const U> table) {
    static_assert(sizeof(T) == sizeof(U));
    vector.Data = reinterpret_cast<T*>(const_cast<U*>(table.data()));
    vector.Size = vector.Capacity = static_cast<int>(table.size());
}

template <class T>
void forget(ImVector<T>& vector) {
    vector.Data = nullptr;
    vector.Size = vector.Capacity = 0;
}

const ImFontGlyph* as_imgui(const Glyph* glyph) {
    return reinterpret_cast<const ImFontGlyph*>(glyph);
}

void set_ellipsis(ImFont& font, const Face& face) {
    font.FallbackChar = 0xFFFD;
    font.EllipsisChar = face.find(0x2026) != nullptr ? 0x2026 : '.';
#if IMGUI_VERSION_NUM >= 18900
    font.EllipsisCharCount = 1;
    const Glyph* ellipsis = face.find(font.EllipsisChar);
    font.EllipsisWidth = font.EllipsisCharStep = ellipsis != nullptr ? ellipsis->advance : 0;
#else
    font.DotChar = '.';
#endif
}

ImFont* adopt(const Face& face, ImFontAtlas* atlas) {
    auto* font = IM_NEW(ImFont);
    point(font->Glyphs, face.glyphs);
    point(font->IndexLookup, face.index);
    point(font->IndexAdvanceX, face.advances);
    const Glyph* missing = face.find(0xFFFD);
    font->FallbackGlyph = as_imgui(missing);
    font->FallbackAdvanceX = missing->advance;
    font->FontSize = face.size;
    font->Ascent = face.ascent;
    font->Descent = face.descent;
    font->ContainerAtlas = atlas;
    font->DirtyLookupTables = false;
    set_ellipsis(*font, face);
    return font;
}

}  // namespace

AdoptedFonts::AdoptedFonts(const Atlas& atlas) : atlas_(IM_NEW(ImFontAtlas)) {
    atlas_->Flags = ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoBakedLines;
    atlas_->TexWidth = static_cast<int>(atlas.width());
    atlas_->TexHeight = static_cast<int>(atlas.height());
    atlas_->TexUvScale = {1.0f / static_cast<float>(atlas.width()),
                          1.0f / static_cast<float>(atlas.height())};
    atlas_->TexUvWhitePixel = {atlas.white_u(), atlas.white_v()};
    atlas_->TexReady = true;
    for (const Face& face : atlas.faces()) {
        ImFont* font = adopt(face, atlas_);
        fonts_[static_cast<uint32_t>(face.role)] = font;
        atlas_->Fonts.push_back(font);
    }
}

AdoptedFonts::~AdoptedFonts() {
    for (ImFont* font : fonts_) {
        forget(font->Glyphs);
        forget(font->IndexLookup);
        forget(font->IndexAdvanceX);
    }
    IM_DELETE(atlas_);
}

}  // namespace bw::text
