// SPDX-License-Identifier: Apache-2.0
// An order of the engine as the hub gets it: a command that its rule gives.
#pragma once

#include <cstdint>
#include <string>

#include "core/rules/order.h"

namespace bw::rules {

/// The body of the wire's verb `command` (docs/wire.md), JSON. `now_ns`: the hub's wall clock; the
/// command is worth nothing 2 s later.
std::string command_of(const Order& order, int64_t now_ns);

}  // namespace bw::rules
