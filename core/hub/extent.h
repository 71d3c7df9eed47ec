// SPDX-License-Identifier: Apache-2.0
// What a command would touch: the displays and sources that a role's limits are compared with.
// Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/access/gate.h"
#include "core/access/rules.h"
#include "core/hub/scenes.h"

namespace bw::hub {

/// `event`: a checked command. What makes no sense touches nothing: carrying it out refuses it.
access::Extent extent_of(access::Touches touches, const nlohmann::json& event,
                         const config::Site& site, const Scenes& scenes);

}  // namespace bw::hub
