// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/pacer.h"

#include <algorithm>

namespace bw::compositor {

void Pacer::want(int64_t now_ns) {
    if (wanted_ns_ == 0) wanted_ns_ = now_ns;
}

void Pacer::drawn(int64_t begun_ns, int64_t done_ns) {
    const int64_t due = wanted_ns_ == 0 ? begun_ns : due_ns();
    wanted_ns_ = 0;
    missed_ += static_cast<uint64_t>(std::max<int64_t>(0, done_ns - due) / period_ns_);
    lateness_.add(std::max<int64_t>(0, begun_ns - due));
    last_ns_ = done_ns - begun_ns;
    drawing_.add(last_ns_);
    // The beat goes on in whole periods while frames follow each other. A late one does not make
    // the next wait a whole period, but two frames never fall into half a one.
    if (begun_ns >= next_ns_ + period_ns_)
        next_ns_ = begun_ns + period_ns_;  // after a pause a new beat begins
    else
        next_ns_ = std::max(next_ns_ + period_ns_, begun_ns + period_ns_ / 2);
}

void Pacer::Recent::add(int64_t ns) {
    ns_[next_] = ns;
    next_ = (next_ + 1) % ns_.size();
    count_ = std::min(count_ + 1, ns_.size());
}

double Pacer::Recent::at(double share) const {
    if (count_ == 0) return 0;
    std::array<int64_t, 1024> sorted = ns_;
    const auto last = static_cast<double>(count_ - 1);
    const auto index = static_cast<size_t>(std::clamp(share, 0.0, 1.0) * last + 0.5);
    const auto begin = sorted.begin();
    std::nth_element(begin, begin + static_cast<std::ptrdiff_t>(index),
                     begin + static_cast<std::ptrdiff_t>(count_));
    return static_cast<double>(sorted[index]) / 1e6;
}

}  // namespace bw::compositor
