// SPDX-License-Identifier: Apache-2.0
#include "core/control/arguments.h"

#include <string_view>

namespace bw::control {

std::string Arguments::hub_endpoint() const {
    return "ipc://" + (run_dir / "hub.sock").string();
}

base::Result<Arguments> parse_arguments(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--headless") {
            arguments.headless = true;
            continue;
        }
        const bool known =
            name == "--site" || name == "--run-dir" || name == "--state-dir" || name == "--machine";
        if (!known) return base::Error{"invalid", "unknown argument " + std::string(name)};
        if (i + 1 >= argc)
            return base::Error{"invalid", "argument " + std::string(name) + " lacks its value"};
        const char* value = argv[++i];
        if (name == "--site") arguments.site = value;
        if (name == "--run-dir") arguments.run_dir = value;
        if (name == "--state-dir") arguments.state_dir = value;
        if (name == "--machine") arguments.machine = value;
    }
    return arguments;
}

}  // namespace bw::control
