// SPDX-License-Identifier: Apache-2.0
// beaconwall source probe. Media's program does it: `beaconwall` links no GStreamer.
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/paths.h"
#include "core/cli/commands.h"

namespace bw::cli {

int source_probe(const ProbeOptions& options) {
    const std::string& uri = options.uri;
    const size_t scheme = uri.find("://");
    if (scheme == std::string::npos) {
        fmt::print(stderr, "found no address; allowed: one such as rtsp://192.0.2.1/main\n");
        return Exit::usage;
    }
    // What stands in a command line is seen by everybody on this machine, and kept by the shell.
    const size_t end = uri.find_first_of("/?#", scheme + 3);
    if (uri.substr(scheme + 3, end - scheme - 3).find('@') != std::string::npos) {
        fmt::print(stderr,
                   "found a name or password inside the address; allowed: the address without, and "
                   "--login, which asks for both\n");
        return Exit::usage;
    }
    const std::string program = base::role_program("media").string();
    ::execl(program.c_str(), program.c_str(), "--probe", uri.c_str(),
            options.login ? "--login" : nullptr, nullptr);
    fmt::print(stderr, "{}: {}\n", program, std::strerror(errno));
    return Exit::refused;
}

}  // namespace bw::cli
