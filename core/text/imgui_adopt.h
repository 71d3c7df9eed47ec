// SPDX-License-Identifier: Apache-2.0
// Baked faces as Dear ImGui fonts, without copying a glyph. The only file that knows ImGui's
// internals; it speaks 1.83 to 1.91, where fonts are static tables.
#pragma once

#include <array>

#include "core/text/atlas.h"

struct ImFont;
struct ImFontAtlas;

namespace bw::text {

/// Fonts by role inside one ImFontAtlas. The Atlas's bytes must outlive it.
class AdoptedFonts {
  public:
    explicit AdoptedFonts(const Atlas& atlas);
    ~AdoptedFonts();
    AdoptedFonts(const AdoptedFonts&) = delete;
    AdoptedFonts& operator=(const AdoptedFonts&) = delete;

    /// For ImGui::CreateContext; stays this object's. Its texture id is 0.
    [[nodiscard]] ImFontAtlas* atlas() { return atlas_; }
    [[nodiscard]] ImFont* font(Role role) const { return fonts_[static_cast<uint32_t>(role)]; }

  private:
    ImFontAtlas* atlas_ = nullptr;
    std::array<ImFont*, kRoles> fonts_{};
};

}  // namespace bw::text
