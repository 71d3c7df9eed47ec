// SPDX-License-Identifier: Apache-2.0
// Makes EDID blocks as monitors have them.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace bw::wall::testing {

struct EdidWords {
    std::string maker = "DEL", name = "DELL U2720Q", serial_text;
    uint16_t product = 0x1A2B;
    uint32_t serial_number = 0;
    uint32_t width_px = 3840, height_px = 2160, width_mm = 597, height_mm = 336;
};
using EdidBlock = std::array<uint8_t, 128>;

inline void set_sum(EdidBlock& block) {
    unsigned sum = 0;
    for (size_t i = 0; i < 127; ++i) sum += block[i];
    block[127] = static_cast<uint8_t>(256 - sum % 256);
}

inline void put_text(EdidBlock& block, size_t at, uint8_t tag, const std::string& text) {
    block[at + 3] = tag;
    std::memset(&block[at + 5], ' ', 13);
    std::memcpy(&block[at + 5], text.data(), text.size());
    if (text.size() < 13) block[at + 5 + text.size()] = '\n';
}

inline EdidBlock make_edid(const EdidWords& w) {
    EdidBlock block{0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0};
    unsigned maker = 0;
    for (const char c : w.maker) maker = maker << 5 | static_cast<unsigned>(c - 'A' + 1);
    block[8] = static_cast<uint8_t>(maker >> 8);
    block[9] = static_cast<uint8_t>(maker);
    block[10] = static_cast<uint8_t>(w.product);
    block[11] = static_cast<uint8_t>(w.product >> 8);
    for (size_t i = 0; i < 4; ++i) block[12 + i] = static_cast<uint8_t>(w.serial_number >> 8 * i);
    block[18] = 1;
    block[19] = 4;
    block[21] = static_cast<uint8_t>((w.width_mm + 5) / 10);
    block[22] = static_cast<uint8_t>((w.height_mm + 5) / 10);
    block[54] = 1;  // a pixel clock: a timing
    block[56] = static_cast<uint8_t>(w.width_px);
    block[58] = static_cast<uint8_t>(w.width_px >> 8 << 4);
    block[59] = static_cast<uint8_t>(w.height_px);
    block[61] = static_cast<uint8_t>(w.height_px >> 8 << 4);
    block[66] = static_cast<uint8_t>(w.width_mm);
    block[67] = static_cast<uint8_t>(w.height_mm);
    block[68] = static_cast<uint8_t>(w.width_mm >> 8 << 4 | w.height_mm >> 8);
    if (!w.name.empty()) put_text(block, 72, 0xFC, w.name);
    if (!w.serial_text.empty()) put_text(block, 90, 0xFF, w.serial_text);
    set_sum(block);
    return block;
}

}  // namespace bw::wall::testing
