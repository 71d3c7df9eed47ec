// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/gl_program.h"

#include <algorithm>
#include <string>

#include "core/compositor/shaders.h"

namespace bw::compositor {

void free_texture(GLuint name) {
    glDeleteTextures(1, &name);
}
void free_framebuffer(GLuint name) {
    glDeleteFramebuffers(1, &name);
}
void free_buffer(GLuint name) {
    glDeleteBuffers(1, &name);
}
void free_vertex_array(GLuint name) {
    glDeleteVertexArrays(1, &name);
}
void free_program(GLuint name) {
    glDeleteProgram(name);
}

GlTexture make_texture(GLenum internal, int width, int height, GLenum format, const void* pixels) {
    GLuint name = 0;
    glGenTextures(1, &name);
    glBindTexture(GL_TEXTURE_2D, name);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage2D(GL_TEXTURE_2D, 0, static_cast<GLint>(internal), width, height, 0, format,
                 GL_UNSIGNED_BYTE, pixels);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    return GlTexture(name);
}

GlFramebuffer make_framebuffer(GLuint texture) {
    GLuint name = 0;
    glGenFramebuffers(1, &name);
    glBindFramebuffer(GL_FRAMEBUFFER, name);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
    return GlFramebuffer(name);
}

GlBuffer make_buffer() {
    GLuint name = 0;
    glGenBuffers(1, &name);
    return GlBuffer(name);
}

GlVertexArray make_vertex_array() {
    GLuint name = 0;
    glGenVertexArrays(1, &name);
    return GlVertexArray(name);
}

Canvas make_gl_canvas(int width, int height) {
    Canvas canvas;
    canvas.width = std::max(width, 1);
    canvas.height = std::max(height, 1);
    canvas.texture = make_texture(GL_RGBA8, canvas.width, canvas.height, GL_RGBA, nullptr);
    canvas.framebuffer = make_framebuffer(canvas.texture.get());
    return canvas;
}

void bind(const Canvas& canvas) {
    glBindFramebuffer(GL_FRAMEBUFFER, canvas.framebuffer.get());
    glViewport(0, 0, canvas.width, canvas.height);
}

void scissor(const wall::RectPx& rect) {
    glEnable(GL_SCISSOR_TEST);
    glScissor(rect.x, rect.y, std::max(rect.width, 0), std::max(rect.height, 0));
}

void fill(const Canvas& canvas, const wall::RectPx& rect, uint32_t rgba) {
    bind(canvas);
    // Without a scissor a software renderer clears without shading.
    if (rect == wall::RectPx{0, 0, canvas.width, canvas.height})
        glDisable(GL_SCISSOR_TEST);
    else
        scissor(rect);
    auto part = [&](int shift) { return static_cast<float>((rgba >> shift) & 255) / 255.0f; };
    glClearColor(part(0), part(8), part(16), 1);
    glClear(GL_COLOR_BUFFER_BIT);
}

namespace {

base::Result<GLuint> compile(const char* file, GLenum stage) {
    const auto& all = shaders();
    auto found =
        std::find_if(all.begin(), all.end(), [&](const Shader& s) { return s.name == file; });
    if (found == all.end()) return base::Error{"not_found", std::string("no shader ") + file};
    GLuint shader = glCreateShader(stage);
    const char* text = found->text.c_str();
    glShaderSource(shader, 1, &text, nullptr);
    glCompileShader(shader);
    GLint good = 0;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &good);
    if (good != 0) return shader;
    std::string log(4096, '\0');
    GLsizei length = 0;
    glGetShaderInfoLog(shader, static_cast<GLsizei>(log.size()), &length, log.data());
    log.resize(static_cast<size_t>(length));
    glDeleteShader(shader);
    return base::Error{"invalid", std::string(file) + ": " + log};
}

}  // namespace

base::Result<GlProgram> link_program(const char* vertex, const char* fragment) {
    auto v = compile(vertex, GL_VERTEX_SHADER);
    if (!v.ok()) return v.error();
    auto f = compile(fragment, GL_FRAGMENT_SHADER);
    if (!f.ok()) {
        glDeleteShader(*v);
        return f.error();
    }
    GlProgram program(glCreateProgram());
    glAttachShader(program.get(), *v);
    glAttachShader(program.get(), *f);
    glLinkProgram(program.get());
    glDeleteShader(*v);
    glDeleteShader(*f);
    GLint good = 0;
    glGetProgramiv(program.get(), GL_LINK_STATUS, &good);
    if (good == 0) return base::Error{"invalid", std::string(vertex) + " + " + fragment};
    return program;
}

}  // namespace bw::compositor
