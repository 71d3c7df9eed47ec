// SPDX-License-Identifier: Apache-2.0
// Whatever a monitor says, its words can be printed and its sizes are sane. Header and check sum
// are set right, so that the fuzzer gets past them.
#include <array>
#include <cstdlib>
#include <cstring>

#include "core/wall/edid.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    (void)bw::wall::parse_edid({data, size});
    std::array<uint8_t, bw::wall::kEdidBytes> block{0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0};
    if (size > block.size() - 9) size = block.size() - 9;
    if (size > 0) std::memcpy(&block[8], data, size);
    unsigned sum = 0;
    for (const uint8_t byte : block) sum += byte;
    block.back() = static_cast<uint8_t>(256 - sum % 256);
    const auto edid = bw::wall::parse_edid(block);
    if (!edid) return 0;
    if (edid->maker.size() != 3 || edid->width_px > 4095 || edid->width_mm > 4095) std::abort();
    for (const char c : edid->maker + edid->model() + edid->serial())
        if (c < 0x20 || c > 0x7E) std::abort();
    return 0;
}
