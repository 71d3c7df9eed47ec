// SPDX-License-Identifier: Apache-2.0
#include "core/base/duration.h"

#include <charconv>

#include "core/base/clock.h"
#include "core/base/rfc3339.h"

namespace bw::base {
namespace {

constexpr int64_t kSecondMs = 1000;
constexpr int64_t kLongestMs = int64_t{30} * 24 * 3600 * kSecondMs;

int64_t unit_ms(char unit) {
    switch (unit) {
        case 's':
            return kSecondMs;
        case 'm':
            return 60 * kSecondMs;
        case 'h':
            return 3600 * kSecondMs;
        case 'd':
            return 24 * 3600 * kSecondMs;
        default:
            return 0;
    }
}

}  // namespace

std::optional<int64_t> parse_duration(std::string_view text) {
    int64_t total = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        uint32_t count = 0;
        const auto [after, error] = std::from_chars(at, end, count);
        if (error != std::errc{} || after == end || unit_ms(*after) == 0) return std::nullopt;
        total += count * unit_ms(*after);
        if (total > kLongestMs) return std::nullopt;
        at = after + 1;
    }
    if (total == 0) return std::nullopt;
    return total;
}

std::string time_text(const std::string& text) {
    constexpr size_t kDay = 10;  // 2026-07-01
    return text.size() == kDay ? text + "T00:00:00Z" : text;
}

std::string time_fault(const std::string& text) {
    return time_fault_or("", text);
}

std::string time_fault_or(const std::string& also, const std::string& text) {
    const auto time = read_rfc3339(time_text(text));
    if (time) return "";
    if (time.error().code == "range") return time.error().text;
    return "found \"" + text + "\"; allowed: " + also +
           "a day or a time, 2026-07-01 or 2026-07-01T08:00:00Z";
}

}  // namespace bw::base
