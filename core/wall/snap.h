// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace bw::wall {

/// To a multiple of 1/1024 mm. Sums and differences of such numbers are exact in a double, so
/// neighbours share their edge to the bit, also after a trip through JSON.
inline double snap(double mm) {
    return std::round(mm * 1024) / 1024;
}

}  // namespace bw::wall
