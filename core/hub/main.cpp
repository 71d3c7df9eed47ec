// SPDX-License-Identifier: Apache-2.0
// libexec/beaconwall-hub
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string_view>

#include "core/base/log.h"
#include "core/hub/hub.h"
#include "core/hub/journal_tool.h"

namespace {

// A thread that waits for a disk may wait for ever; the wall is to end now. Nothing that was
// acknowledged depends on what it still had to write.
void end_anyway(int /*signal*/) {
    constexpr char kText[] = "hub: a disk does not answer; ending without it\n";
    if (::write(STDERR_FILENO, kText, sizeof kText - 1) < 0) ::_exit(0);
    ::_exit(0);
}

/// From now on the process lives for at most `ms`.
void end_within(int ms) {
    std::signal(SIGALRM, end_anyway);
    itimerval timer{};
    timer.it_value = {ms / 1000, (ms % 1000) * 1000};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

constexpr int kEndWithinMs = 1200;

}  // namespace

int main(int argc, char** argv) {
    using namespace bw;
    if (argc > 1 && std::string_view(argv[1]) == "journal")
        return hub::journal_tool({argv + 2, argv + argc});
    base::log_init("hub");
    const auto arguments = control::parse_arguments(argc, argv);
    if (!arguments) {
        std::fprintf(stderr, "%s\n", arguments.error().text.c_str());
        return 2;
    }
    // A full disk or a file-size limit is an error of a write, not our end.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    auto joined = control::join_supervisor(false);
    if (!joined) {
        base::log_error("{}", joined.error().text);
        return 1;
    }
    auto hub = hub::Hub::open(*arguments, std::move(joined->first));
    if (!hub) {
        base::log_error("{}", hub.error().text);
        return 1;
    }
    const int code = (*hub)->run();
    end_within(kEndWithinMs);
    hub->reset();
    return code;
}
