// SPDX-License-Identifier: Apache-2.0
// Draws the displays of the scene that comes next before it is taken, on canvases of its own and in
// steps that fit between two frames: the take then exchanges canvases and draws only what changed
// since. One GL context, one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "core/compositor/damage.h"
#include "core/compositor/painter.h"

namespace bw::compositor {

class Ahead {
  public:
    Ahead(const WallContext& context, Painter& painter) : context_(context), painter_(painter) {}

    /// The stage to draw; null: none. Another one than before begins anew, on the same canvases.
    /// It must live until the next aim() or exchange().
    void aim(const Stage* stage);
    /// What of that stage changed on the displays.
    void damage(const std::vector<Dirty>& dirty);
    /// A step can be done now. The displays wait until the stage has all its pictures.
    [[nodiscard]] bool wants() const;
    /// Every display has been drawn.
    [[nodiscard]] bool done() const {
        return stage_ != nullptr && bands_.empty() && !lacks_canvas();
    }
    /// Draws some milliseconds' worth; returns when it is drawn. `strips`: one per display.
    void step(const std::vector<Strip>& strips, std::vector<uint64_t>& written);

    /// If `stage` has been begun: exchanges its canvases for `canvases`, sets `damage` to what must
    /// be drawn on them yet or again, and keeps the others to draw on. False: nothing was changed.
    bool exchange(const Stage& stage, std::vector<Canvas>& canvases, std::vector<Damage>& damage);
    /// After exchange(): the canvases that were shown before.
    std::vector<Canvas> release() { return std::move(canvases_); }
    /// Canvases for a transition to be drawn on, made ahead if the stage wished for one; or empty.
    std::vector<Canvas> release_third() { return std::move(third_); }
    /// The wall has other displays.
    void reset();

  private:
    struct Band {
        size_t display;
        wall::RectPx rect;
    };
    void begin();
    [[nodiscard]] bool lacks_canvas() const;
    void make_canvas();
    void draw_band(const std::vector<Strip>& strips, std::vector<uint64_t>& written);

    const WallContext& context_;
    Painter& painter_;
    const Stage* stage_ = nullptr;
    uint64_t serial_ = 0;  // of the stage: another one may come to lie at its address
    std::vector<Canvas> canvases_, third_;
    std::vector<Damage> damage_;
    std::vector<Band> bands_;  // not drawn yet, the next one last
    Plan plan_;
};

}  // namespace bw::compositor
