// SPDX-License-Identifier: Apache-2.0
// One delivery as a message of its own, as the hub sends it to a peer that takes no bundles.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/events/wire.h"

namespace bw::events {

struct Delivery {
    Lane lane = Lane::telemetry;
    bool replayed = false;
    uint64_t sequence = 0, n = 0;
    std::string_view event;  // CloudEvents JSON, inside the frames
};
/// [event][lane][sequence][n][JSON]
Frames encode_delivery(Lane lane, bool replayed, uint64_t sequence, uint64_t n,
                       std::string_view event);
/// False when the frames are not a delivery.
bool decode_delivery(const Frames& frames, Delivery& out);

}  // namespace bw::events
