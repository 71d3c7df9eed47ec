// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/words.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace bw::compositor {

namespace {

constexpr Words kChinese{
    .late = "延迟",
    .frozen = "画面冻结",
    .lost = "信号中断",
    .connecting = "正在连接",
    .starting = "正在启动",
    .panel_fault = "面板故障",
    .source_fault = "信号源故障",
    .since = "自",
    .next_try = "后重试",
    .no_next_try = "不会自动恢复，请值班员处理",
    .will_restart = "系统将自动恢复",
    .exercise = "演练",
    .replay = "回放",
    .replay_over = "已播完",
    .no_recording = "无录像",
    .on_air = "播出",
    .not_live = "处异常",
    .all_live = "",
    .held_by = "占用",
    .until = "至 ",
    .until_released = "至解除",
    .whole_wall = "全墙",
    .supervisor_gone = "主控已退出，画面停在最后时刻",
    .hub_gone = "数据中枢断开",
    .attention = "关注",
    .live_attention = "实况关注",
    .journal_full = "未记录：磁盘已满",
    .journal_read_only = "未记录：磁盘只读",
    .journal_failing = "未记录：磁盘故障",
    .journal_hung = "未记录：磁盘无响应",
    .journal_ailing = "仍在记录，但磁盘故障",
    .journal_scarce = "仍在记录，但磁盘将满",
    .journal_renewed = "记录文件损坏，已启用新文件",
};

constexpr Words kEnglish{
    .late = "late",
    .frozen = "frozen",
    .lost = "signal lost",
    .connecting = "connecting",
    .starting = "starting",
    .panel_fault = "Panel fault",
    .source_fault = "Source fault",
    .since = "since",
    .next_try = "until next try",
    .no_next_try = "Stays so until someone acts",
    .will_restart = "Recovers by itself",
    .exercise = "EXERCISE",
    .replay = "REPLAY",
    .replay_over = "at its end",
    .no_recording = "No recording",
    .on_air = "ON AIR",
    .not_live = "not live",
    .all_live = "",
    .held_by = "held by ",
    .until = "until ",
    .until_released = "until released",
    .whole_wall = "Whole wall",
    .supervisor_gone = "Supervisor gone: last pictures shown",
    .hub_gone = "Hub away",
    .attention = "Attention",
    .live_attention = "LIVE: attention",
    .journal_full = "Not recorded: disk full",
    .journal_read_only = "Not recorded: disk read-only",
    .journal_failing = "Not recorded: disk failing",
    .journal_hung = "Not recorded: disk does not answer",
    .journal_ailing = "Still recorded, but disk failing",
    .journal_scarce = "Still recorded, but disk almost full",
    .journal_renewed = "Journal was damaged; a new one is begun",
};

int hall_offset_minutes = 480;

std::tm local(int64_t wall_time_ns) {
    auto seconds =
        static_cast<std::time_t>(wall_time_ns / 1'000'000'000 + hall_offset_minutes * int64_t{60});
    std::tm out{};
    gmtime_r(&seconds, &out);
    return out;
}

}  // namespace

const Words& words(const std::string& language) {
    return language == "en" ? kEnglish : kChinese;
}

std::string disk_text(const std::string& disk, const Words& words) {
    if (disk.empty() || disk == "well") return {};
    if (disk == "full") return words.journal_full;
    if (disk == "read-only") return words.journal_read_only;
    if (disk == "hung") return words.journal_hung;
    if (disk == "ailing") return words.journal_ailing;
    if (disk == "scarce") return words.journal_scarce;
    if (disk == "renewed") return words.journal_renewed;
    return words.journal_failing;  // whatever it is, nothing is recorded
}

std::string span_text(int64_t span_ns, const std::string& language) {
    int64_t s = std::max<int64_t>(0, span_ns / 1'000'000'000);
    bool english = language == "en";
    if (s < 60) return english ? fmt::format("{} s", s) : fmt::format("{} 秒", s);
    if (s < 3600) {
        return english ? fmt::format("{} min {} s", s / 60, s % 60)
                       : fmt::format("{} 分 {} 秒", s / 60, s % 60);
    }
    return english ? fmt::format("{} h {} min", s / 3600, s % 3600 / 60)
                   : fmt::format("{} 小时 {} 分", s / 3600, s % 3600 / 60);
}

void set_hall_clock(int utc_offset_minutes) {
    hall_offset_minutes = utc_offset_minutes;
}

int hall_clock() {
    return hall_offset_minutes;
}

std::string clock_text(int64_t wall_time_ns) {
    std::tm t = local(wall_time_ns);
    return fmt::format("{:02}:{:02}", t.tm_hour, t.tm_min);
}

namespace {

// "7 月 21 日", "21 Jul".
std::string day_text(const std::tm& t, const std::string& language) {
    static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (language == "en")
        return fmt::format("{} {}", t.tm_mday, months[static_cast<size_t>(t.tm_mon)]);
    return fmt::format("{} 月 {} 日", t.tm_mon + 1, t.tm_mday);
}

}  // namespace

std::string date_text(int64_t wall_time_ns, const std::string& language) {
    static constexpr std::array<const char*, 7> zh{"日", "一", "二", "三", "四", "五", "六"};
    static constexpr std::array<const char*, 7> en{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    const std::tm t = local(wall_time_ns);
    const auto day = static_cast<size_t>(t.tm_wday);
    if (language == "en") return fmt::format("{} {}", en[day], day_text(t, language));
    return fmt::format("{} 星期{}", day_text(t, language), zh[day]);
}

std::string moment_text(int64_t wall_time_ns, const std::string& language) {
    return day_text(local(wall_time_ns), language) + " " + clock_text(wall_time_ns);
}

}  // namespace bw::compositor
