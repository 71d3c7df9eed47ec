// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/config/site.h"

namespace bw::wall {

/// The cameras of the site that a panel's settings name, anywhere in them, as "camera/FF-001" or
/// "FF-001": what the panel will most likely show. Each once, in the order of `site.cameras`.
std::vector<std::string> cameras_in(const config::Site& site, const std::string& settings);

}  // namespace bw::wall
