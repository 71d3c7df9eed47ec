// SPDX-License-Identifier: Apache-2.0
#include "core/base/clock.h"

#include <ctime>

namespace bw::base {
namespace {

int64_t read_clock(clockid_t id) {
    timespec t{};
    clock_gettime(id, &t);
    return int64_t{t.tv_sec} * kSecond + t.tv_nsec;
}

/// `number` in so many decimal digits, of which it has no more.
void put(std::string& text, size_t at, size_t digits, int number) {
    for (size_t i = digits; i-- > 0; number /= 10)
        text[at + i] = static_cast<char>('0' + number % 10);
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
    // By hand: a time is written with every event, and a general format takes three times as long.
    std::string text = "0000-00-00T00:00:00.000Z";
    put(text, 0, 4, utc.tm_year + 1900);
    put(text, 5, 2, utc.tm_mon + 1);
    put(text, 8, 2, utc.tm_mday);
    put(text, 11, 2, utc.tm_hour);
    put(text, 14, 2, utc.tm_min);
    put(text, 17, 2, utc.tm_sec);
    put(text, 20, 3, static_cast<int>(fraction_ns / kMillisecond));
    return text;
}

}  // namespace bw::base
