// SPDX-License-Identifier: Apache-2.0
// x, y, u and v of a vertex side by side, so that one instruction does for all four. Not for other
// folders.
#pragma once

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include <cstring>

#include "core/surface/layout.h"

namespace bw::surface {

using Four = float __attribute__((vector_size(16)));

inline Four four_of(const Vertex& vertex) {
    Four four;
    std::memcpy(&four, &vertex, sizeof four);
    return four;
}

// A compiler may not make one instruction of the comparison, because of what is not a number; what
// comes here is finite.
inline Four least(Four a, Four b) {
#if defined(__SSE__)
    return _mm_min_ps(a, b);
#else
    return a < b ? a : b;
#endif
}
inline Four greatest(Four a, Four b) {
#if defined(__SSE__)
    return _mm_max_ps(a, b);
#else
    return a > b ? a : b;
#endif
}

inline bool all_zero(Four four) {
    return four[0] == 0.F && four[1] == 0.F && four[2] == 0.F && four[3] == 0.F;
}

}  // namespace bw::surface
