// SPDX-License-Identifier: Apache-2.0
// Words for a camera's picture: coverage bitmaps made by FreeType, kept per letter. One thread.
#pragma once

#include <beaconwall/service/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace bw::demo_field {

/// White letters with a dark edge, as two coverages over the same pixels.
struct TextBitmap {
    int width = 0, height = 0;
    std::vector<uint8_t> fill, edge;
};

class TextMaker {
  public:
    /// `pixels`: height of a line. The error says which fonts were looked for.
    static base::Result<std::unique_ptr<TextMaker>> open(int pixels);
    TextBitmap make(std::string_view utf8);
    ~TextMaker();

  private:
    TextMaker() = default;
    struct Letter {
        int left = 0, top = 0, width = 0, height = 0, advance = 0;
        std::vector<uint8_t> coverage;
    };
    const Letter& letter(uint32_t code);
    struct Face;
    std::unique_ptr<Face> face_;
    int pixels_ = 0;
    std::map<uint32_t, Letter> letters_;
};

/// Blends the text onto a luma plane with its top left corner at x, y; the caller sees to it that
/// it fits.
void blend_text(const TextBitmap& text, uint8_t* luma, int stride, int x, int y);

}  // namespace bw::demo_field
