// SPDX-License-Identifier: Apache-2.0
// The rules role: joins the supervisor, the site's files and the hub on one poll() loop. The wall
// runs as well without it.
#pragma once

#include "core/base/result.h"
#include "core/control/arguments.h"
#include "core/control/message.h"

namespace bw::rules {

/// Runs until `stop`, or the supervisor's end.
base::Status run(const control::Arguments& arguments, control::Channel channel);

}  // namespace bw::rules
