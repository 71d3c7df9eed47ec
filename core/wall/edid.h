// SPDX-License-Identifier: Apache-2.0
// How a monitor names itself: the first 128 bytes of its EDID (VESA E-EDID 1.4). They come over a
// cable from a device that nobody vouches for, so every byte is checked. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/base/result.h"

namespace bw::wall {

inline constexpr size_t kEdidBytes = 128;

struct Edid {
    std::string maker;  // three capital letters of the PNP registry
    uint16_t product = 0;
    uint32_t serial_number = 0;            // 0: none
    std::string name, serial_text;         // printable ASCII; empty: not given
    uint32_t width_mm = 0, height_mm = 0;  // 0: unknown (a projector)
    uint32_t width_px = 0, height_px = 0;  // of the preferred mode; 0: none given
    bool operator==(const Edid&) const = default;

    /// The monitor's name, or the product code as "0x1A2B".
    [[nodiscard]] std::string model() const;
    /// The serial text, or the serial number in decimal; empty: it has neither.
    [[nodiscard]] std::string serial() const;
};

/// "invalid": too short, no EDID header, a wrong check sum, or no maker in it. Bytes after the
/// first block are not looked at.
base::Result<Edid> parse_edid(std::span<const uint8_t> bytes);

}  // namespace bw::wall
