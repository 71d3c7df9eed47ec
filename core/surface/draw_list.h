// SPDX-License-Identifier: Apache-2.0
// A draw list in memory: what a panel hands over, what the compositor draws after copying and
// validating it.
#pragma once

#include <vector>

#include "core/surface/layout.h"

namespace bw::surface {

struct DrawList {
    std::vector<Vertex> vertices;
    std::vector<uint32_t> indices;
    std::vector<DrawCommand> commands;
    std::vector<VideoCommand> videos;
};

}  // namespace bw::surface
