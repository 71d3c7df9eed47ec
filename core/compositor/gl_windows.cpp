// SPDX-License-Identifier: Apache-2.0
// bind = "windows": ordinary windows through GLFW (GLX). Each window has a context of its own that
// shares the canvases' textures with the first one, in which everything is drawn.
#include <epoxy/gl.h>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/compositor/backend.h"

namespace bw::compositor {

namespace {

constexpr int64_t kPollNs = 16 * base::kMillisecond;
constexpr int64_t kHideCursorNs = 3 * base::kSecond;

class Windows;

struct Window {
    Windows* owner = nullptr;
    size_t display = 0;
    GLFWwindow* handle = nullptr;
    GLuint framebuffer = 0, texture = 0;  // of this window's own context
    int canvas_width = 0, canvas_height = 0;
    int width = 0, height = 0;  // of its framebuffer when it was last shown
    bool exposed = false;       // the window system lost its content
    int64_t moved_ns = 0;
    bool cursor_hidden = false;
};

class Windows final : public Backend {
  public:
    ~Windows() override {
        for (Window& window : windows_) glfwDestroyWindow(window.handle);
        glfwTerminate();
    }
    base::Status open(const config::Wall& wall);
    void make_current() override { glfwMakeContextCurrent(windows_.front().handle); }
    void present(std::span<const Canvas> displays, std::span<const Damage> damage) override;
    std::vector<InputEvent> poll_input() override;
    [[nodiscard]] int64_t poll_every_ns() const override { return kPollNs; }
    void say(InputEvent event) { events_.push_back(std::move(event)); }

  private:
    void show(Window& window, std::span<const wall::RectPx> rects);
    base::Status open_window(const config::Wall& wall, size_t display, double scale);
    std::vector<Window> windows_;
    std::vector<InputEvent> events_;
    bool keeps_back_ = false;
};

Window& window_of(GLFWwindow* handle) {
    return *static_cast<Window*>(glfwGetWindowUserPointer(handle));
}

void on_key(GLFWwindow* handle, int key, int, int action, int mods) {
    if (action != GLFW_PRESS) return;
    InputEvent event;
    event.type = InputEvent::Type::key;
    event.display = window_of(handle).display;
    if (key >= GLFW_KEY_F1 && key <= GLFW_KEY_F12)
        event.key = "F" + std::to_string(key - GLFW_KEY_F1 + 1);
    else if (key == GLFW_KEY_BACKSPACE || (key == GLFW_KEY_Z && (mods & GLFW_MOD_CONTROL) != 0))
        event.key = "undo";
    else
        return;
    window_of(handle).owner->say(event);
}

// From window coordinates to the display's pixels, whatever size the window has.
InputEvent at_cursor(GLFWwindow* handle, InputEvent::Type type) {
    const Window& window = window_of(handle);
    double x = 0, y = 0;
    int width = 1, height = 1;
    glfwGetCursorPos(handle, &x, &y);
    glfwGetWindowSize(handle, &width, &height);
    InputEvent event;
    event.type = type;
    event.display = window.display;
    event.x = x * window.canvas_width / std::max(width, 1);
    event.y = y * window.canvas_height / std::max(height, 1);
    return event;
}

void on_move(GLFWwindow* handle, double, double) {
    Window& window = window_of(handle);
    window.moved_ns = base::mono_ns();
    if (window.cursor_hidden) glfwSetInputMode(handle, GLFW_CURSOR, GLFW_CURSOR_NORMAL);
    window.cursor_hidden = false;
    window.owner->say(at_cursor(handle, InputEvent::Type::move));
}

void on_button(GLFWwindow* handle, int button, int action, int) {
    if (button < GLFW_MOUSE_BUTTON_LEFT || button > GLFW_MOUSE_BUTTON_MIDDLE) return;
    InputEvent event = at_cursor(
        handle, action == GLFW_PRESS ? InputEvent::Type::press : InputEvent::Type::release);
    event.button = button + 1;
    window_of(handle).owner->say(event);
}

void on_scroll(GLFWwindow* handle, double, double dy) {
    InputEvent event = at_cursor(handle, InputEvent::Type::scroll);
    event.wheel = dy;
    window_of(handle).owner->say(event);
}

void on_enter(GLFWwindow* handle, int entered) {
    if (entered == 0) window_of(handle).owner->say(at_cursor(handle, InputEvent::Type::leave));
}

void on_refresh(GLFWwindow* handle) {
    window_of(handle).exposed = true;
}

// A wall is not closed by accident: `beaconwall run` ends it.
void on_close(GLFWwindow* handle) {
    glfwSetWindowShouldClose(handle, GLFW_FALSE);
    base::log_warning("closing a window does not end the wall: stop `beaconwall run` instead");
}

struct Desktop {
    int x = 0, y = 0, width = 1280, height = 720;
};

Desktop desktop() {
    Desktop out;
    if (GLFWmonitor* monitor = glfwGetPrimaryMonitor())
        glfwGetMonitorWorkarea(monitor, &out.x, &out.y, &out.width, &out.height);
    return out;
}

base::Status Windows::open(const config::Wall& wall) {
    glfwInitHint(GLFW_JOYSTICK_HAT_BUTTONS, GLFW_FALSE);
    if (glfwInit() == GLFW_FALSE) return base::Error{"system", "no display for windows"};
    double right = 0, bottom = 0, left = 1e18, top = 1e18;
    for (const config::Display& d : wall.displays) {
        double across = d.width_px / d.width_mm, down = d.height_px / d.height_mm;
        left = std::min(left, d.x_mm * across);
        top = std::min(top, d.y_mm * down);
        right = std::max(right, d.x_mm * across + d.width_px);
        bottom = std::max(bottom, d.y_mm * down + d.height_px);
    }
    Desktop room = desktop();
    double scale = std::min({1.0, room.width / (right - left), room.height / (bottom - top)});
    windows_.reserve(wall.displays.size());  // the user pointers point into it
    for (size_t i = 0; i < wall.displays.size(); ++i) {
        if (base::Status done = open_window(wall, i, scale); !done.ok()) return done;
    }
    make_current();
    // Mesa's software swap is a copy; with any other driver the back buffer is undefined after it.
    const auto* renderer = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
    keeps_back_ = renderer != nullptr && std::strstr(renderer, "llvmpipe") != nullptr;
    return {};
}

base::Status Windows::open_window(const config::Wall& wall, size_t display, double scale) {
    const config::Display& d = wall.displays[display];
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_FOCUS_ON_SHOW, display == 0 ? GLFW_TRUE : GLFW_FALSE);
    glfwWindowHint(GLFW_DECORATED, scale < 1 ? GLFW_TRUE : GLFW_FALSE);
    auto px = [scale](double v) { return std::max(1, static_cast<int>(std::lround(v * scale))); };
    std::string title = "Beaconwall: " + d.name;
    GLFWwindow* share = windows_.empty() ? nullptr : windows_.front().handle;
    GLFWwindow* handle =
        glfwCreateWindow(px(d.width_px), px(d.height_px), title.c_str(), nullptr, share);
    if (handle == nullptr) return base::Error{"system", "no OpenGL 3.3 window for " + d.name};
    Window& window = windows_.emplace_back();
    window.owner = this;
    window.display = display;
    window.handle = handle;
    window.canvas_width = static_cast<int>(d.width_px);
    window.canvas_height = static_cast<int>(d.height_px);
    glfwSetWindowUserPointer(handle, &window);
    Desktop room = desktop();
    glfwSetWindowPos(
        handle, room.x + static_cast<int>(std::lround(d.x_mm * d.width_px / d.width_mm * scale)),
        room.y + static_cast<int>(std::lround(d.y_mm * d.height_px / d.height_mm * scale)));
    glfwMakeContextCurrent(handle);
    // One leader waits for its screen; the others follow, else N windows run at a part of the rate.
    glfwSwapInterval(display == 0 ? 1 : 0);
    glfwSetKeyCallback(handle, on_key);
    glfwSetCursorPosCallback(handle, on_move);
    glfwSetMouseButtonCallback(handle, on_button);
    glfwSetScrollCallback(handle, on_scroll);
    glfwSetCursorEnterCallback(handle, on_enter);
    glfwSetWindowCloseCallback(handle, on_close);
    glfwSetWindowRefreshCallback(handle, on_refresh);
    return {};
}

void Windows::present(std::span<const Canvas> displays, std::span<const Damage> damage) {
    glFlush();  // what was drawn must be seen by the windows' own contexts
    for (size_t i = windows_.size(); i-- > 0;) {
        Window& window = windows_[i];
        const Canvas& canvas = displays[window.display];
        if (damage[window.display].empty()) continue;
        glfwMakeContextCurrent(window.handle);
        if (window.texture != canvas.texture.get()) {
            if (window.framebuffer == 0) glGenFramebuffers(1, &window.framebuffer);
            window.texture = canvas.texture.get();
            glBindFramebuffer(GL_READ_FRAMEBUFFER, window.framebuffer);
            glFramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D,
                                   window.texture, 0);
        }
        show(window, damage[window.display].rects());
    }
    make_current();
}

// Brings the canvas into the window. Where the back buffer keeps its content over a swap only what
// changed is copied: on a software renderer that copy is shaded, and dearer than all the drawing.
void Windows::show(Window& window, std::span<const wall::RectPx> rects) {
    int width = 1, height = 1;
    glfwGetFramebufferSize(window.handle, &width, &height);
    const wall::RectPx whole{0, 0, window.canvas_width, window.canvas_height};
    const bool partial =
        keeps_back_ && !window.exposed && width == window.width && height == window.height;
    if (!partial) rects = {&whole, 1};
    window.width = width;
    window.height = height;
    window.exposed = false;
    glBindFramebuffer(GL_READ_FRAMEBUFFER, window.framebuffer);
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, 0);
    glViewport(0, 0, width, height);
    const bool same = width == whole.width && height == whole.height;
    const double across = static_cast<double>(width) / whole.width;
    const double down = static_cast<double>(height) / whole.height;
    glEnable(GL_SCISSOR_TEST);
    for (const wall::RectPx& rect : rects) {
        // One pixel more on each side: a scaled pixel blends its neighbours.
        int left = static_cast<int>(std::floor(rect.x * across)) - 1;
        int top = static_cast<int>(std::floor(rect.y * down)) - 1;
        int right = static_cast<int>(std::ceil((rect.x + rect.width) * across)) + 1;
        int bottom = static_cast<int>(std::ceil((rect.y + rect.height) * down)) + 1;
        glScissor(left, height - bottom, right - left, bottom - top);
        // Row 0 of a canvas is its top row, of a window its bottom row.
        glBlitFramebuffer(0, 0, whole.width, whole.height, 0, height, width, 0, GL_COLOR_BUFFER_BIT,
                          same ? GL_NEAREST : GL_LINEAR);
    }
    glDisable(GL_SCISSOR_TEST);
    glfwSwapBuffers(window.handle);
}

std::vector<InputEvent> Windows::poll_input() {
    glfwPollEvents();
    for (Window& window : windows_) {
        if (!window.exposed || window.texture == 0) continue;
        glfwMakeContextCurrent(window.handle);
        show(window, {});
        make_current();
    }
    int64_t now = base::mono_ns();
    for (Window& window : windows_) {
        if (window.cursor_hidden || now - window.moved_ns < kHideCursorNs) continue;
        glfwSetInputMode(window.handle, GLFW_CURSOR, GLFW_CURSOR_HIDDEN);
        window.cursor_hidden = true;
    }
    return std::exchange(events_, {});
}

}  // namespace

base::Result<std::unique_ptr<Backend>> make_window_backend(const config::Wall& wall) {
    auto windows = std::make_unique<Windows>();
    if (base::Status done = windows->open(wall); !done.ok()) return done.error();
    return std::unique_ptr<Backend>(std::move(windows));
}

}  // namespace bw::compositor
