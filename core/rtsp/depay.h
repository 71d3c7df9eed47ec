// SPDX-License-Identifier: Apache-2.0
// RTP payloads to NAL units: H.264 (RFC 6184: single, STAP-A, FU-A) and H.265 (RFC 7798: single,
// AP, FU). Reads what cameras do besides: start codes inside a payload, empty fragments, fragments
// whose type changes on the way, forbidden and reserved bits that are set.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/rtsp/rtp.h"

namespace bw::rtsp {

enum class Codec : uint8_t { h264 = 1, h265 = 2 };
using Nal = std::span<const uint8_t>;  // without start code; never empty

class Depay {
  public:
    /// A whole unit, and whether it is the last of its packet.
    using OnNal = std::function<void(Nal nal, bool last)>;
    explicit Depay(Codec codec, OnNal on_nal) : codec_(codec), on_nal_(std::move(on_nal)) {}

    void put(std::span<const uint8_t> payload);
    /// Units outside of any packet, with start codes between them or a single one without.
    void put_units(std::span<const uint8_t> bytes) { whole(bytes, true); }
    /// A packet is missing: what was begun is dropped.
    void lost();

    static constexpr size_t kMostBytes = 8U << 20;  // of one unit

  private:
    void put_h264(std::span<const uint8_t> payload);
    void put_h265(std::span<const uint8_t> payload);
    void aggregate(std::span<const uint8_t> units);
    void fragment(bool start, bool end, std::span<const uint8_t> head,
                  std::span<const uint8_t> piece);
    void whole(Nal nal, bool last);

    const Codec codec_;
    const OnNal on_nal_;
    std::vector<uint8_t> fragments_;  // empty: none begun
};

}  // namespace bw::rtsp
