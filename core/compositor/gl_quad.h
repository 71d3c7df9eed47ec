// SPDX-License-Identifier: Apache-2.0
// One texture, opaque, scaled onto a canvas.
#pragma once

#include "core/compositor/gl_program.h"

namespace bw::compositor {

class GlQuad {
  public:
    base::Status open();
    /// The whole texture lies at `dest`; only `visible` is drawn.
    void draw(const Canvas& canvas, GLuint texture, const wall::RectPx& dest,
              const wall::RectPx& visible);

  private:
    GlProgram program_;
    GLint rect_ = -1, canvas_ = -1;
    GlVertexArray empty_;
};

}  // namespace bw::compositor
