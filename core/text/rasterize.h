// SPDX-License-Identifier: Apache-2.0
// FreeType: code points to bitmaps.
#pragma once

#include <memory>
#include <vector>

#include "core/base/result.h"

namespace bw::text {

struct Bitmap {
    char32_t code = 0;
    float advance = 0;
    int left = 0, top = 0;  // of the bitmap: right of the pen, above the baseline
    uint32_t width = 0, height = 0;
    std::vector<std::byte> pixels;  // width * height, A8
};

struct FontFile {
    const char* path;
    long index;  // in a collection
    const char* package;
};
using FontFiles = std::vector<FontFile>;
/// By Fonts::Font, where Debian puts them.
FontFiles debian_fonts();

/// One FreeType library for a bake.
class Fonts {
  public:
    /// "not_found" names the package of a file that cannot be read.
    static base::Result<std::unique_ptr<Fonts>> open(const FontFiles& files);
    ~Fonts();
    Fonts(const Fonts&) = delete;
    Fonts& operator=(const Fonts&) = delete;

    enum Font { noto_regular, noto_bold, condensed, icons, kFonts };
    [[nodiscard]] bool has(Font font, char32_t code) const;
    /// Whole-pixel advance, hinted vertically. `lift` raises it, in pixels.
    base::Result<Bitmap> render(Font font, char32_t code, double em, int lift = 0);

  private:
    Fonts() = default;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace bw::text
