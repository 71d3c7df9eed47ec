// SPDX-License-Identifier: Apache-2.0
// Small owners of GL objects. Only with a current context.
#pragma once

#include <epoxy/gl.h>

#include <cstdint>
#include <utility>

#include "core/base/result.h"
#include "core/wall/scene.h"

namespace bw::compositor {

/// One GL name; `Free` deletes it.
template <void (*Free)(GLuint)>
class GlName {
  public:
    GlName() = default;
    explicit GlName(GLuint name) : name_(name) {}
    GlName(GlName&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
    GlName& operator=(GlName&& other) noexcept {
        if (this != &other) {
            if (name_ != 0) Free(name_);
            name_ = std::exchange(other.name_, 0);
        }
        return *this;
    }
    GlName(const GlName&) = delete;
    GlName& operator=(const GlName&) = delete;
    ~GlName() {
        if (name_ != 0) Free(name_);
    }
    [[nodiscard]] GLuint get() const { return name_; }

  private:
    GLuint name_ = 0;
};

void free_texture(GLuint name);
void free_framebuffer(GLuint name);
void free_buffer(GLuint name);
void free_vertex_array(GLuint name);
void free_program(GLuint name);
using GlTexture = GlName<free_texture>;
using GlFramebuffer = GlName<free_framebuffer>;
using GlBuffer = GlName<free_buffer>;
using GlVertexArray = GlName<free_vertex_array>;
using GlProgram = GlName<free_program>;

GlTexture make_texture(GLenum internal, int width, int height, GLenum format, const void* pixels);
GlFramebuffer make_framebuffer(GLuint texture);
GlBuffer make_buffer();
GlVertexArray make_vertex_array();

/// Links two files of shaders/. "invalid" carries the driver's log.
base::Result<GlProgram> link_program(const char* vertex, const char* fragment);

/// A texture that can be drawn into. Row 0 is the top row. The null renderer's has a size alone.
struct Canvas {
    GlTexture texture;
    GlFramebuffer framebuffer;
    int width = 0, height = 0;
};
Canvas make_gl_canvas(int width, int height);

void bind(const Canvas& canvas);
void scissor(const wall::RectPx& rect);
/// Opaque; 0xAABBGGRR. A clear: no shading.
void fill(const Canvas& canvas, const wall::RectPx& rect, uint32_t rgba);

}  // namespace bw::compositor
