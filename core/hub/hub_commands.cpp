// SPDX-License-Identifier: Apache-2.0
// The commands for the wall and its sources that the hub handles itself; those for plugins are in
// hub_plugins.cpp, those for spaces in hub_spaces.cpp.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/hub/hub.h"

namespace bw::hub {

using nlohmann::json;

void Hub::handle_wall_commands() {
    commands_.handle("beaconwall.wall.take.v1",
                     [this](const LiveCommand& command, const std::string& by, ReplyFn reply) {
                         scenes_.take(command.data(), by, std::move(reply));
                     });
    commands_.handle("beaconwall.wall.preview.v1",
                     [this](const LiveCommand& command, const std::string& by,
                            const ReplyFn& reply) { scenes_.preview(command.data(), by, reply); });
    commands_.handle("beaconwall.wall.undo.v1",
                     [this](const LiveCommand& command, const std::string& by, ReplyFn reply) {
                         scenes_.undo(command.data(), by, std::move(reply));
                     });
    commands_.handle("beaconwall.wall.edit.v1",
                     [this](const LiveCommand& command, const std::string& by, ReplyFn reply) {
                         scenes_.edit(command.data(), by, std::move(reply));
                     });
    commands_.handle("beaconwall.wall.hold.v1",
                     [this](const LiveCommand& command, const std::string& by,
                            const ReplyFn& reply) { holds_.hold(command.data(), by, reply); });
    commands_.handle("beaconwall.wall.release.v1",
                     [this](const LiveCommand& command, const std::string&, const ReplyFn& reply) {
                         holds_.release(command.data(), reply);
                     });
    commands_.handle("beaconwall.source.retry.v1",
                     [this](const LiveCommand& command, const std::string&, const ReplyFn& reply) {
                         retry_source(command.subject(), reply);
                     });
}

/// Which of the media processes plays it is theirs to know: all are told.
void Hub::retry_source(const std::string& source, const ReplyFn& reply) {
    const auto known = facts_.records("live", "beaconwall.source.v1");
    if (std::none_of(known.begin(), known.end(),
                     [&](const StoredPtr& record) { return record->subject == source; }))
        return reply(refusal("unknown", "no source is named " + source));
    if (peers_.named("media:").empty())
        return reply(refusal("refused", "no media process is here at the moment"));
    facts_.publish("beaconwall.source.try.v1", source, json::object());
    reply({{"ok", true}, {"source", source}});
}

}  // namespace bw::hub
