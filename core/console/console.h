// SPDX-License-Identifier: Apache-2.0
// The console role: joins the supervisor, the hub, the mirror and the HTTP server on one GLib loop.
// The wall runs as well without it.
#pragma once

#include "core/base/result.h"
#include "core/control/arguments.h"
#include "core/control/message.h"

namespace bw::console {

/// Runs until `stop`, SIGTERM, or the supervisor's end. `start` is the supervisor's first message.
base::Status run(const control::Arguments& arguments, control::Channel channel,
                 const control::Message& start);

}  // namespace bw::console
