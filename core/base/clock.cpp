// SPDX-License-Identifier: Apache-2.0
#include "core/base/clock.h"

#include <fmt/core.h>

#include <ctime>

namespace bw::base {
namespace {

int64_t read_clock(clockid_t id) {
    timespec t{};
    clock_gettime(id, &t);
    return int64_t{t.tv_sec} * kSecond + t.tv_nsec;
}

}  // namespace

int64_t mono_ns() {
    return read_clock(CLOCK_MONOTONIC);
}
int64_t wall_ns() {
    return read_clock(CLOCK_REALTIME);
}

std::string rfc3339(int64_t wall_time_ns) {
    int64_t fraction_ns = wall_time_ns % kSecond;
    if (fraction_ns < 0) fraction_ns += kSecond;  // before 1970
    const time_t seconds = (wall_time_ns - fraction_ns) / kSecond;
    tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900,
                       utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                       fraction_ns / kMillisecond);
}

}  // namespace bw::base
