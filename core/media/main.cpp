// SPDX-License-Identifier: Apache-2.0
// beaconwall-media: connects to cameras, decodes, and hands pictures to the compositor.
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/memory.h"
#include "core/control/arguments.h"
#include "core/control/message.h"
#include "core/media/media.h"
#include "core/media/pipeline.h"

int main(int argc, char** argv) {
    bw::base::give_large_blocks_back();
    bw::base::log_init("media");
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
                               std::string(joined->second.message.name_view()));
        code = media.run();
    }
    // Not exit(): threads of streams that do not close may still run, and must not meet
    // destructors.
    _exit(code);
}
