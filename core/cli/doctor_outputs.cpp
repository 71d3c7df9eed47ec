// SPDX-License-Identifier: Apache-2.0
// beaconwall doctor --displays. The compositor's program asks the X server: `beaconwall` links
// neither X11 nor GL, and what goes wrong there takes only the child.
#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>

#include "core/base/clock.h"
#include "core/base/paths.h"
#include "core/base/unique_fd.h"
#include "core/cli/commands.h"
#include "core/cli/doctor_displays.h"

namespace bw::cli {
namespace {

constexpr int64_t kPatienceNs = 15 * base::kSecond;  // asking monitors over slow cables takes long

pid_t start(const std::string& program, int out) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::execl(program.c_str(), program.c_str(), "--outputs", nullptr);
    ::_exit(127);
}

/// What the compositor's program prints; nothing: it failed, or said nothing in time.
std::optional<std::string> ask_outputs() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
    const base::UniqueFd in(ends[0]);
    base::UniqueFd out(ends[1]);
    const pid_t pid = start(base::role_program("compositor").string(), out.get());
    if (pid < 0) return std::nullopt;
    out.reset();
    std::string text;
    const int64_t until = base::mono_ns() + kPatienceNs;
    bool ended = false;
    while (!ended && base::mono_ns() < until) {
        pollfd wait{in.get(), POLLIN, 0};
        ::poll(&wait, 1, 100);
        if (wait.revents == 0) continue;
        std::array<char, 4096> buffer{};
        const ssize_t got = ::read(in.get(), buffer.data(), buffer.size());
        ended = got <= 0;
        if (got > 0) text.append(buffer.data(), static_cast<size_t>(got));
    }
    if (!ended) ::kill(pid, SIGKILL);
    int status = 0;
    ::waitpid(pid, &status, 0);
    if (!ended || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
    return text;
}

int no_display() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    const char* display = std::getenv("DISPLAY");
    fmt::print(stderr, "no outputs to list: {}\n",
               display == nullptr ? std::string("DISPLAY is not set")
                                  : fmt::format("no X server with RandR answers at {}", display));
    fmt::print(stderr,
               "run this in the desktop session that the wall's monitors show, or name its X "
               "server: DISPLAY=:0 beaconwall doctor --displays\n");
    return Exit::refused;
}

}  // namespace

int doctor_displays() {
    const auto said = ask_outputs();
    if (!said) return no_display();
    const auto outputs = parse_output_lines(*said);
    if (outputs.empty()) {
        fmt::print(stderr, "no monitor is plugged in: look at cables and power\n");
        return Exit::refused;
    }
    fmt::print(
        "# Above all tables of wall.toml, so that each display finds its monitor by itself:\n"
        "# bind = \"displays\"\n"
        "# Places follow the desktop's layout; bezels and gaps are yours to add. A monitor that\n"
        "# hangs turned: give width and height as it hangs, and rotation = 90, 180 or 270.\n\n{}",
        display_entries(outputs));
    return Exit::done;
}

}  // namespace bw::cli
