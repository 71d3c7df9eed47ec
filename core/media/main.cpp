// SPDX-License-Identifier: Apache-2.0
// beaconwall-media: connects to cameras, decodes, and hands pictures to the compositor.
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string_view>

#include "core/base/log.h"
#include "core/base/memory.h"
#include "core/control/arguments.h"
#include "core/control/message.h"
#include "core/media/media.h"
#include "core/media/pipeline.h"
#include "core/media/probe.h"

namespace {

/// One line of the standard input, asked for where a person sits.
std::string ask(const char* what, bool hidden) {
    const bool person = isatty(STDIN_FILENO) == 1;
    termios before{};
    if (person) {
        std::fprintf(stderr, "%s: ", what);
        if (hidden && tcgetattr(STDIN_FILENO, &before) == 0) {
            termios silent = before;
            silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            tcsetattr(STDIN_FILENO, TCSANOW, &silent);
        }
    }
    std::string line;
    std::getline(std::cin, line);
    if (person && hidden) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
        std::fprintf(stderr, "\n");
    }
    return line;
}

/// --probe URI [--login], for `beaconwall source probe`.
int probe(int argc, char** argv) {
    if (auto loaded = bw::media::init_pipelines(); !loaded) {
        bw::base::log_error("{}", loaded.error().text);
        return 1;
    }
    bw::config::Secret login;
    if (argc == 4 && std::string_view(argv[3]) == "--login") {
        login.user = ask("user", false);
        login.password = ask("password", true);
    }
    const int code = bw::media::probe(argv[2], login);
    std::fflush(stdout);
    _exit(code);  // as below
}

}  // namespace

int main(int argc, char** argv) {
    bw::base::give_large_blocks_back();
    bw::base::log_init("media");
    if (argc >= 3 && std::string_view(argv[1]) == "--probe") return probe(argc, argv);
    auto arguments = bw::control::parse_arguments(argc, argv);
    if (!arguments) {
        bw::base::log_error("{}", arguments.error().text);
        return 2;
    }
    auto joined = bw::control::join_supervisor(false);
    if (!joined) {
        bw::base::log_error("{}", joined.error().text);
        return 1;
    }
    if (auto loaded = bw::media::init_pipelines(); !loaded) {
        bw::base::log_error("{}", loaded.error().text);
        return 1;
    }
    int code = 0;
    {
        bw::media::Media media(std::move(*arguments), std::move(joined->first),
                               joined->second.message);
        code = media.run();
    }
    // Not exit(): threads of streams that do not close may still run, and must not meet
    // destructors.
    _exit(code);
}
