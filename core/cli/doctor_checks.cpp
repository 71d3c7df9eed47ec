// SPDX-License-Identifier: Apache-2.0
#include "core/cli/doctor_checks.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "core/base/paths.h"
#include "core/base/shm.h"

namespace bw::cli {
namespace {

namespace fs = std::filesystem;
using State = Finding::State;

/// Runs `check` in a child: what a driver or a scheduler does to a process dies with it.
template <class Check>
int in_child(Check check) {
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(check());
    int status = 0;
    if (pid < 0 || ::waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return 1;
    return WEXITSTATUS(status);
}

bool program_exists(const fs::path& path) {
    return ::access(path.c_str(), X_OK) == 0;
}

std::vector<fs::path> gstreamer_folders() {
    std::vector<fs::path> folders;
    for (const char* name :
         {"GST_PLUGIN_PATH_1_0", "GST_PLUGIN_PATH", "GST_PLUGIN_SYSTEM_PATH_1_0"})
        if (const char* value = std::getenv(name)) {  // NOLINT(concurrency-mt-unsafe): one thread
            const std::string list = value;
            for (size_t at = 0; at <= list.size();) {
                const size_t end = std::min(list.find(':', at), list.size());
                if (end > at) folders.emplace_back(list.substr(at, end - at));
                at = end + 1;
            }
        }
    std::error_code error;
    for (const char* lib : {"/usr/lib", "/usr/lib64"}) {
        folders.push_back(fs::path(lib) / "gstreamer-1.0");
        for (fs::directory_iterator at(lib, error), end; !error && at != end; at.increment(error))
            if (at->path().filename().string().find("-linux-gnu") != std::string::npos)
                folders.push_back(at->path() / "gstreamer-1.0");
        error.clear();
    }
    return folders;
}

struct Element {
    const char* file;
    const char* elements;
    const char* package;
    State if_absent;
};
constexpr Element kElements[] = {
    {"libgstapp.so", "appsink", "gstreamer1.0-plugins-base", State::missing},
    {"libgstplayback.so", "uridecodebin", "gstreamer1.0-plugins-base", State::missing},
    {"libgstvideotestsrc.so", "videotestsrc", "gstreamer1.0-plugins-base", State::missing},
    {"libgstrtsp.so", "rtspsrc", "gstreamer1.0-plugins-good", State::missing},
    {"libgstrtp.so", "rtph264depay", "gstreamer1.0-plugins-good", State::missing},
    {"libgstrtpmanager.so", "rtpbin", "gstreamer1.0-plugins-good", State::missing},
    {"libgstvideoparsersbad.so", "h264parse", "gstreamer1.0-plugins-bad", State::missing},
    {"libgstlibav.so", "avdec_h264", "gstreamer1.0-libav", State::missing},
    {"libgstx264.so", "x264enc (only the demo's cameras need it)", "gstreamer1.0-plugins-ugly",
     State::lacking},
};

struct Font {
    const char* file;
    const char* what;
    const char* package;
};
constexpr Font kFonts[] = {
    {"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "Chinese text", "fonts-noto-cjk"},
    {"/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", "Chinese titles", "fonts-noto-cjk"},
    {"/usr/share/fonts/truetype/roboto/unhinted/RobotoCondensed-Regular.ttf", "numbers",
     "fonts-roboto-unhinted"},
    {"/usr/share/fonts/truetype/material-design-icons-iconfont/MaterialIcons-Regular.ttf", "icons",
     "fonts-material-design-icons-iconfont"},
};

}  // namespace

Finding check_kernel() {
    const auto memory = base::make_sealed_memfd("beaconwall-doctor", 4096);
    const long pidfd = ::syscall(SYS_pidfd_open, ::getpid(), 0);
    if (pidfd >= 0) ::close(static_cast<int>(pidfd));
    if (memory && pidfd >= 0) return {State::ok, "kernel", "sealed memory and pidfd", ""};
    return {State::missing, "kernel",
            memory ? "no pidfd_open" : "no sealed memory: " + memory.error().text,
            "use Linux 5.10 or newer, and a container that allows memfd_create and pidfd_open"};
}

Finding check_realtime() {
    const int failed = in_child([] {
        sched_param how{};
        how.sched_priority = 1;
        return ::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &how) == 0 ? 0 : 1;
    });
    if (!failed) return {State::ok, "real-time scheduling", "allowed", ""};
    return {State::lacking, "real-time scheduling", "not allowed: takes may be late under load",
            "set LimitRTPRIO=10 in the service unit, or run: ulimit -r 10"};
}

Finding check_open_files() {
    constexpr rlim_t wanted = 4096;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const std::string found = fmt::format("{} (at most {})", limit.rlim_cur, limit.rlim_max);
    if (limit.rlim_max >= wanted) return {State::ok, "open files", found, ""};
    return {State::lacking, "open files", found + ": too few for a large wall",
            "set LimitNOFILE=4096 in the service unit, or run: ulimit -n 4096"};
}

std::vector<Finding> check_fonts() {
    std::vector<Finding> findings;
    for (const Font& font : kFonts) {
        std::error_code error;
        const bool there = fs::exists(font.file, error);
        findings.push_back({there ? State::ok : State::missing, std::string("font: ") + font.what,
                            there ? font.file : std::string("no ") + font.file,
                            there ? "" : std::string("apt-get install ") + font.package});
    }
    return findings;
}

std::vector<Finding> check_gstreamer() {
    const auto folders = gstreamer_folders();
    std::vector<Finding> findings;
    for (const Element& element : kElements) {
        std::string found;
        std::error_code error;
        for (const fs::path& folder : folders)
            if (found.empty() && fs::exists(folder / element.file, error))
                found = (folder / element.file).string();
        const bool there = !found.empty();
        findings.push_back({there ? State::ok : element.if_absent,
                            std::string("GStreamer: ") + element.elements,
                            there ? found : std::string("no ") + element.file,
                            there ? "" : std::string("apt-get install ") + element.package});
    }
    return findings;
}

std::vector<Finding> check_programs() {
    std::vector<Finding> findings;
    for (const char* role :
         {"supervisor", "glyphs", "hub", "compositor", "panel", "media", "console", "rules"}) {
        const fs::path path = base::role_program(role);
        const bool there = program_exists(path);
        findings.push_back({there ? State::ok : State::missing, std::string("program: ") + role,
                            there ? path.string() : "no " + path.string(),
                            there ? "" : "build or install Beaconwall whole"});
    }
    return findings;
}

}  // namespace bw::cli
