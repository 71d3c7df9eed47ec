// SPDX-License-Identifier: Apache-2.0
// Holds: what a new scene becomes while parts of the wall are somebody's. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "core/wall/scene.h"

namespace bw::wall {

/// They share some area; an edge in common is none.
bool touches(const RectMm& a, const RectMm& b);
bool touches(const RectMm& rect, const std::vector<RectMm>& boxes);

struct Held {
    Scene scene;
    std::vector<std::string>
        left_out;  // panes of the new scene; of a source grid the layout's pane
};

/// `next` with the boxes of `held` left alone: of `on_air` come the panes that touch one of them,
/// as they are; of `next` those that neither touch one nor overlap a pane that stays. A new pane
/// whose id stays with an old one gets "~2" behind it. Layout, title and transition are of `next`,
/// and so is the space, also of what stays: a scene has one, and a space that ends takes its facts
/// with it.
/// With no boxes: `next`.
Held with_holds(const Scene& on_air, const Scene& next, const std::vector<RectMm>& held);

}  // namespace bw::wall
