// SPDX-License-Identifier: Apache-2.0
#include "core/events/delivery.h"

#include "core/events/big_endian.h"

namespace bw::events {

Frames encode_delivery(Lane lane, bool replayed, uint64_t sequence, uint64_t n,
                       std::string_view event) {
    return {"event", std::string(1, lane_byte(lane, replayed)), be64(sequence), be64(n),
            std::string(event)};
}

bool decode_delivery(const Frames& frames, Delivery& out) {
    if (frames.size() != 5 || frames[0] != "event" || frames[1].size() != 1 ||
        frames[2].size() != 8 || frames[3].size() != 8)
        return false;
    read_lane(frames[1][0], out.lane, out.replayed);
    out.sequence = read_be(frames[2]);
    out.n = read_be(frames[3]);
    out.event = frames[4];
    return true;
}

}  // namespace bw::events
