// SPDX-License-Identifier: Apache-2.0
// A message as events, and an event as a message. Pure.
#pragma once

#include <beaconwall/service/event.h>
#include <beaconwall/service/result.h>

#include <string>
#include <string_view>
#include <vector>

#include "maps.h"

namespace bw::mqtt_bridge {

/// More than this is no reading: not looked into.
inline constexpr size_t kMostPayloadBytes = 256 * 1024;
/// The attribute by which an event says from which topic it came.
inline constexpr const char* kTopicAttribute = "mqtttopic";

/// The events of a message that `map.topic` matched as `names`, without ids. `now_ns`: Unix time of
/// its arrival. "invalid": what is wrong with it.
base::Result<std::vector<events::Event>> events_of(const InMap& map, const std::string& topic,
                                                   const Names& names, std::string_view payload,
                                                   int64_t now_ns);

struct Message {
    std::string topic, payload;
    int qos = 0;
    bool retain = false;
};

/// "invalid": the event has none of the fields, or makes no topic. A record that is gone clears
/// what was retained of it: an empty payload.
base::Result<Message> message_of(const OutMap& map, const events::Event& event);

/// The topic that the event came from by a bridge; empty: by none.
std::string topic_it_came_from(const events::Event& event);

}  // namespace bw::mqtt_bridge
