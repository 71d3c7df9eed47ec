// SPDX-License-Identifier: Apache-2.0
// Who exchanges pictures with whom, and the surface links between incarnations.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/supervisor/process.h"

namespace bw::supervisor {

using Processes = std::vector<std::unique_ptr<Process>>;

/// Called for each end that would not take its message: that process must end.
using Refused = std::function<void(Process&)>;

/// Makes a new link for every pair that `started` belongs to and whose other end lives, and sends
/// it to both; our own descriptors are closed as soon as they are sent.
void link_up(const Processes& processes, Process& started, const Refused& refused);
/// Tells every living partner of `gone`, and in which RoleState that leaves it.
void unlink(const Processes& processes, const Process& gone, const Refused& refused);

}  // namespace bw::supervisor
