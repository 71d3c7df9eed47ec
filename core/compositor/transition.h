// SPDX-License-Identifier: Apache-2.0
// How one scene becomes the next on the displays. Pure: which parts stand still, which panes move,
// how far it has come. Drawn by transition_painter.
#pragma once

#include <cstdint>
#include <vector>

#include "core/compositor/stage.h"

namespace bw::compositor {

/// A pane of both scenes that changes its place.
struct Mover {
    wall::RectMm from, to;
    std::vector<Placement> old_places, new_places;
};

struct TransitionPlan {
    config::Transition transition;
    int64_t start_ns = 0;                           // CLOCK_MONOTONIC
    std::vector<std::vector<wall::RectPx>> still;   // per display: panes of both scenes, the strip
    std::vector<std::vector<wall::RectPx>> moving;  // per display: all the rest
    std::vector<Mover> movers;

    /// 0..1 at the moment when a frame is seen; 1: it is over.
    [[nodiscard]] double share(int64_t seen_ns) const;
};

/// The same thing is shown by both: its picture need not go.
bool same_content(const wall::ScenePane& a, const wall::ScenePane& b);

/// What a take from one scene to another may have of the transition that was wished for: between
/// two spaces it is a cut, for no picture is ever of both.
config::Transition transition_between(const config::Transition& wished, const wall::Scene& before,
                                      const wall::Scene& after);

TransitionPlan plan_transition(const config::Transition& transition, const Stage& before,
                               const Stage& after, const config::Wall& wall, int64_t start_ns);

/// Slow at both ends.
double eased(double share);
wall::RectMm between(const wall::RectMm& from, const wall::RectMm& to, double share);

/// What of a mover's new picture is drawn where on a display while it is at `now`.
struct MovedPicture {
    size_t display;  // whose new picture it is cut from
    wall::RectPx from, to;
};
std::vector<MovedPicture> moved_picture(const Mover& mover, const wall::RectMm& now,
                                        const config::Wall& wall, size_t display);

/// A push at `share` of its way on one display: where in the old or the new picture the pixels of
/// `part` come from. `offset`: pixels that the new picture still stands to the right.
struct PushParts {
    wall::RectPx from_new, to_new;  // empty: nothing of it
    wall::RectPx from_old, to_old;
};
PushParts push_parts(const wall::RectPx& part, int width_px, int offset);

}  // namespace bw::compositor
