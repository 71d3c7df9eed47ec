// SPDX-License-Identifier: Apache-2.0
// What a surface link is made of. The supervisor only makes the memory and hands it out, so it
// links no surface code; tests/supervisor proves that these equal core/surface/layout.h.
#pragma once

#include <cstdint>

namespace bw::supervisor {

inline constexpr uint64_t kPanelArenaBytes = 768ull << 20;
inline constexpr uint64_t kMediaArenaBytes = 4ull << 30;
inline constexpr uint64_t kMirrorArenaBytes = 128ull << 20;
inline constexpr uint64_t kControlPageBytes = 64 + 512 * 64;

/// The first words of a control page; the rest is zero.
struct PageHead {
    uint32_t magic = 0x42575331;  // "BWS1"
    uint32_t version = 1;
};

}  // namespace bw::supervisor
