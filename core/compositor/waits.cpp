// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/waits.h"

#include <algorithm>

#include "core/base/clock.h"

namespace bw::compositor {

void Waits::sleep(int64_t until_ns) {
    const int64_t left = std::max<int64_t>(0, until_ns - base::mono_ns());
    const timespec limit{left / base::kSecond, left % base::kSecond};
    if (::ppoll(entries_.data(), entries_.size(), &limit, nullptr) >= 0) return;
    entries_.clear();  // a signal: nobody knows
}

bool Waits::came(int fd) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [fd](const pollfd& entry) { return entry.fd == fd; });
    return found == entries_.end() || found->revents != 0;
}

}  // namespace bw::compositor
