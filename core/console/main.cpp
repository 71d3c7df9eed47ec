// SPDX-License-Identifier: Apache-2.0
// libexec/beaconwall-console: the duty officer's web console.
#include <csignal>
#include <utility>

#include "core/base/log.h"
#include "core/console/console.h"

int main(int argc, char** argv) {
    using namespace bw;
    base::log_init("console");
    std::signal(SIGPIPE, SIG_IGN);  // a browser that went away is no reason to end
    auto arguments = control::parse_arguments(argc, argv);
    if (!arguments) {
        base::log_error("{}", arguments.error().text);
        return 2;
    }
    auto joined = control::join_supervisor(false);
    if (!joined) {
        base::log_error("{}", joined.error().text);
        return 1;
    }
    if (auto done = console::run(*arguments, std::move(joined->first), joined->second.message);
        !done) {
        base::log_error("{}", done.error().text);
        return 1;
    }
    return 0;
}
