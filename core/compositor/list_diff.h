// SPDX-License-Identifier: Apache-2.0
// Where two pictures of a panel differ: a board whose clock ticks is not drawn anew as a whole.
#pragma once

#include <vector>

#include "core/surface/draw_list.h"
#include "core/wall/scene.h"

namespace bw::compositor {

/// Rectangles of content pixels that cover every difference; empty: the lists draw the same. Lists
/// are validated (indices and commands in range); their textures are numbered (Texture::content).
std::vector<wall::RectPx> list_diff(const surface::DrawList& before, const surface::DrawList& after,
                                    int width, int height);

}  // namespace bw::compositor
