// SPDX-License-Identifier: Apache-2.0
#include "core/wall/hold.h"

#include <algorithm>
#include <set>

#include "core/wall/scene_hash.h"

namespace bw::wall {
namespace {

constexpr size_t kMaxPanes = 512;  // of a scene that parse_scene() accepts

bool overlaps_any(const ScenePane& pane, const std::vector<ScenePane>& others) {
    return std::any_of(others.begin(), others.end(),
                       [&](const ScenePane& other) { return touches(pane.rect, other.rect); });
}

std::string free_id(const std::string& wanted, const std::set<std::string>& used) {
    std::string id = wanted;
    for (int n = 2; used.contains(id); ++n) id = wanted + "~" + std::to_string(n);
    return id;
}

void leave_out(const ScenePane& pane, std::vector<std::string>& names) {
    const std::string& name = pane.grid.empty() ? pane.id : pane.grid;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

bool touches(const RectMm& a, const RectMm& b) {
    return std::min(a.x + a.width, b.x + b.width) > std::max(a.x, b.x) &&
           std::min(a.y + a.height, b.y + b.height) > std::max(a.y, b.y);
}

bool touches(const RectMm& rect, const std::vector<RectMm>& boxes) {
    return std::any_of(boxes.begin(), boxes.end(),
                       [&](const RectMm& box) { return touches(rect, box); });
}

Held with_holds(const Scene& on_air, const Scene& next, const std::vector<RectMm>& held) {
    Held out{next, {}};
    if (held.empty()) return out;
    std::vector<ScenePane> panes;
    std::set<std::string> used;
    for (const ScenePane& pane : on_air.panes) {
        if (!touches(pane.rect, held)) continue;
        panes.push_back(pane);
        used.insert(pane.id);
    }
    for (ScenePane& pane : panes)
        pane.space = next.space ? next.space->name : std::string(kLiveSpace);
    const std::vector<ScenePane> kept = panes;
    for (ScenePane pane : next.panes) {
        if (touches(pane.rect, held) || overlaps_any(pane, kept) || panes.size() >= kMaxPanes) {
            // What stays as it is has not been left out.
            if (std::find(kept.begin(), kept.end(), pane) == kept.end())
                leave_out(pane, out.left_out);
            continue;
        }
        pane.id = free_id(pane.id, used);
        used.insert(pane.id);
        panes.push_back(std::move(pane));
    }
    std::stable_sort(panes.begin(), panes.end(),
                     [](const ScenePane& a, const ScenePane& b) { return a.z < b.z; });
    out.scene.panes = std::move(panes);
    out.scene.take = 0;
    out.scene.hash = scene_hash(out.scene);
    return out;
}

}  // namespace bw::wall
