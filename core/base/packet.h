// SPDX-License-Identifier: Apache-2.0
// Packets with descriptors over Unix SEQPACKET socket pairs: the carrier of the control and surface
// links.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace bw::base {

inline constexpr size_t kMaxPacketFds = 8;

/// Both ends close-on-exec and non-blocking.
Result<std::pair<UniqueFd, UniqueFd>> packet_pair();

/// Sends one packet; never blocks. The descriptors stay the caller's. Errors: "full" (the peer does
/// not read; nothing was sent), "closed" (the peer is gone).
Status send_packet(int socket, std::span<const std::byte> bytes, std::span<const int> fds = {});

struct Packet {
    std::vector<std::byte> bytes;
    std::vector<UniqueFd> fds;
};

/// Receives one packet of at most `max_bytes`; never blocks. Errors: "empty" (nothing waits),
/// "closed", "invalid" (a longer packet or too many descriptors: the peer breaks the protocol).
Result<Packet> receive_packet(int socket, size_t max_bytes);

}  // namespace bw::base
