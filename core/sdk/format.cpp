// SPDX-License-Identifier: Apache-2.0
#include "beaconwall/sdk/format.h"

#include <fmt/core.h>

#include <cmath>
#include <ctime>

namespace bw::sdk {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr std::string_view kMinus = "−";

std::tm hall_time(int64_t wall_ns) {
    int64_t seconds = wall_ns / kSecond - (wall_ns % kSecond < 0 ? 1 : 0);
    std::time_t time = seconds + hall_offset_s();
    std::tm broken{};
    gmtime_r(&time, &broken);
    return broken;
}

}  // namespace

std::string number_text(double value, int decimals) {
    if (!std::isfinite(value)) return "–";
    std::string digits = fmt::format("{:.{}f}", std::fabs(value), decimals);
    bool zero = digits.find_first_not_of("0.") == std::string::npos;
    return value < 0 && !zero ? std::string(kMinus) + digits : digits;
}

std::string count_text(int64_t value) {
    std::string digits = fmt::format(
        "{}", value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value));
    for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return value < 0 ? std::string(kMinus) + digits : digits;
}

std::string signed_text(double value, int decimals) {
    std::string text = number_text(value, decimals);
    bool bare = !std::isfinite(value) || text.starts_with(kMinus) ||
                text.find_first_not_of("0.") == std::string::npos;
    return bare ? text : "+" + text;
}

const char* trend_arrow(Trend trend) {
    switch (trend) {
        case Trend::rising:
            return "↗";
        case Trend::steady:
            return "→";
        case Trend::falling:
            return "↘";
        case Trend::none:
            break;
    }
    return "";
}

Trend trend_of(double rate, double steady_band) {
    if (!std::isfinite(rate)) return Trend::none;
    if (rate > steady_band) return Trend::rising;
    return rate < -steady_band ? Trend::falling : Trend::steady;
}

std::string age_text(int64_t age_ns, bool chinese) {
    int64_t s = std::max<int64_t>(0, age_ns / kSecond);
    int64_t minutes = s / 60, hours = s / 3600, days = s / 86400;
    if (days > 0)
        return chinese ? fmt::format("{} 天 {} 小时", days, hours % 24)
                       : fmt::format("{} d {} h", days, hours % 24);
    if (hours > 0)
        return chinese ? fmt::format("{} 小时 {} 分", hours, minutes % 60)
                       : fmt::format("{} h {} min", hours, minutes % 60);
    if (minutes > 0)
        return chinese ? fmt::format("{} 分 {} 秒", minutes, s % 60)
                       : fmt::format("{} min {} s", minutes, s % 60);
    return chinese ? fmt::format("{} 秒", s) : fmt::format("{} s", s);
}

std::string clock_text(int64_t wall_ns) {
    std::tm t = hall_time(wall_ns);
    return fmt::format("{:02}:{:02}", t.tm_hour, t.tm_min);
}

std::string date_clock_text(int64_t wall_ns) {
    std::tm t = hall_time(wall_ns);
    return fmt::format("{:02}-{:02} {:02}:{:02}", t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min);
}

std::string_view level_name(Level level, bool chinese) {
    switch (level) {
        case Level::blue:
            return chinese ? "蓝色" : "blue";
        case Level::yellow:
            return chinese ? "黄色" : "yellow";
        case Level::orange:
            return chinese ? "橙色" : "orange";
        case Level::red:
            return chinese ? "红色" : "red";
        case Level::none:
            break;
    }
    return "";
}

Level level_from(std::string_view word) {
    if (word == "blue" || word == "IV" || word == "4") return Level::blue;
    if (word == "yellow" || word == "III" || word == "3") return Level::yellow;
    if (word == "orange" || word == "II" || word == "2") return Level::orange;
    if (word == "red" || word == "I" || word == "1") return Level::red;
    return Level::none;
}

}  // namespace bw::sdk
