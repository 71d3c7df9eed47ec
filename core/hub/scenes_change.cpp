// SPDX-License-Identifier: Apache-2.0
// What a command would change of what is on air, before it does.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/events/json.h"
#include "core/hub/scenes.h"

namespace bw::hub {

using nlohmann::json;

namespace {

bool has(const wall::Scene& scene, const wall::ScenePane& pane) {
    return std::find(scene.panes.begin(), scene.panes.end(), pane) != scene.panes.end();
}

}  // namespace

std::optional<wall::Scene> Scenes::scene_of(const std::string& type, const json& data) const {
    const auto shown = [this](const Entry& entry) -> std::optional<wall::Scene> {
        auto what = compose(entry);
        if (!what) return std::nullopt;
        return std::move(what->scene);
    };
    const std::string name = events::text_of(data, "layout");
    if (type == "beaconwall.wall.edit.v1") {
        const config::Layout* layout = on_air_ ? site_->layout(entry_.layout) : nullptr;
        if (layout == nullptr) return std::nullopt;
        const auto entry = with_edit(*layout, data);
        return entry ? shown(*entry) : std::nullopt;
    }
    if (type == "beaconwall.wall.undo.v1") {
        int64_t steps = events::integer_of(data, "steps", 1);
        auto it = history_.rbegin();
        while (it != history_.rend() && site_->layout(it->layout) == nullptr) ++it;
        while (it != history_.rend() && --steps > 0) ++it;
        return it != history_.rend() ? shown(*it) : std::nullopt;
    }
    if (!name.empty()) return shown({name, {}});
    const bool takes_preview = type == "beaconwall.wall.take.v1" && next_.has_value();
    return takes_preview ? std::optional(next_->scene) : std::nullopt;
}

Scenes::Change Scenes::change_of(const std::string& type, const json& data) const {
    Change change;
    const auto scene = scene_of(type, data);
    if (!scene) return change;
    const wall::Scene before = on_air_.value_or(wall::Scene{});
    for (const wall::ScenePane& pane : before.panes)
        if (!has(*scene, pane)) change.rects.push_back(pane.rect);
    for (const wall::ScenePane& pane : scene->panes) {
        if (has(before, pane)) continue;
        change.rects.push_back(pane.rect);
        const auto& known = change.sources;
        if (!pane.source.empty() &&
            std::find(known.begin(), known.end(), pane.source) == known.end())
            change.sources.push_back(pane.source);
    }
    return change;
}

}  // namespace bw::hub
