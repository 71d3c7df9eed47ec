// SPDX-License-Identifier: Apache-2.0
#include "core/media/wake.h"

#include <sys/eventfd.h>

#include <cstdint>

namespace bw::media {

Wake::Wake() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Wake::ring() const {
    const uint64_t one = 1;
    // A full counter is a ring already waiting, so a failed write loses nothing.
    [[maybe_unused]] const auto written = write(fd_.get(), &one, sizeof one);
}

void Wake::drain() const {
    uint64_t rings = 0;
    [[maybe_unused]] const auto got = read(fd_.get(), &rings, sizeof rings);
}

}  // namespace bw::media
