// SPDX-License-Identifier: Apache-2.0
#include "core/base/space_clock.h"

#include <algorithm>
#include <cmath>

namespace bw::base {

bool SpaceClock::sound() const {
    const auto is_moment = [](int64_t ns) { return ns >= 0 && ns <= kLastSpaceNs; };
    return is_moment(wall_ns) && is_moment(space_ns) && rate >= 0 && rate <= kMaxSpaceRate;
}

int64_t SpaceClock::at(int64_t hub_wall_ns) const {
    const double passed = (static_cast<double>(hub_wall_ns) - static_cast<double>(wall_ns)) * rate;
    if (!(std::abs(passed) < static_cast<double>(kLastSpaceNs)))
        return passed > 0 ? kLastSpaceNs : 0;
    // The difference is taken in whole numbers: a double counts nanoseconds for 104 days only.
    const int64_t hall = hub_wall_ns - wall_ns;
    const int64_t whole =
        rate == 1 ? hall : static_cast<int64_t>(std::llround(static_cast<double>(hall) * rate));
    return std::clamp<int64_t>(space_ns + whole, 0, kLastSpaceNs);
}

}  // namespace bw::base
