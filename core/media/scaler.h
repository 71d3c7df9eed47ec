// SPDX-License-Identifier: Apache-2.0
// Brings a decoded picture to the size and format that a surface wants (libyuv). One thread at a
// time; the scratch memory grows to the largest size seen and is then reused for every picture.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/media/picture.h"
#include "core/surface/layout.h"

namespace bw::media {

struct Size {
    int width = 0, height = 0;
    bool operator==(const Size&) const = default;
};

/// How a picture meets the box it is wanted for. What is cut is cut here, so that no pixel is
/// scaled, converted or copied that nobody sees.
struct Shape {
    surface::Fit fit = surface::Fit::contain;
    double focus_x = 0.5, focus_y = 0.5;  // cover: stays in sight; shares of the picture, 0..1
    bool operator==(const Shape&) const = default;
};
/// The part of `picture` that covers `box` without stretching: as large as can be, its focus as
/// near the middle as the edges allow, its corner on even pixels.
PictureView cut_to(const PictureView& picture, Size box, const Shape& shape);

/// The largest size of the picture's shape inside `box`; at least 1x1.
Size fit_inside(Size picture, Size box);
/// Bytes of an I420 picture with packed rows.
size_t i420_bytes(Size size);

/// A picture of packed pixels B, G, R, x, as I420 of its own memory (BT.601, limited range). Sides
/// of at least 1.
HeldPicture from_bgrx(const uint8_t* pixels, int stride, Size size);

class Scaler {
  public:
    /// Writes `picture` in `kind` (rgba or i420) into `out`: as rgba just as large as `shape` needs
    /// it for `box`; as i420 whole and at its own size where that fits into `out` (a shader does
    /// the rest), else as rgba. Gives a slot header with kind, size, stride and bytes; nothing if
    /// not even that fits.
    std::optional<surface::SlotHeader> write(const PictureView& picture, surface::SlotKind kind,
                                             Size box, std::span<std::byte> out,
                                             const Shape& shape = {});

  private:
    PictureView scaled(const PictureView& picture, Size size, uint8_t* into);
    std::vector<uint8_t> scratch_;
};

}  // namespace bw::media
