// SPDX-License-Identifier: Apache-2.0
// How a command asks for a transition, and how `live` says it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "core/base/result.h"
#include "core/config/site.h"

namespace bw::hub {

inline constexpr uint32_t kMaxTransitionMs = 10'000;

/// What a command's `transition` or `fade_ms` asks for; none: it leaves that to the layout.
/// "invalid" with a sentence that says what is allowed.
base::Result<std::optional<config::Transition>> asked_transition(const nlohmann::json& data);
nlohmann::json transition_json(const config::Transition& transition);

}  // namespace bw::hub
