// SPDX-License-Identifier: Apache-2.0
// Several deliveries in one message, for a peer that asked for it in its hello: what a frame costs
// is paid once for all of them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/events/delivery.h"

namespace bw::events {

/// The name of the first frame: [deliveries][heads][events].
inline constexpr const char* kBundle = "deliveries";
/// lane 1 byte, sequence 8, n 8, bytes of its event 4; numbers big-endian.
inline constexpr size_t kHeadBytes = 21;
/// More go in the next one.
inline constexpr size_t kMaxBundle = 256, kMaxBundleBytes = 256 * 1024;

/// One more head behind those that are there; `head.event` says how long its event is.
void append_head(std::string& heads, const Delivery& head);
/// False when the frames are no bundle, or their lengths do not agree. What is in `out` stays in
/// `frames`.
bool decode_bundle(const Frames& frames, std::vector<Delivery>& out);

}  // namespace bw::events
