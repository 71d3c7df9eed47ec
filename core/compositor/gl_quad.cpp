// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/gl_quad.h"

namespace bw::compositor {

base::Status GlQuad::open() {
    auto program = link_program("compose_picture.vert", "compose_picture.frag");
    if (!program.ok()) return program.error();
    program_ = std::move(*program);
    rect_ = glGetUniformLocation(program_.get(), "u_rect");
    canvas_ = glGetUniformLocation(program_.get(), "u_canvas");
    empty_ = make_vertex_array();
    return {};
}

void GlQuad::draw(const Canvas& canvas, GLuint texture, const wall::RectPx& dest,
                  const wall::RectPx& visible) {
    bind(canvas);
    scissor(visible);
    glUseProgram(program_.get());
    glUniform4f(rect_, static_cast<float>(dest.x), static_cast<float>(dest.y),
                static_cast<float>(dest.width), static_cast<float>(dest.height));
    glUniform2f(canvas_, static_cast<float>(canvas.width), static_cast<float>(canvas.height));
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, texture);
    glBindVertexArray(empty_.get());
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

}  // namespace bw::compositor
