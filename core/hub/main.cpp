// SPDX-License-Identifier: Apache-2.0
// libexec/beaconwall-hub
#include <csignal>
#include <cstdio>

#include "core/base/log.h"
#include "core/hub/hub.h"

int main(int argc, char** argv) {
    using namespace bw;
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
    return (*hub)->run();
}
