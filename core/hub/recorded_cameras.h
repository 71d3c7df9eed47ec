// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/site.h"
#include "core/hub/facts.h"

namespace bw::hub {

/// The cameras that stand in records of services and not in `files`, by id. A record whose subject
/// is no camera's name is left out.
std::vector<config::Camera> recorded_cameras(const Facts& facts,
                                             const std::vector<config::Camera>& files);

}  // namespace bw::hub
