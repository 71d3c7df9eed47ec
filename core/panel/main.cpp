// SPDX-License-Identifier: Apache-2.0
// beaconwall-panel: hosts one plugin's panel library. Started by the supervisor, which names the
// plugin in `start`; opens nothing by path but that library.
#include <array>
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

/// Before the first thread and before any code of the plugin's.
void close_in(control::Channel& channel, const control::Message& start) {
    // A sanitizer's memory, its threads, and the program that names its lines need what is refused.
    if (kSanitized) return;
    tzset();  // the log's times; the file cannot be read any more behind this
    const std::filesystem::path library(start.text_view());
    sandbox::set_limits({});
    if (!sandbox::close_files(library.parent_path()))
        base::log_warning("this kernel has no Landlock: the plugin may read any file");
    const base::UniqueFd refusals = sandbox::close_calls();
    if (!refusals.valid())
        return base::log_warning(
            "this kernel has no seccomp notification: the plugin may make any call");
    control::Message beat;
    beat.kind = control::Kind::beat;
    const std::array<int, 1> fds{refusals.get()};
    (void)channel.send(beat, fds);
}

}  // namespace

int main() {
    sandbox::give_up_privileges();
    auto joined = control::join_supervisor(false);
    if (!joined) {
        std::fprintf(stderr, "panel: %s\n", joined.error().text.c_str());
        return 2;
    }
    auto& [channel, start] = *joined;
    base::log_init("panel " + std::string(start.message.name_view()));
    panel::alarm::install(channel.fd(), !kSanitized);
    close_in(channel, start.message);
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
