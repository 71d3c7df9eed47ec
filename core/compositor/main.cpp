// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <string_view>

#include "core/base/log.h"
#include "core/base/memory.h"
#include "core/compositor/app.h"
#include "core/compositor/desktop_x11.h"

namespace {

int fail(const std::string& why) {
    bw::base::log_error("{}", why);
    return 1;
}

// For `beaconwall doctor --displays`, which links neither X11 nor GL.
int print_outputs() {
    auto desktop = bw::compositor::Desktop::open();
    if (!desktop.ok()) return fail(desktop.error().text);
    const std::string lines = bw::compositor::output_lines((*desktop)->outputs(true));
    return std::fwrite(lines.data(), 1, lines.size(), stdout) == lines.size() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    bw::base::give_large_blocks_back();
    bw::base::log_init("compositor");
    if (argc == 2 && std::string_view(argv[1]) == "--outputs") return print_outputs();
    auto arguments = bw::control::parse_arguments(argc, argv);
    if (!arguments.ok()) return fail(arguments.error().text);
    // It outlives its supervisor on purpose: the wall keeps its last pictures, marked.
    auto joined = bw::control::join_supervisor(true);
    if (!joined.ok()) return fail(joined.error().text);
    auto& [channel, start] = *joined;
    bw::compositor::App app(std::move(*arguments), std::move(channel));
    if (auto done = app.open(std::move(start)); !done.ok()) return app.fail(done.error().text);
    return app.run();
}
