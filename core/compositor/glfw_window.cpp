// SPDX-License-Identifier: Apache-2.0
#include <epoxy/gl.h>
// After epoxy, whose GL declarations stand for everybody's.
#include "core/compositor/glfw_window.h"
#define GLFW_EXPOSE_NATIVE_X11
#include <GLFW/glfw3native.h>
#include <X11/Xatom.h>
#include <X11/Xlib.h>

#include <algorithm>
#include <cmath>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/compositor/turn.h"
#include "core/wall/geometry.h"

namespace bw::compositor {

namespace {

constexpr int64_t kHideCursorNs = 3 * base::kSecond;

// A wall is not closed by accident: `beaconwall run` ends it.
void on_close(GLFWwindow* handle) {
    glfwSetWindowShouldClose(handle, GLFW_FALSE);
    base::log_warning("closing a window does not end the wall: stop `beaconwall run` instead");
}

// Before the window is shown: a window manager then keeps its bars and frames off this output, and
// without one nothing happens.
void ask_full_screen(GLFWwindow* handle) {
    ::Display* display = glfwGetX11Display();
    if (display == nullptr) return;
    const Atom state = XInternAtom(display, "_NET_WM_STATE", False);
    const Atom full = XInternAtom(display, "_NET_WM_STATE_FULLSCREEN", False);
    XChangeProperty(display, glfwGetX11Window(handle), state, XA_ATOM, 32, PropModeReplace,
                    reinterpret_cast<const unsigned char*>(&full), 1);
}

GLuint make_sampler(GLint filter) {
    GLuint name = 0;
    glGenSamplers(1, &name);
    glSamplerParameteri(name, GL_TEXTURE_MIN_FILTER, filter);
    glSamplerParameteri(name, GL_TEXTURE_MAG_FILTER, filter);
    glSamplerParameteri(name, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glSamplerParameteri(name, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    return name;
}

}  // namespace

base::Result<Turner> Turner::make() {
    auto program = link_program("present_turned.vert", "present_turned.frag");
    if (!program.ok()) return program.error();
    Turner out;
    out.program = std::move(*program);
    out.row_x = glGetUniformLocation(out.program.get(), "u_row_x");
    out.row_y = glGetUniformLocation(out.program.get(), "u_row_y");
    out.offset = glGetUniformLocation(out.program.get(), "u_offset");
    out.size = glGetUniformLocation(out.program.get(), "u_size");
    out.sharp = make_sampler(GL_NEAREST);
    out.smooth = make_sampler(GL_LINEAR);
    return out;
}

base::Result<std::unique_ptr<GlfwWindow>> GlfwWindow::open(const Place& place, GLFWwindow* share,
                                                           std::vector<InputEvent>& events) {
    std::unique_ptr<GlfwWindow> window(new GlfwWindow(events));
    glfwDefaultWindowHints();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    glfwWindowHint(GLFW_FOCUS_ON_SHOW, place.focused ? GLFW_TRUE : GLFW_FALSE);
    glfwWindowHint(GLFW_DECORATED, place.decorated ? GLFW_TRUE : GLFW_FALSE);
    window->handle_ =
        glfwCreateWindow(place.width, place.height, place.title.c_str(), nullptr, share);
    if (window->handle_ == nullptr)
        return base::Error{"system", "no OpenGL 3.3 window for " + place.title};
    glfwSetWindowUserPointer(window->handle_, window.get());
    glfwSetWindowPos(window->handle_, place.x, place.y);
    window->set_callbacks();
    if (place.full_screen) ask_full_screen(window->handle_);
    if (!place.hidden) glfwShowWindow(window->handle_);
    glfwMakeContextCurrent(window->handle_);
    return window;
}

GlfwWindow::~GlfwWindow() {
    if (handle_ != nullptr) glfwDestroyWindow(handle_);
}

GlfwWindow& GlfwWindow::of(GLFWwindow* handle) {
    return *static_cast<GlfwWindow*>(glfwGetWindowUserPointer(handle));
}

void GlfwWindow::set_callbacks() {
    using Type = InputEvent::Type;
    glfwSetKeyCallback(handle_, on_key);
    glfwSetCursorPosCallback(handle_, [](GLFWwindow* handle, double, double) {
        GlfwWindow& window = of(handle);
        window.moved_ns_ = base::mono_ns();
        if (window.cursor_hidden_) glfwSetInputMode(handle, GLFW_CURSOR, GLFW_CURSOR_NORMAL);
        window.cursor_hidden_ = false;
        window.say_pointer({.type = Type::move});
    });
    glfwSetMouseButtonCallback(handle_, [](GLFWwindow* handle, int button, int action, int) {
        if (button < GLFW_MOUSE_BUTTON_LEFT || button > GLFW_MOUSE_BUTTON_MIDDLE) return;
        InputEvent event;
        event.type = action == GLFW_PRESS ? Type::press : Type::release;
        event.button = button + 1;
        of(handle).say_pointer(std::move(event));
    });
    glfwSetScrollCallback(handle_, [](GLFWwindow* handle, double, double dy) {
        InputEvent event;
        event.type = Type::scroll;
        event.wheel = dy;
        of(handle).say_pointer(std::move(event));
    });
    glfwSetCursorEnterCallback(handle_, [](GLFWwindow* handle, int entered) {
        if (entered != 0) return;
        InputEvent event;
        event.type = Type::leave;
        of(handle).say_pointer(std::move(event));
    });
    glfwSetWindowCloseCallback(handle_, on_close);
    glfwSetWindowRefreshCallback(handle_, [](GLFWwindow* handle) { of(handle).exposed_ = true; });
}

void GlfwWindow::on_key(GLFWwindow* handle, int key, int, int action, int mods) {
    if (action != GLFW_PRESS) return;
    InputEvent event;
    event.type = InputEvent::Type::key;
    event.display = of(handle).display_.value_or(0);
    if (key >= GLFW_KEY_F1 && key <= GLFW_KEY_F12)
        event.key = "F" + std::to_string(key - GLFW_KEY_F1 + 1);
    else if (key == GLFW_KEY_BACKSPACE || (key == GLFW_KEY_Z && (mods & GLFW_MOD_CONTROL) != 0))
        event.key = "undo";
    else
        return;
    of(handle).events_.push_back(std::move(event));
}

// From window coordinates to the display's pixels, whatever size the window has and however its
// monitor hangs. On a page there is nothing to point at.
void GlfwWindow::say_pointer(InputEvent event) {
    if (!display_) return;
    Spot at;
    int width = 1, height = 1;
    glfwGetCursorPos(handle_, &at.x, &at.y);
    glfwGetWindowSize(handle_, &width, &height);
    at = turn_back({at.x / std::max(width, 1), at.y / std::max(height, 1)}, rotation_);
    event.display = *display_;
    event.x = at.x * canvas_.width;
    event.y = at.y * canvas_.height;
    events_.push_back(std::move(event));
}

void GlfwWindow::assign(std::optional<size_t> display, uint32_t rotation) {
    display_ = display;
    rotation_ = rotation;
    exposed_ = true;
}

void GlfwWindow::hide_cursor(int64_t now_ns) {
    if (cursor_hidden_ || now_ns - moved_ns_ < kHideCursorNs) return;
    glfwSetInputMode(handle_, GLFW_CURSOR, GLFW_CURSOR_HIDDEN);
    cursor_hidden_ = true;
}

// Where the back buffer keeps its content over a swap only what changed is copied: on a software
// renderer that copy is shaded, and dearer than all the drawing.
void GlfwWindow::show(const Canvas& canvas, std::span<const wall::RectPx> rects, bool keeps_back,
                      const Turner& turner) {
    glfwMakeContextCurrent(handle_);
    int width = 1, height = 1;
    glfwGetFramebufferSize(handle_, &width, &height);
    const Size size{width, height}, shape{canvas.width, canvas.height};
    const wall::RectPx whole{0, 0, canvas.width, canvas.height};
    if (!keeps_back || exposed_ || size != size_ || shape != canvas_) rects = {&whole, 1};
    size_ = size;
    canvas_ = shape;
    exposed_ = false;
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
    glViewport(0, 0, width, height);
    glEnable(GL_SCISSOR_TEST);
    if (rotation_ == 0)
        blit(canvas, rects);
    else
        draw_turned(canvas, rects, turner);
    glDisable(GL_SCISSOR_TEST);
    glfwSwapBuffers(handle_);
}

// Limits drawing to a rectangle of the monitor's own pixels, and one pixel more on each side: a
// scaled pixel blends its neighbours.
void GlfwWindow::clip_to(const wall::RectPx& native, Size from) {
    const double across = static_cast<double>(size_.width) / from.width;
    const double down = static_cast<double>(size_.height) / from.height;
    const int left = static_cast<int>(std::floor(native.x * across)) - 1;
    const int top = static_cast<int>(std::floor(native.y * down)) - 1;
    const int right = static_cast<int>(std::ceil((native.x + native.width) * across)) + 1;
    const int bottom = static_cast<int>(std::ceil((native.y + native.height) * down)) + 1;
    // Row 0 of a canvas is its top row, of a window its bottom row.
    glScissor(left, size_.height - bottom, right - left, bottom - top);
}

void GlfwWindow::blit(const Canvas& canvas, std::span<const wall::RectPx> rects) {
    if (framebuffer_ == 0) glGenFramebuffers(1, &framebuffer_);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer_);
    // Attached anew each time: else another context's drawing need not be seen in this one.
    glFramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D,
                           canvas.texture.get(), 0);
    for (const wall::RectPx& rect : rects) {
        clip_to(rect, canvas_);
        glBlitFramebuffer(0, 0, canvas.width, canvas.height, 0, size_.height, size_.width, 0,
                          GL_COLOR_BUFFER_BIT, size_ == canvas_ ? GL_NEAREST : GL_LINEAR);
    }
}

void GlfwWindow::draw_turned(const Canvas& canvas, std::span<const wall::RectPx> rects,
                             const Turner& turner) {
    if (array_ == 0) glGenVertexArrays(1, &array_);
    glBindVertexArray(array_);
    glUseProgram(turner.program.get());
    // The canvas' share of each axis as a function of the monitor's: read off at three corners.
    const Spot zero = turn_back({0, 0}, rotation_), right = turn_back({1, 0}, rotation_),
               down = turn_back({0, 1}, rotation_);
    auto f = [](double v) { return static_cast<float>(v); };
    glUniform2f(turner.row_x, f(right.x - zero.x), f(down.x - zero.x));
    glUniform2f(turner.row_y, f(right.y - zero.y), f(down.y - zero.y));
    glUniform2f(turner.offset, f(zero.x), f(zero.y));
    glUniform2f(turner.size, f(size_.width), f(size_.height));
    config::Display hung;
    hung.width_px = static_cast<uint32_t>(canvas_.width);
    hung.height_px = static_cast<uint32_t>(canvas_.height);
    hung.rotation = rotation_;
    const wall::SizePx turned = wall::output_size(hung);
    const Size native{turned.width, turned.height};
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, canvas.texture.get());
    glBindSampler(0, native == size_ ? turner.sharp : turner.smooth);
    for (const wall::RectPx& rect : rects) {
        clip_to(wall::to_output(rect, hung), native);
        glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
    }
    glBindSampler(0, 0);
}

}  // namespace bw::compositor
