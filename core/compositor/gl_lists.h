// SPDX-License-Identifier: Apache-2.0
// Draw lists with GL: triangles in the glyph atlas' texture, blended.
#pragma once

#include "core/compositor/gl_program.h"
#include "core/compositor/plan.h"

namespace bw::compositor {

class GlLists {
  public:
    base::Status open(const text::Atlas& atlas);
    void draw(const Canvas& canvas, const Plan::List& what);

  private:
    GlProgram program_;
    GLint offset_ = -1, scale_ = -1, canvas_ = -1;
    GlTexture glyphs_;
    GlVertexArray array_;
    GlBuffer vertices_, indices_;  // given anew with each list: the driver streams them
};

}  // namespace bw::compositor
