// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/unique_fd.h"

namespace bw::sandbox {

/// From here on this thread, and those that it starts, may make only the calls that drawing, C++,
/// threads and ZeroMQ over given sockets need; for good. Any other waits until somebody answers it
/// on the descriptor that is given back, which belongs to the supervisor (`Refusals`). Not valid:
/// this kernel cannot, and nothing was closed.
base::UniqueFd close_calls();

}  // namespace bw::sandbox
