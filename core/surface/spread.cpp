// SPDX-License-Identifier: Apache-2.0
#include "core/surface/spread.h"

namespace bw::surface {
namespace {

constexpr uint64_t kFnvBasis = 14695981039346656037ULL, kFnvPrime = 1099511628211ULL;

/// FNV leaves the last bytes in the low bits alone; the finaliser of MurmurHash3 mixes all of them.
uint64_t mixed(uint64_t value) {
    value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdULL;
    value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return value ^ (value >> 33);
}

}  // namespace

uint32_t media_of(std::string_view source, uint32_t count) {
    uint64_t hash = kFnvBasis;
    for (const char c : source) hash = (hash ^ static_cast<uint8_t>(c)) * kFnvPrime;
    uint32_t best = 0;
    uint64_t heaviest = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const uint64_t weight = mixed(hash + i * kFnvPrime);
        if (weight < heaviest) continue;
        heaviest = weight;
        best = i;
    }
    return best;
}

std::string media_name(uint32_t index) {
    return "media:" + std::to_string(index);
}

}  // namespace bw::surface
