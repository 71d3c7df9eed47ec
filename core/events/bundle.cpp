// SPDX-License-Identifier: Apache-2.0
#include "core/events/bundle.h"

#include <array>

#include "core/events/big_endian.h"

namespace bw::events {

void append_head(std::string& heads, const Delivery& head) {
    std::array<char, kHeadBytes> bytes{};
    bytes[0] = lane_byte(head.lane, head.replayed);
    put_be(&bytes[1], head.sequence, 8);
    put_be(&bytes[9], head.n, 8);
    put_be(&bytes[17], head.event.size(), 4);
    heads.append(bytes.data(), bytes.size());
}

bool decode_bundle(const Frames& frames, std::vector<Delivery>& out) {
    out.clear();
    if (frames.size() != 3 || frames[0] != kBundle || frames[1].empty() ||
        frames[1].size() % kHeadBytes != 0)
        return false;
    std::string_view heads = frames[1], events = frames[2];
    for (; !heads.empty(); heads.remove_prefix(kHeadBytes)) {
        Delivery& next = out.emplace_back();
        read_lane(heads[0], next.lane, next.replayed);
        next.sequence = read_be(heads.substr(1, 8));
        next.n = read_be(heads.substr(9, 8));
        const size_t bytes = read_be(heads.substr(17, 4));
        if (bytes > events.size()) return false;
        next.event = events.substr(0, bytes);
        events.remove_prefix(bytes);
    }
    return events.empty();
}

}  // namespace bw::events
