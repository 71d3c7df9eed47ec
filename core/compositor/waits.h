// SPDX-License-Identifier: Apache-2.0
// The descriptors that the process sleeps on, and which of them had something to say: one system
// call, where asking each in turn would make one per descriptor for every frame.
#pragma once

#include <poll.h>

#include <cstdint>
#include <vector>

namespace bw::compositor {

class Waits {
  public:
    /// A new round: nothing is waited for.
    void clear() { entries_.clear(); }
    /// -1: none.
    void add(int fd) {
        if (fd >= 0) entries_.push_back({fd, POLLIN, 0});
    }
    /// Until one of them has something, or CLOCK_MONOTONIC is `until_ns`.
    void sleep(int64_t until_ns);
    /// There may be something to read or its other end is gone. Also true of one that was not
    /// waited for: nobody knows.
    [[nodiscard]] bool came(int fd) const;

  private:
    std::vector<pollfd> entries_;
};

}  // namespace bw::compositor
