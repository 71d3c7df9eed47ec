// SPDX-License-Identifier: Apache-2.0
// Events that nobody would send on purpose.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/events/event.h"

namespace bw::check {

/// JSON texts of every kind and size, none of them what a panel expects.
const std::vector<std::string>& hostile_payloads();
/// An event that `prefix` of "type/subject" matches.
events::Event event_for(const std::string& prefix, const std::string& data);
/// `event` with one member of its data replaced, left out or doubled.
events::Event mutated(const events::Event& event, std::mt19937_64& chance);

}  // namespace bw::check
