// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/events/client.h"

namespace bw::cli {

/// Pumps the client until Ctrl-C, SIGTERM, or `hub_gone` after the hub has been silent for long.
/// Gives the exit code.
int follow(events::Client& client);

}  // namespace bw::cli
