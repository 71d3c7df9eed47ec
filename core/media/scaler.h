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

/// The largest size of the picture's shape inside `box`; at least 1x1.
Size fit_inside(Size picture, Size box);
/// Bytes of an I420 picture with packed rows.
size_t i420_bytes(Size size);

class Scaler {
  public:
    /// Writes `picture` in `kind` (rgba or i420) into `out`, no larger than `box` for rgba; for
    /// i420 at its own size where it fits into `out`, else inside `box`. Gives a slot header with
    /// kind, size, stride and bytes; nothing if not even that fits.
    std::optional<surface::SlotHeader> write(const PictureView& picture, surface::SlotKind kind,
                                             Size box, std::span<std::byte> out);

  private:
    PictureView scaled(const PictureView& picture, Size size, uint8_t* into);
    std::vector<uint8_t> scratch_;
};

}  // namespace bw::media
