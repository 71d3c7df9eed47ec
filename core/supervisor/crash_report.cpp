// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/crash_report.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <system_error>
#include <vector>

#include "core/base/clock.h"

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

void write_file(const fs::path& file, const Crash& crash) {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    std::ofstream out(file);
    out << crash.row_name << " (version " << (crash.version.empty() ? "unknown" : crash.version)
        << ", pid " << crash.pid << ") ended by " << crash.how << "\nat "
        << time_text("%Y-%m-%dT%H:%M:%S%z") << ", after "
        << static_cast<double>(crash.uptime_ns / base::kMillisecond) / 1000 << " s\n\n"
        << "its last lines:\n";
    for (const std::string& line : crash.last_lines) out << "  " << line << '\n';
}

}  // namespace

fs::path write_crash_report(const fs::path& state_dir, const Crash& crash) {
    const std::string stem = file_stem(crash.row_name);
    fs::path file =
        state_dir / "crashes" /
        (stem + "-" + time_text("%Y%m%d-%H%M%S") + "-" + std::to_string(crash.pid) + ".txt");
    const pid_t child = fork();
    if (child == 0) {
        // A grandchild, so that nobody has to wait for it.
        if (fork() != 0) _exit(0);
        write_file(file, crash);
        drop_old(file.parent_path(), stem);
        _exit(0);
    }
    if (child > 0) waitpid(child, nullptr, 0);
    return file;
}

}  // namespace bw::supervisor
