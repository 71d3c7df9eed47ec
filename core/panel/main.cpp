// SPDX-License-Identifier: Apache-2.0
// beaconwall-panel: hosts one plugin's panel library. Started by the supervisor, which names the
// plugin in `start`; opens nothing by path but that library.
#include <poll.h>
#include <sys/prctl.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>

#include "core/base/log.h"
#include "core/base/sanitized.h"
#include "core/panel/alarm.h"
#include "core/panel/host.h"
#include "core/sandbox/calls.h"
#include "core/sandbox/files.h"
#include "core/sandbox/limits.h"

namespace {

using namespace bw;

/// What closes the process in, as far as that can be done before the plugin is known.
struct Walls {
    sandbox::FileRules files;
    base::UniqueFd refusals;
};

/// Before the first thread and before any code of the plugin's.
Walls raise_walls() {
    // A sanitizer's memory, its threads, and the program that names its lines need what is refused.
    if (kSanitized) return {};
    tzset();  // the log's times; the file cannot be read any more behind this
    sandbox::set_limits({});
    Walls walls{sandbox::FileRules::of_system(), sandbox::close_calls()};
    if (!walls.refusals.valid())
        base::log_warning("this kernel has no seccomp notification: the plugin may make any call");
    return walls;
}

/// The last gap, once it is known where the plugin lies.
void close_in(control::Channel& channel, const control::Message& start, const Walls& walls) {
    if (kSanitized) return;
    const std::filesystem::path library(start.text_view());
    if (!walls.files.close(library.parent_path()))
        base::log_warning("this kernel has no Landlock: the plugin may read any file");
    if (!walls.refusals.valid()) return;
    control::Message beat;
    beat.kind = control::Kind::beat;
    const std::array<int, 1> fds{walls.refusals.get()};
    (void)channel.send(beat, fds);
}

/// Most begin as a spare one, which gets its `start` when somebody dies; without end, as long as
/// there is a supervisor.
void wait_for_work() {
    pollfd told{control::kControlFd, POLLIN, 0};
    while (poll(&told, 1, -1) < 0 && errno == EINTR) {
    }
}

}  // namespace

int main() {
    sandbox::give_up_privileges();
    prctl(PR_SET_PDEATHSIG, SIGTERM);  // the walls refuse it
    base::log_init("panel");
    panel::alarm::install(control::kControlFd, !kSanitized);
    const Walls walls = raise_walls();
    wait_for_work();
    auto joined = control::join_supervisor(true);
    if (!joined) {
        std::fprintf(stderr, "panel: %s\n", joined.error().text.c_str());
        return 2;
    }
    auto& [channel, start] = *joined;
    base::log_init("panel " + std::string(start.message.name_view()));
    close_in(channel, start.message, walls);
    auto host = panel::Host::start(channel, start);
    control::Message message;
    if (!host) {
        base::log_error("{}", host.error().text);
        message.kind = control::Kind::failed;
        message.set_text(host.error().text);
        (void)channel.send(message);
        return 1;
    }
    message.kind = control::Kind::ready;
    (void)channel.send(message);
    return (*host)->run();
}
