// SPDX-License-Identifier: Apache-2.0
#include "core/rtsp/rtp.h"

namespace bw::rtsp {
namespace {

uint32_t word16(std::span<const uint8_t> bytes, size_t at) {
    return static_cast<uint32_t>(bytes[at] << 8 | bytes[at + 1]);
}

uint32_t word32(std::span<const uint8_t> bytes, size_t at) {
    return word16(bytes, at) << 16 | word16(bytes, at + 2);
}

}  // namespace

std::optional<RtpPacket> parse_rtp(std::span<const uint8_t> bytes) {
    if (bytes.size() < 12 || bytes[0] >> 6 != 2) return std::nullopt;
    const bool padding = (bytes[0] & 0x20) != 0, extension = (bytes[0] & 0x10) != 0;
    size_t head = 12 + 4 * static_cast<size_t>(bytes[0] & 0x0F);
    if (extension) {
        if (bytes.size() < head + 4) return std::nullopt;
        head += 4 + 4 * static_cast<size_t>(word16(bytes, head + 2));
    }
    if (bytes.size() < head) return std::nullopt;
    size_t tail = 0;
    if (padding) tail = bytes.back();
    if (bytes.size() - head < tail) return std::nullopt;
    RtpPacket packet;
    packet.marker = (bytes[1] & 0x80) != 0;
    packet.payload_type = bytes[1] & 0x7F;
    packet.sequence = static_cast<uint16_t>(word16(bytes, 2));
    packet.timestamp = word32(bytes, 4);
    packet.ssrc = word32(bytes, 8);
    packet.payload = bytes.subspan(head, bytes.size() - head - tail);
    return packet;
}

namespace {

/// The first packet of that type in a compound one; empty: there is none.
std::span<const uint8_t> rtcp_of_type(std::span<const uint8_t> bytes, uint8_t type) {
    while (bytes.size() >= 4 && bytes[0] >> 6 == 2) {
        const size_t size = 4 * (static_cast<size_t>(word16(bytes, 2)) + 1);
        if (bytes.size() < size) return {};
        if (bytes[1] == type) return bytes.first(size);
        bytes = bytes.subspan(size);
    }
    return {};
}

}  // namespace

bool says_bye(std::span<const uint8_t> bytes) {
    constexpr uint8_t kBye = 203;
    return !rtcp_of_type(bytes, kBye).empty();
}

std::optional<SenderReport> parse_sender_report(std::span<const uint8_t> bytes) {
    constexpr uint8_t kSenderReport = 200;
    constexpr int64_t kFrom1900To1970 = 2208988800;
    const auto packet = rtcp_of_type(bytes, kSenderReport);
    if (packet.size() < 28) return std::nullopt;
    SenderReport report;
    report.ssrc = word32(packet, 4);
    const int64_t seconds = static_cast<int64_t>(word32(packet, 8)) - kFrom1900To1970;
    const auto fraction = static_cast<uint64_t>(word32(packet, 12));
    report.wall_ns =
        seconds * 1'000'000'000 + static_cast<int64_t>((fraction * 1'000'000'000) >> 32);
    report.timestamp = word32(packet, 16);
    return report;
}

}  // namespace bw::rtsp
