// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/clock.h"

namespace {
int64_t wall_clock_ns = bw::golden::kWallNs;
}

// The names ld --wrap gives to bw::base::mono_ns() and bw::base::wall_ns().
extern "C" int64_t __wrap__ZN2bw4base7mono_nsEv() {  // NOLINT(bugprone-reserved-identifier)
    return bw::golden::kMonoNs;
}
extern "C" int64_t __wrap__ZN2bw4base7wall_nsEv() {  // NOLINT(bugprone-reserved-identifier)
    return wall_clock_ns;
}

namespace bw::golden {

void set_wall_clock(int64_t wall_ns) {
    wall_clock_ns = wall_ns;
}

}  // namespace bw::golden
