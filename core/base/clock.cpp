// SPDX-License-Identifier: Apache-2.0
#include "core/base/clock.h"

#include <fmt/core.h>

#include <cstdio>
#include <ctime>

namespace bw::base {
namespace {

int64_t read_clock(clockid_t id) {
    timespec t{};
    clock_gettime(id, &t);
    return int64_t{t.tv_sec} * kSecond + t.tv_nsec;
}

/// The fraction of ".123" in nanoseconds; advances `text` past it.
int64_t take_fraction(std::string_view& text) {
    if (text.empty() || text[0] != '.') return 0;
    text.remove_prefix(1);
    int64_t value = 0, scale = kSecond;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
        if (scale > 1) {
            scale /= 10;
            value += (text[0] - '0') * scale;
        }
        text.remove_prefix(1);
    }
    return value;
}

std::optional<int64_t> parse_offset_s(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    int hours = 0, minutes = 0;
    char sign = 0;
    if (text.size() != 6 ||
        std::sscanf(std::string(text).c_str(), "%c%2d:%2d", &sign, &hours, &minutes) != 3)
        return {};
    if ((sign != '+' && sign != '-') || hours > 23 || minutes > 59) return {};
    return (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

}  // namespace

int64_t mono_ns() {
    return read_clock(CLOCK_MONOTONIC);
}
int64_t wall_ns() {
    return read_clock(CLOCK_REALTIME);
}

std::string rfc3339(int64_t wall_time_ns) {
    const time_t seconds = wall_time_ns / kSecond;
    tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900,
                       utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                       (wall_time_ns % kSecond) / kMillisecond);
}

std::optional<int64_t> parse_rfc3339(std::string_view text) {
    tm t{};
    char separator = 0;
    if (text.size() < 20 || text.size() > 40) return {};
    if (std::sscanf(std::string(text.substr(0, 19)).c_str(), "%4d-%2d-%2d%c%2d:%2d:%2d", &t.tm_year,
                    &t.tm_mon, &t.tm_mday, &separator, &t.tm_hour, &t.tm_min, &t.tm_sec) != 7)
        return {};
    if (separator != 'T' && separator != 't' && separator != ' ') return {};
    if (t.tm_mon < 1 || t.tm_mon > 12 || t.tm_mday < 1 || t.tm_mday > 31 || t.tm_hour > 23 ||
        t.tm_min > 59 || t.tm_sec > 60)
        return {};
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    std::string_view rest = text.substr(19);
    const int64_t fraction = take_fraction(rest);
    const auto offset = parse_offset_s(rest);
    if (!offset) return {};
    return (int64_t{timegm(&t)} - *offset) * kSecond + fraction;
}

}  // namespace bw::base
