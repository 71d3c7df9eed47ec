// SPDX-License-Identifier: Apache-2.0
// Access units for GStreamer's decoders, also those that did not come through it.
#pragma once

#include <span>

#include "core/media/unit.h"

namespace bw::media {

/// Byte stream, whole pictures.
HeldCaps caps_of_codec(bool h265);
/// When it came, in the unit and in its buffer, which is its own.
void stamp(Unit& unit, int64_t arrived_ns);
/// A copy of the bytes.
Unit unit_of(std::span<const uint8_t> bytes, const HeldCaps& caps, int64_t arrived_ns, bool key);

}  // namespace bw::media
