// SPDX-License-Identifier: Apache-2.0
// Names, limits and periods of the event wire that both ends must agree on; docs/wire.md explains
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/events/event.h"

namespace bw::events {

inline constexpr int kProtocol = 1;

/// One ZeroMQ message without its routing frame.
using Frames = std::vector<std::string>;

inline constexpr size_t kMaxMessageBytes = 2 * 1024 * 1024;
inline constexpr size_t kBlobPieceBytes = 256 * 1024;
inline constexpr size_t kMaxBlobBytes = 64 * 1024 * 1024;
inline constexpr uint32_t kMaxCredit = 1024;

inline constexpr int64_t kBeatPeriodNs = 500'000'000;   // both ways
inline constexpr int64_t kHelloPeriodNs = 300'000'000;  // until greeted
inline constexpr int64_t kReplacedNs = 1'000'000'000;   // after a goodbye to one that was replaced
inline constexpr int64_t kSilenceNs = 3'000'000'000;    // a hub silent that long is gone
inline constexpr int64_t kResendPeriodNs =
    5'000'000'000;  // durable, unanswered though the link is up

/// The lane frame of a delivery: the lane, plus this bit in a snapshot.
inline constexpr uint8_t kReplayedBit = 0x80;

}  // namespace bw::events
