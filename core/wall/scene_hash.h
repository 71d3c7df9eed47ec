// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/wall/scene.h"

namespace bw::wall {

/// First 32 hexadecimal digits of the SHA-256 of the scene's JSON without `hash` and `take`.
std::string scene_hash(const Scene& scene);

}  // namespace bw::wall
