// SPDX-License-Identifier: Apache-2.0
// What must be drawn again on one display: a few rectangles that together cover all that changed.
#pragma once

#include <vector>

#include "core/wall/scene.h"

namespace bw::compositor {

class Damage {
  public:
    Damage(int width_px, int height_px) : bounds_{0, 0, width_px, height_px} {}
    /// Clipped to the display. Rectangles that overlap much become one.
    void add(const wall::RectPx& rect);
    void add_all() { rects_.assign(1, bounds_); }
    [[nodiscard]] bool empty() const { return rects_.empty(); }
    [[nodiscard]] const std::vector<wall::RectPx>& rects() const { return rects_; }
    void clear() { rects_.clear(); }

  private:
    wall::RectPx bounds_;
    std::vector<wall::RectPx> rects_;
};

}  // namespace bw::compositor
