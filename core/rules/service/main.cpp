// SPDX-License-Identifier: Apache-2.0
// libexec/beaconwall-rules: sends the commands that rules.toml asks for.
#include <utility>

#include "core/base/log.h"
#include "core/rules/service/role.h"

int main(int argc, char** argv) {
    using namespace bw;
    base::log_init("rules");
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
    if (auto done = rules::run(*arguments, std::move(joined->first)); !done) {
        base::log_error("{}", done.error().text);
        return 1;
    }
    return 0;
}
