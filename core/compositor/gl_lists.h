// SPDX-License-Identifier: Apache-2.0
// Draw lists with GL: triangles in the glyph atlas' texture or in one of the panel's own, blended.
#pragma once

#include "core/compositor/gl_program.h"
#include "core/compositor/gl_textures.h"
#include "core/compositor/plan.h"

namespace bw::compositor {

class GlLists {
  public:
    base::Status open(const text::Atlas& atlas);
    /// `textures`: the panel's own, loaded; null: it has none. A command whose texture is not there
    /// is not drawn.
    void draw(const Canvas& canvas, const Plan::List& what, const GlTextures* textures = nullptr);

  private:
    struct Program {
        GlProgram program;
        GLint offset = -1, scale = -1, canvas = -1;
    };
    static base::Status open(Program& program, const char* fragment);
    static void use(const Program& program, const Canvas& canvas, const Plan::List& what);

    Program text_, image_;
    GlTexture glyphs_;
    GlVertexArray array_;
    GlBuffer vertices_, indices_;  // given anew with each list: the driver streams them
};

}  // namespace bw::compositor
