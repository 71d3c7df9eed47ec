// SPDX-License-Identifier: Apache-2.0
// Keys and pointers.
#include "core/compositor/app.h"

namespace bw::compositor {

void App::read_input() {
    for (const InputEvent& event : backend_->poll_input()) {
        if (event.type == InputEvent::Type::key)
            press_key(event.key);
        else
            point(event);
    }
    screens_->attend_outputs();
}

void App::press_key(const std::string& key) {
    if (key == "undo") return hub_->ask_undo();
    auto layout = hot_keys_.find(key);
    if (layout != hot_keys_.end()) hub_->ask_take(layout->second);
}

void App::point(const InputEvent& event) {
    if (director_.on_air() == nullptr) return;
    const Tile* tile =
        director_.on_air()->at(event.display, static_cast<int>(event.x), static_cast<int>(event.y));
    if (tile == nullptr) return;
    if (event.type == InputEvent::Type::press) hub_->say_press(tile->pane.id, tile->pane.plugin);
    if (!tile->feed) return;
    for (const Placement& at : tile->geometry.placements) {
        if (at.display != event.display) continue;
        surface::Input input{};
        input.type = static_cast<uint32_t>(event.type);
        input.button = static_cast<uint32_t>(event.button);
        input.x = static_cast<float>((event.x - at.origin_x) / at.scale);
        input.y = static_cast<float>((event.y - at.origin_y) / at.scale);
        input.wheel = static_cast<float>(event.wheel);
        tile->feed->send_input(input);
    }
}

}  // namespace bw::compositor
