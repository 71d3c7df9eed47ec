// SPDX-License-Identifier: Apache-2.0
// What must be drawn again on one display: a few rectangles that together cover all that changed.
#pragma once

#include <cstdint>
#include <vector>

#include "core/wall/scene.h"

namespace bw::compositor {

class Damage {
  public:
    Damage(int width_px, int height_px) : bounds_{0, 0, width_px, height_px} {}
    /// Clipped to the display. Rectangles that overlap much become one.
    void add(const wall::RectPx& rect);
    void add_all();
    [[nodiscard]] bool empty() const { return rects_.empty(); }
    [[nodiscard]] const std::vector<wall::RectPx>& rects() const { return rects_; }
    /// Pixels that were added, each counted once: what changed, without what is drawn beside it.
    [[nodiscard]] uint64_t changed() const { return changed_; }
    void clear();

  private:
    void count(const wall::RectPx& rect);
    wall::RectPx bounds_;
    std::vector<wall::RectPx> rects_;
    std::vector<wall::RectPx> added_;  // overlapping as they came
    uint64_t changed_ = 0;
};

}  // namespace bw::compositor
