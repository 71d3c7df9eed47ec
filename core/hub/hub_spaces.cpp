// SPDX-License-Identifier: Apache-2.0
// Exercises and replays in the hub: their commands, and what the status says of them.
#include <nlohmann/json.hpp>

#include "core/hub/hub.h"

namespace bw::hub {

using nlohmann::json;

void Hub::wire_spaces() {
    commands_.handle("beaconwall.space.start.v1",
                     [this](const LiveCommand& command, const std::string& by,
                            const ReplyFn& reply) { spaces_.start(command.data(), by, reply); });
    commands_.handle("beaconwall.space.end.v1",
                     [this](const LiveCommand& command, const std::string& by,
                            const ReplyFn& reply) { spaces_.end(command.data(), by, reply); });
    spaces_.on_ending([this](const std::string& space, Spaces::Gone gone) {
        scenes_.leave(space, std::move(gone));
    });
    spaces_.on_clock([this](const std::string& space) { scenes_.clock_changed(space); });
}

json Hub::list_spaces() const {
    json all = {{"ok", true}};
    all["on_air"] = scenes_.space() == kLive ? json() : json(scenes_.space());
    all["spaces"] = spaces_.list();
    return all;
}

void Hub::fill_spaces(json& document) const {
    document["space"] = spaces_.one(scenes_.space());
    document["spaces"] = spaces_.list();
}

}  // namespace bw::hub
