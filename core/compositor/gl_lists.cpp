// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/gl_lists.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace bw::compositor {

using wall::RectPx;

namespace {

// Clips come from outside: brought into a canvas' range before they become integers.
RectPx clip_of(const surface::DrawCommand& command, const Plan::List& what) {
    auto edge = [&](float v, double origin) {
        return static_cast<int>(std::floor(std::clamp(origin + v * what.scale, -1e6, 1e6) + 0.5));
    };
    const int x0 = edge(command.clip_x0, what.x), y0 = edge(command.clip_y0, what.y);
    const int x1 = edge(command.clip_x1, what.x), y1 = edge(command.clip_y1, what.y);
    return wall::intersect({x0, y0, x1 - x0, y1 - y0}, what.clip);
}

}  // namespace

base::Status GlLists::open(Program& program, const char* fragment) {
    auto linked = link_program("compose_list.vert", fragment);
    if (!linked.ok()) return linked.error();
    program.program = std::move(*linked);
    const GLuint name = program.program.get();
    program.offset = glGetUniformLocation(name, "u_offset");
    program.scale = glGetUniformLocation(name, "u_scale");
    program.canvas = glGetUniformLocation(name, "u_canvas");
    return {};
}

base::Status GlLists::open(const text::Atlas& atlas) {
    if (base::Status done = open(text_, "compose_list.frag"); !done.ok()) return done;
    if (base::Status done = open(image_, "compose_image.frag"); !done.ok()) return done;
    glyphs_ = make_texture(GL_R8, static_cast<int>(atlas.width()), static_cast<int>(atlas.height()),
                           GL_RED, atlas.pixels().data());
    array_ = make_vertex_array();
    vertices_ = make_buffer();
    indices_ = make_buffer();
    glBindVertexArray(array_.get());
    glBindBuffer(GL_ARRAY_BUFFER, vertices_.get());
    glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_.get());
    const GLsizei stride = sizeof(surface::Vertex);
    auto offset = [](size_t bytes) { return reinterpret_cast<const void*>(bytes); };
    glEnableVertexAttribArray(0);
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, stride, offset(offsetof(surface::Vertex, x)));
    glEnableVertexAttribArray(1);
    glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, stride, offset(offsetof(surface::Vertex, u)));
    glEnableVertexAttribArray(2);
    glVertexAttribPointer(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, stride,
                          offset(offsetof(surface::Vertex, rgba)));
    glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    return {};
}

void GlLists::use(const Program& program, const Canvas& canvas, const Plan::List& what) {
    glUseProgram(program.program.get());
    const auto scale = static_cast<float>(what.scale);
    glUniform2f(program.offset, static_cast<float>(what.x), static_cast<float>(what.y));
    glUniform2f(program.scale, scale, scale);
    glUniform2f(program.canvas, static_cast<float>(canvas.width),
                static_cast<float>(canvas.height));
}

void GlLists::draw(const Canvas& canvas, const Plan::List& what, const GlTextures* textures) {
    const surface::DrawList& list = *what.list;
    if (list.indices.empty() || list.commands.empty() || what.clip.empty()) return;
    bind(canvas);
    glBindVertexArray(array_.get());
    glBindBuffer(GL_ARRAY_BUFFER, vertices_.get());
    auto bytes = [](const auto& v) { return static_cast<GLsizeiptr>(v.size() * sizeof(v[0])); };
    glBufferData(GL_ARRAY_BUFFER, bytes(list.vertices), list.vertices.data(), GL_STREAM_DRAW);
    glBufferData(GL_ELEMENT_ARRAY_BUFFER, bytes(list.indices), list.indices.data(), GL_STREAM_DRAW);
    glActiveTexture(GL_TEXTURE0);
    glEnable(GL_BLEND);
    const Program* used = nullptr;
    GLuint bound = 0;
    for (size_t i = what.first_command; i < list.commands.size(); ++i) {
        const surface::DrawCommand& command = list.commands[i];
        if (command.video >= 0 || command.count == 0) continue;
        const RectPx clip = clip_of(command, what);
        if (clip.empty()) continue;
        const bool own = command.texture != 0;
        const GLuint texture = !own                  ? glyphs_.get()
                               : textures != nullptr ? textures->of(command.texture)
                                                     : 0;
        if (texture == 0) continue;
        const Program& program = own ? image_ : text_;
        if (std::exchange(used, &program) != &program) use(program, canvas, what);
        if (std::exchange(bound, texture) != texture) glBindTexture(GL_TEXTURE_2D, texture);
        scissor(clip);
        glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(command.count), GL_UNSIGNED_INT,
                       reinterpret_cast<const void*>(size_t{command.first_index} * 4));
    }
    glDisable(GL_BLEND);
}

}  // namespace bw::compositor
