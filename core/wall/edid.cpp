// SPDX-License-Identifier: Apache-2.0
#include "core/wall/edid.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace bw::wall {

namespace {

constexpr std::array<uint8_t, 8> kHeader{0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};
constexpr size_t kDescriptors = 54, kDescriptorBytes = 18, kDescriptorCount = 4;
constexpr uint8_t kSerialTag = 0xFF, kNameTag = 0xFC;

using Descriptor = std::span<const uint8_t, kDescriptorBytes>;

base::Error bad(const char* what) {
    return {"invalid", std::string("EDID: ") + what};
}

// Three letters of five bits each, A is 1; empty where one of them is no letter.
std::string maker_of(uint8_t high, uint8_t low) {
    const unsigned packed = static_cast<unsigned>(high) << 8 | low;
    std::string out;
    for (const unsigned shift : {10u, 5u, 0u}) {
        const unsigned letter = packed >> shift & 31u;
        if (letter < 1 || letter > 26) return {};
        out += static_cast<char>('A' + letter - 1);
    }
    return out;
}

// Up to 13 characters, ended by a line feed and padded with blanks. What cannot be printed
// becomes "?", so that a name goes into logs and files as it is.
std::string text_of(Descriptor descriptor) {
    std::string out;
    for (const uint8_t byte : descriptor.subspan(5)) {
        if (byte == '\n' || byte == 0) break;
        out += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?';
    }
    const size_t first = out.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return out.substr(first, out.find_last_not_of(' ') - first + 1);
}

// The first timing is the preferred mode. Its size in millimetres is finer than the base block's
// centimetres; some makers write an aspect ratio (16 by 9) there, which is no size.
void read_timing(Descriptor d, Edid& out) {
    if (out.width_px == 0) {
        out.width_px = d[2] | (d[4] & 0xF0u) << 4;
        out.height_px = d[5] | (d[7] & 0xF0u) << 4;
    }
    const uint32_t width = d[12] | (d[14] & 0xF0u) << 4, height = d[13] | (d[14] & 0x0Fu) << 8;
    const auto near = [](uint32_t fine, uint32_t coarse) {
        return fine + 10 > coarse && fine < coarse + 10;
    };
    if (near(width, out.width_mm) && near(height, out.height_mm)) {
        out.width_mm = width;
        out.height_mm = height;
    }
}

void read_descriptor(Descriptor d, bool first, Edid& out) {
    if (d[0] != 0 || d[1] != 0) {
        if (first) read_timing(d, out);
        return;
    }
    if (d[3] == kNameTag && out.name.empty()) out.name = text_of(d);
    if (d[3] == kSerialTag && out.serial_text.empty()) out.serial_text = text_of(d);
}

}  // namespace

std::string Edid::model() const {
    if (!name.empty()) return name;
    std::array<char, 8> code{};
    std::snprintf(code.data(), code.size(), "0x%04X", static_cast<unsigned>(product));
    return code.data();
}

std::string Edid::serial() const {
    if (!serial_text.empty()) return serial_text;
    return serial_number == 0 ? std::string() : std::to_string(serial_number);
}

base::Result<Edid> parse_edid(std::span<const uint8_t> bytes) {
    if (bytes.size() < kEdidBytes) return bad("fewer than 128 bytes");
    const auto block = bytes.first<kEdidBytes>();
    if (!std::equal(kHeader.begin(), kHeader.end(), block.begin())) return bad("no header");
    unsigned sum = 0;
    for (const uint8_t byte : block) sum += byte;
    if (sum % 256 != 0) return bad("wrong check sum");
    Edid out;
    out.maker = maker_of(block[8], block[9]);
    if (out.maker.empty()) return bad("no maker");
    out.product = static_cast<uint16_t>(block[10] | block[11] << 8);
    for (size_t i = 4; i-- > 0;) out.serial_number = out.serial_number << 8 | block[12 + i];
    out.width_mm = block[21] * 10u;
    out.height_mm = block[22] * 10u;
    // One of them zero: an aspect ratio, or a projector.
    if (out.width_mm == 0 || out.height_mm == 0) out.width_mm = out.height_mm = 0;
    for (size_t i = 0; i < kDescriptorCount; ++i)
        read_descriptor(Descriptor(block.subspan(kDescriptors + i * kDescriptorBytes).first<18>()),
                        i == 0, out);
    return out;
}

}  // namespace bw::wall
