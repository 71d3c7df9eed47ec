// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/transition.h"

#include <algorithm>
#include <cmath>

namespace bw::compositor {

using wall::RectMm;
using wall::RectPx;

namespace {

bool same_look(const Tile& a, const Tile& b) {
    return a.pane.rect == b.pane.rect && a.pane.caption == b.pane.caption &&
           a.pane.title == b.pane.title && a.pane.aspect == b.pane.aspect &&
           a.pane.focus_x == b.pane.focus_x && a.pane.focus_y == b.pane.focus_y;
}

// Each tile of `after` and the one of `before` that it goes on with; who stays in place comes
// first.
struct Pair {
    const Tile *old, *now;
    bool in_place;
};
std::vector<Pair> pairs_of(const Stage& before, const Stage& after) {
    std::vector<Pair> out;
    auto taken = [&out](const Tile& old, const Tile& now) {
        return std::any_of(out.begin(), out.end(),
                           [&](const Pair& p) { return p.old == &old || p.now == &now; });
    };
    for (bool in_place : {true, false}) {
        for (const Tile& now : after.tiles()) {
            for (const Tile& old : before.tiles()) {
                if (!same_content(old.pane, now.pane) || taken(old, now)) continue;
                if (in_place && !same_look(old, now)) continue;
                out.push_back({&old, &now, in_place});
            }
        }
    }
    return out;
}

// What one saw of a tile before and sees of it now.
void stay(const TileGeometry& before, const TileGeometry& after,
          std::vector<std::vector<RectPx>>& still) {
    for (const Placement& old : before.placements) {
        for (const Placement& now : after.placements) {
            if (old.display != now.display) continue;
            for (const RectPx& a : old.seen) {
                for (const RectPx& b : now.seen) {
                    const RectPx both = wall::intersect(a, b);
                    if (!both.empty()) still[now.display].push_back(both);
                }
            }
        }
    }
}

}  // namespace

double TransitionPlan::share(int64_t seen_ns) const {
    const int64_t whole = int64_t{transition.duration_ms} * 1'000'000;
    if (whole <= 0) return 1;
    return std::clamp(static_cast<double>(seen_ns - start_ns) / static_cast<double>(whole), 0.0,
                      1.0);
}

bool same_content(const wall::ScenePane& a, const wall::ScenePane& b) {
    if (a.kind != b.kind || a.space != b.space) return false;
    if (a.kind == wall::Shows::source) return a.source == b.source;
    return a.id == b.id && a.plugin == b.plugin && a.panel == b.panel && a.settings == b.settings;
}

config::Transition transition_between(const config::Transition& wished, const wall::Scene& before,
                                      const wall::Scene& after) {
    const auto name = [](const wall::Scene& scene) {
        return scene.space ? std::string_view(scene.space->name) : wall::kLiveSpace;
    };
    return name(before) == name(after) ? wished : config::Transition{};
}

TransitionPlan plan_transition(const config::Transition& transition, const Stage& before,
                               const Stage& after, const config::Wall& wall, int64_t start_ns) {
    TransitionPlan plan{transition, start_ns, {}, {}, {}};
    plan.still.resize(wall.displays.size());
    for (size_t i = 0; i < wall.displays.size(); ++i)
        plan.still[i].push_back(
            wall::on_display(wall::strip(wall, wall.displays[i]), wall.displays[i]));
    for (const auto& [old, now, in_place] : pairs_of(before, after)) {
        if (!in_place) {
            plan.movers.push_back({old->pane.rect, now->pane.rect, old->geometry.placements,
                                   now->geometry.placements});
            continue;
        }
        stay(old->geometry, now->geometry, plan.still);
    }
    for (size_t i = 0; i < wall.displays.size(); ++i) {
        const RectPx whole{0, 0, static_cast<int>(wall.displays[i].width_px),
                           static_cast<int>(wall.displays[i].height_px)};
        plan.moving.push_back(uncovered(whole, plan.still[i]));
    }
    return plan;
}

std::vector<MovedPicture> moved_picture(const Mover& mover, const RectMm& now,
                                        const config::Wall& wall, size_t display) {
    std::vector<MovedPicture> out;
    const config::Display& to = wall.displays[display];
    if (wall::on_display(now, to).empty()) return out;
    const RectPx target = on_display_unclipped(now, to);
    for (const Placement& at : mover.new_places) {
        const RectPx whole = on_display_unclipped(mover.to, wall.displays[at.display]);
        auto scaled = [](int offset, int length, int whole_length) {
            return static_cast<int>(
                std::lround(static_cast<double>(offset) * length / std::max(whole_length, 1)));
        };
        const RectPx& from = at.tile;
        const int left = target.x + scaled(from.x - whole.x, target.width, whole.width);
        const int top = target.y + scaled(from.y - whole.y, target.height, whole.height);
        const int right =
            target.x + scaled(from.x + from.width - whole.x, target.width, whole.width);
        const int bottom =
            target.y + scaled(from.y + from.height - whole.y, target.height, whole.height);
        out.push_back({at.display, from, {left, top, right - left, bottom - top}});
    }
    return out;
}

double eased(double share) {
    return share * share * (3 - 2 * share);
}

RectMm between(const RectMm& from, const RectMm& to, double share) {
    auto mix = [share](double a, double b) { return a + (b - a) * share; };
    return {mix(from.x, to.x), mix(from.y, to.y), mix(from.width, to.width),
            mix(from.height, to.height)};
}

PushParts push_parts(const RectPx& part, int width_px, int offset) {
    PushParts out;
    out.to_new = wall::intersect(part, {offset, part.y, width_px, part.height});
    out.from_new = out.to_new;
    out.from_new.x -= offset;
    out.to_old = wall::intersect(part, {offset - width_px, part.y, width_px, part.height});
    out.from_old = out.to_old;
    out.from_old.x += width_px - offset;
    return out;
}

}  // namespace bw::compositor
