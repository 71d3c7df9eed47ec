// SPDX-License-Identifier: Apache-2.0
// One window of GLFW (GLX) with a context of its own, which shares the canvases' textures with the
// context that draws them. It shows one canvas, turned if its monitor hangs so. One thread.
#pragma once

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/compositor/backend.h"
#include "core/compositor/geometry.h"

namespace bw::compositor {

/// Brings a canvas to a turned monitor. Made once, in a context that all windows share.
struct Turner {
    GlProgram program;
    GLint row_x = -1, row_y = -1, offset = -1, size = -1;
    GLuint sharp = 0, smooth = 0;  // samplers; they live as long as the contexts
    static base::Result<Turner> make();
};

class GlfwWindow {
  public:
    struct Place {
        int x = 0, y = 0, width = 1, height = 1;
        bool full_screen = false;  // borderless, whatever window manager there is
        bool decorated = false, focused = false;
        bool hidden = false;  // a context to draw in, no more
        std::string title = {};
        bool operator==(const Place&) const = default;
    };
    /// `events` takes what people do in the window and must outlive it. Makes its context current.
    static base::Result<std::unique_ptr<GlfwWindow>> open(const Place& place, GLFWwindow* share,
                                                          std::vector<InputEvent>& events);
    ~GlfwWindow();
    GlfwWindow(const GlfwWindow&) = delete;
    GlfwWindow& operator=(const GlfwWindow&) = delete;

    [[nodiscard]] GLFWwindow* handle() const { return handle_; }
    /// What the window is for from now on; nothing: a page that no display has. The next show()
    /// brings all of the canvas.
    void assign(std::optional<size_t> display, uint32_t rotation);
    [[nodiscard]] std::optional<size_t> display() const { return display_; }
    [[nodiscard]] uint32_t rotation() const { return rotation_; }
    /// Makes its context current and presents what changed of `canvas`. `keeps_back`: the back
    /// buffer keeps its content over a swap.
    void show(const Canvas& canvas, std::span<const wall::RectPx> rects, bool keeps_back,
              const Turner& turner);
    /// The window system lost its content.
    [[nodiscard]] bool exposed() const { return exposed_; }
    /// Hides a cursor that has not moved for a while.
    void hide_cursor(int64_t now_ns);

  private:
    explicit GlfwWindow(std::vector<InputEvent>& events) : events_(events) {}
    static GlfwWindow& of(GLFWwindow* handle);
    static void on_key(GLFWwindow* handle, int key, int scancode, int action, int mods);
    void set_callbacks();
    void say_pointer(InputEvent event);
    void blit(const Canvas& canvas, std::span<const wall::RectPx> rects);
    void draw_turned(const Canvas& canvas, std::span<const wall::RectPx> rects,
                     const Turner& turner);
    void clip_to(const wall::RectPx& native, Size from);

    std::vector<InputEvent>& events_;
    GLFWwindow* handle_ = nullptr;
    std::optional<size_t> display_;
    uint32_t rotation_ = 0;
    GLuint framebuffer_ = 0, array_ = 0;  // of this window's own context
    Size canvas_{}, size_{};              // when it was last shown
    bool exposed_ = true;
    int64_t moved_ns_ = 0;
    bool cursor_hidden_ = false;
};

}  // namespace bw::compositor
