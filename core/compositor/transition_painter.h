// SPDX-License-Identifier: Apache-2.0
// Draws the steps of a transition: from the old picture of each display and the new one, which goes
// on being composed, a third that is shown. One GL context, one thread.
#pragma once

#include <optional>
#include <vector>

#include "core/compositor/damage.h"
#include "core/compositor/gl_program.h"
#include "core/compositor/transition.h"

namespace bw::compositor {

class TransitionPainter {
  public:
    explicit TransitionPainter(const config::Wall& wall) : wall_(wall) {}

    [[nodiscard]] bool running() const { return plan_.has_value(); }
    /// `before`: the displays as they were; `shown`: canvases of their sizes to draw on. It keeps
    /// both. One that runs already ends at once.
    void begin(TransitionPlan plan, std::vector<Canvas> before, std::vector<Canvas> shown);
    void end();
    /// Draws what one is to see at `seen_ns`. `after`: the new scene as it is now, of which `fresh`
    /// was just composed. Adds what it drew to `drawn` (one per display). False: it is over.
    bool step(const std::vector<Canvas>& after, const std::vector<Damage>& fresh, int64_t seen_ns,
              std::vector<Damage>& drawn);
    [[nodiscard]] const std::vector<Canvas>& shown() const { return shown_; }

  private:
    base::Status make_program();
    void leave_holes();
    void stay(size_t display, const Canvas& after, const Damage& changed, Damage& drawn);
    void fade(size_t display, const Canvas& after, double share);
    void push(size_t display, const Canvas& after, double share);
    void move(const std::vector<Canvas>& after, double share, std::vector<Damage>& drawn);

    const config::Wall& wall_;
    std::optional<TransitionPlan> plan_;
    std::vector<Canvas> before_, shown_;
    std::vector<Damage> moved_;  // where the movers were drawn last, per display
    GlProgram program_;
    GLint rect_ = -1, canvas_ = -1, share_ = -1;
    GlVertexArray empty_array_;
};

}  // namespace bw::compositor
