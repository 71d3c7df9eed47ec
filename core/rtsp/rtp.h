// SPDX-License-Identifier: Apache-2.0
// RTP packets and RTCP sender reports (RFC 3550).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace bw::rtsp {

struct RtpPacket {
    uint8_t payload_type = 0;
    bool marker = false;
    uint16_t sequence = 0;
    uint32_t timestamp = 0, ssrc = 0;
    std::span<const uint8_t> payload;
};
/// Nothing: no RTP, or its lengths do not fit.
std::optional<RtpPacket> parse_rtp(std::span<const uint8_t> bytes);

/// Which moment of the camera's clock a time stamp is.
struct SenderReport {
    uint32_t ssrc = 0;
    int64_t wall_ns = 0;  // since 1970
    uint32_t timestamp = 0;
};
/// A compound packet of RTCP says that the sender leaves.
bool says_bye(std::span<const uint8_t> bytes);
/// The first sender report of a compound packet.
std::optional<SenderReport> parse_sender_report(std::span<const uint8_t> bytes);

}  // namespace bw::rtsp
