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

std::optional<Entry> Scenes::entry_of(const std::string& type, const json& data,
                                      const std::string& by) const {
    if (type == "beaconwall.wall.edit.v1") {
        const Entry from = base_of(by);
        const config::Layout* layout = on_air_ ? site_->layout(from.layout) : nullptr;
        if (layout == nullptr) return std::nullopt;
        auto entry = with_edit(*layout, from, data);
        return entry ? std::optional(std::move(*entry)) : std::nullopt;
    }
    if (type == "beaconwall.wall.undo.v1") {
        const int64_t steps = events::integer_of(data, "steps", 1);
        return steps < 1 ? std::nullopt : undone(static_cast<size_t>(steps), by);
    }
    if (events::text_of(data, "layout").empty() && events::text_of(data, "space").empty()) {
        const bool takes_preview = type == "beaconwall.wall.take.v1" && next_.has_value();
        return takes_preview ? std::optional(next_->entry) : std::nullopt;
    }
    auto entry = asked(data, by);
    return entry ? std::optional(std::move(*entry)) : std::nullopt;
}

Scenes::Change Scenes::change_of(const std::string& type, const json& data,
                                 const std::string& by) const {
    Change change;
    const auto entry = entry_of(type, data, by);
    const auto what = entry ? compose(*entry) : std::nullopt;
    if (!what) return change;
    const wall::Scene* scene = &what->scene;
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
