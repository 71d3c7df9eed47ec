// SPDX-License-Identifier: Apache-2.0
// Numbers and the lane's byte, as deliveries have them on the wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/events/wire.h"

namespace bw::events {

inline void put_be(char* out, uint64_t value, size_t bytes) {
    for (size_t i = bytes; i-- > 0; value >>= 8) out[i] = static_cast<char>(value);
}

inline std::string be64(uint64_t value) {
    std::string out(8, '\0');
    put_be(out.data(), value, 8);
    return out;
}

inline uint64_t read_be(std::string_view bytes) {
    uint64_t value = 0;
    for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
    return value;
}

inline char lane_byte(Lane lane, bool replayed) {
    return static_cast<char>(static_cast<uint8_t>(lane) | (replayed ? kReplayedBit : 0));
}

inline void read_lane(char byte, Lane& lane, bool& replayed) {
    const auto bits = static_cast<uint8_t>(byte);
    lane = (bits & 1) != 0 ? Lane::durable : Lane::telemetry;
    replayed = (bits & kReplayedBit) != 0;
}

}  // namespace bw::events
