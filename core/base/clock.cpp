// SPDX-License-Identifier: Apache-2.0
#include "core/base/clock.h"

#include <fmt/core.h>

#include <algorithm>
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

/// Whether `text` has the shape: a digit where the shape has 0, else the very character.
bool shaped(std::string_view text, std::string_view shape) {
    return text.size() == shape.size() &&
           std::equal(text.begin(), text.end(), shape.begin(), [](char c, char want) {
               return want == '0' ? c >= '0' && c <= '9' : c == want;
           });
}

int two_digits(std::string_view text, size_t at) {
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

std::optional<int64_t> parse_offset_s(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (!shaped(text, "+00:00") && !shaped(text, "-00:00")) return {};
    const int hours = two_digits(text, 1), minutes = two_digits(text, 4);
    if (hours > 23 || minutes > 59) return {};
    return (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
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

std::optional<int64_t> parse_rfc3339(std::string_view text) {
    if (text.size() < 20 || text.size() > 40) return {};
    const char separator = text[10];
    if (separator != 'T' && separator != 't' && separator != ' ') return {};
    if (!shaped(text.substr(0, 10), "0000-00-00") || !shaped(text.substr(11, 8), "00:00:00"))
        return {};
    tm t{};
    t.tm_year = two_digits(text, 0) * 100 + two_digits(text, 2) - 1900;
    t.tm_mon = two_digits(text, 5) - 1;
    t.tm_mday = two_digits(text, 8);
    t.tm_hour = two_digits(text, 11);
    t.tm_min = two_digits(text, 14);
    t.tm_sec = two_digits(text, 17);
    // What 64 bits of nanoseconds hold with a day to spare for the offset: years 1678 to 2261.
    if (t.tm_year < 1678 - 1900 || t.tm_year > 2261 - 1900) return {};
    if (t.tm_mon < 0 || t.tm_mon > 11 || t.tm_mday < 1 || t.tm_mday > 31 || t.tm_hour > 23 ||
        t.tm_min > 59 || t.tm_sec > 60)
        return {};
    std::string_view rest = text.substr(19);
    const int64_t fraction = take_fraction(rest);
    const auto offset = parse_offset_s(rest);
    if (!offset) return {};
    return (int64_t{timegm(&t)} - *offset) * kSecond + fraction;
}

}  // namespace bw::base
