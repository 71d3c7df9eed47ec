// SPDX-License-Identifier: Apache-2.0
#include "core/base/memory.h"

#include <malloc.h>

namespace bw::base {

void give_large_blocks_back() {
    mallopt(M_MMAP_THRESHOLD, 256 << 10);  // also ends glibc's own moving of the limit
}

}  // namespace bw::base
