// SPDX-License-Identifier: Apache-2.0
// Times as RFC 3339 (5.6) writes them, read.
#include "core/base/rfc3339.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "core/base/clock.h"

namespace bw::base {
namespace {

// What 64 bits of nanoseconds hold with a day to spare for the offset.
constexpr int kFirstYear = 1678, kLastYear = 2261;

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

/// As people wrote it, cut where a character ends.
std::string quoted(std::string_view text) {
    constexpr size_t kMost = 64;
    if (text.size() <= kMost) return fmt::format("\"{}\"", text);
    size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return fmt::format("\"{}…\"", text.substr(0, end));
}

Error fault(std::string_view text, const std::string& part, const std::string& allowed) {
    return {"range", fmt::format("found {} in {}; allowed: {}", part, quoted(text), allowed)};
}

Error no_time(std::string_view text) {
    return {"invalid", fmt::format("found {}; allowed: a time, such as 2026-07-01T08:00:00Z or "
                                   "2026-07-01T16:00:00+08:00",
                                   quoted(text))};
}

int days_in(int year, int month) {
    constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : kDays.at(static_cast<size_t>(month - 1));
}

/// "99999-01-01…", "-0001-01-01…": a day, but for a year that nobody writes with four digits.
bool has_odd_year(std::string_view text) {
    const size_t end = text.find('-', 1);
    if (end == std::string_view::npos || end == 4) return false;
    std::string_view year = text.substr(0, end);
    if (year[0] == '-' || year[0] == '+') year.remove_prefix(1);
    return !year.empty() && shaped(year, std::string(year.size(), '0')) &&
           shaped(text.substr(end, 6), "-00-00");
}

Status read_day(std::string_view text, tm& t) {
    // Made when it is needed: a time is read with every event.
    const auto odd_year = [text](std::string_view year) {
        return fault(text, fmt::format("the year {}", year),
                     fmt::format("a time of the years {} to {}", kFirstYear, kLastYear));
    };
    if (has_odd_year(text)) return odd_year(text.substr(0, text.find('-', 1)));
    if (!shaped(text.substr(0, 10), "0000-00-00")) return no_time(text);
    const int year = two_digits(text, 0) * 100 + two_digits(text, 2);
    if (year < kFirstYear || year > kLastYear) return odd_year(text.substr(0, 4));
    const int month = two_digits(text, 5), day = two_digits(text, 8);
    if (month < 1 || month > 12)
        return fault(text, fmt::format("the month {:02}", month), "a month from 01 to 12");
    if (day < 1 || day > days_in(year, month))
        return fault(text, fmt::format("the day {:02}", day),
                     fmt::format("a day from 01 to {} in that month", days_in(year, month)));
    t.tm_year = year - 1900;
    t.tm_mon = month - 1;
    t.tm_mday = day;
    return {};
}

Status read_clock(std::string_view text, tm& t) {
    if (text.size() < 19 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') ||
        !shaped(text.substr(11, 8), "00:00:00"))
        return no_time(text);
    t.tm_hour = two_digits(text, 11);
    t.tm_min = two_digits(text, 14);
    t.tm_sec = two_digits(text, 17);
    if (t.tm_hour > 23 || t.tm_min > 59 || t.tm_sec > 60)
        return fault(text, fmt::format("the time of day {}", text.substr(11, 8)),
                     "one from 00:00:00 to 23:59:60");
    return {};
}

}  // namespace

Result<int64_t> read_rfc3339(std::string_view text) {
    tm t{};
    if (auto day = read_day(text, t); !day) return day.error();
    if (auto clock = read_clock(text, t); !clock) return clock.error();
    std::string_view rest = text.substr(19);
    const int64_t fraction = take_fraction(rest);
    const auto offset = parse_offset_s(rest);
    if (!offset || text.size() > 40)
        return fault(text, rest.empty() ? "no zone" : "no zone that there is",
                     "one with Z or an offset such as +08:00 at its end");
    const bool leap = t.tm_sec == 60;  // timegm() makes it the next minute
    const int64_t seconds = int64_t{timegm(&t)} - *offset;
    if (leap && seconds % 86'400 != 0)
        return fault(text, fmt::format("the time of day {}", text.substr(11, 8)),
                     "a second 60 only at the end of a day of UTC");
    return seconds * kSecond + fraction;
}

std::optional<int64_t> parse_rfc3339(std::string_view text) {
    auto time = read_rfc3339(text);
    return time ? std::optional(*time) : std::nullopt;
}

}  // namespace bw::base
