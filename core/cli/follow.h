// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "core/events/client.h"

namespace bw::cli {

/// Calls `subscribe`, then pumps the client until Ctrl-C or SIGTERM; either counts from before the
/// first event on, so that whoever has seen one may end it in order. Gives the exit code.
int follow(events::Client& client, const std::function<void()>& subscribe);

}  // namespace bw::cli
