// SPDX-License-Identifier: Apache-2.0
#include "core/base/log.h"
#include "core/compositor/app.h"

namespace {

int fail(const std::string& why) {
    bw::base::log_error("{}", why);
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    bw::base::log_init("compositor");
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
