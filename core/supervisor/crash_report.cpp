// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/crash_report.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/unique_fd.h"

namespace bw::supervisor {
namespace {

namespace fs = std::filesystem;
constexpr size_t kKept = 20;

std::string time_text(const char* format) {
    std::array<char, 40> text{};
    const std::time_t now = std::time(nullptr);
    tm parts{};
    localtime_r(&now, &parts);
    std::strftime(text.data(), text.size(), format, &parts);
    return text.data();
}

std::string file_stem(std::string row_name) {
    std::replace(row_name.begin(), row_name.end(), '/', '-');
    return row_name;
}

/// The names begin alike and go on with the time: sorted, the oldest come first.
void drop_old(const fs::path& folder, const std::string& stem) {
    std::vector<fs::path> reports;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (at->path().filename().string().starts_with(stem + "-20")) reports.push_back(at->path());
    std::sort(reports.begin(), reports.end());
    for (size_t i = 0; i + kKept < reports.size(); ++i) fs::remove(reports[i], error);
}

std::string text_of(const Crash& crash) {
    std::string text =
        fmt::format("{} (version {}, pid {}) ended by {}\nat {}, after {} s\n\nits last lines:\n",
                    crash.row_name, crash.version.empty() ? "unknown" : crash.version, crash.pid,
                    crash.how, time_text("%Y-%m-%dT%H:%M:%S%z"),
                    static_cast<double>(crash.uptime_ns / base::kMillisecond) / 1000);
    for (const std::string& line : crash.last_lines) text += "  " + line + '\n';
    return text;
}

/// Why it could not be written; empty: it was. Half a report is none.
std::string write_file(const fs::path& file, std::string_view text) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error) return error.message();
    const base::UniqueFd out(open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!out.valid()) return std::generic_category().message(errno);
    while (!text.empty()) {
        const ssize_t written = write(out.get(), text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) break;
        text.remove_prefix(static_cast<size_t>(written));
    }
    // Some disks tell only now that they are full.
    if (text.empty() && fsync(out.get()) == 0) return "";
    const std::string why = std::generic_category().message(errno);
    fs::remove(file, error);
    return why;
}

void keep(const fs::path& file, const Crash& crash) {
    const std::string why = write_file(file, text_of(crash));
    if (why.empty()) return base::log_info("what is known of it: {}", file.string());
    base::log_warning("what is known of {} could not be kept in {}: {}", crash.row_name,
                      file.parent_path().string(), why);
}

}  // namespace

void write_crash_report(const fs::path& state_dir, const Crash& crash) {
    const pid_t child = fork();
    if (child == 0) {
        // A grandchild, so that nobody has to wait for it.
        if (fork() != 0) _exit(0);
        const std::string stem = file_stem(crash.row_name);
        const fs::path folder = state_dir / "crashes";
        keep(folder / fmt::format("{}-{}-{}.txt", stem, time_text("%Y%m%d-%H%M%S"), crash.pid),
             crash);
        drop_old(folder, stem);
        _exit(0);
    }
    if (child > 0) waitpid(child, nullptr, 0);
}

}  // namespace bw::supervisor
