// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>

namespace bw::supervisor {

/// What is known of a plugin's process that ended though nobody asked.
struct Crash {
    std::string row_name;  // "panel/supplies"
    std::string version;   // of the plugin
    std::string how;       // "signal 11 (Segmentation fault)"
    pid_t pid = 0;
    int64_t uptime_ns = 0;
    std::deque<std::string> last_lines;  // its own, with the backtrace if it could write one
};

/// Writes STATE/crashes/ROW-TIME-PID.txt, in a process of its own because a disk may be slow, and
/// keeps the newest 20 of each row. Returns at once; the log says later where it is, or why it
/// could not be kept.
void write_crash_report(const std::filesystem::path& state_dir, const Crash& crash);

}  // namespace bw::supervisor
