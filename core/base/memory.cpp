// SPDX-License-Identifier: Apache-2.0
#include "core/base/memory.h"

#include <malloc.h>

#include <atomic>

#include "core/base/clock.h"

namespace bw::base {

void give_large_blocks_back() {
    mallopt(M_MMAP_THRESHOLD, 256 << 10);  // also ends glibc's own moving of the limit
}

void give_free_pages_back() {
    constexpr int64_t kNotAgainFor = 10 * kSecond;
    static std::atomic<int64_t> last{-kNotAgainFor};
    int64_t before = last.load();
    const int64_t now = mono_ns();
    if (now - before < kNotAgainFor || !last.compare_exchange_strong(before, now)) return;
    malloc_trim(0);
}

}  // namespace bw::base
