// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bw::sandbox {

struct Limits {
    /// Memory of the process's own, in bytes; what is shared with others does not count. Past it
    /// malloc() fails.
    uint64_t memory = 768ULL << 20;
    uint64_t descriptors = 256;
};

/// For good, for this process: these limits, no core dump, no capability, and none by any program.
void give_up_privileges();
void set_limits(const Limits& limits);

}  // namespace bw::sandbox
