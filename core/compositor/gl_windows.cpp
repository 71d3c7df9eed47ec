// SPDX-License-Identifier: Apache-2.0
// bind = "windows": ordinary windows through GLFW (GLX). Everything is drawn in the first one's
// context.
#include <epoxy/gl.h>
// After epoxy, whose GL declarations stand for everybody's.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/compositor/glfw_window.h"

namespace bw::compositor {

namespace {

constexpr int64_t kPollNs = 16 * base::kMillisecond;

class Windows final : public Backend {
  public:
    ~Windows() override {
        windows_.clear();
        drawing_.reset();
        // NOTE: GLFW stays initialised to the end of the process, as EGL does (gl_headless): its
        // end would unload the driver, whose leaks then have no module to be named by.
    }
    base::Status open(const config::Wall& wall);
    void make_current() override { glfwMakeContextCurrent(drawing_->handle()); }
    void present(std::span<const Canvas> displays, std::span<const Damage> damage) override;
    std::vector<InputEvent> poll_input() override;
    [[nodiscard]] int64_t poll_every_ns() const override { return kPollNs; }
    void set_wall(const config::Wall& wall) override;
    [[nodiscard]] std::vector<size_t> stale_displays() const override;

  private:
    base::Status place_windows(const config::Wall& wall);
    std::vector<InputEvent> events_;
    std::unique_ptr<GlfwWindow> drawing_;               // its context draws; it is never shown
    std::vector<std::unique_ptr<GlfwWindow>> windows_;  // per display
    std::vector<GlfwWindow::Place> places_;
    Turner turner_;
    bool keeps_back_ = false;
};

struct Room {
    int x = 0, y = 0, width = 1280, height = 720;
};

Room room_for_windows() {
    Room out;
    if (GLFWmonitor* monitor = glfwGetPrimaryMonitor())
        glfwGetMonitorWorkarea(monitor, &out.x, &out.y, &out.width, &out.height);
    return out;
}

GlfwWindow::Place place_of(const config::Wall& wall, size_t display, double scale) {
    const config::Display& d = wall.displays[display];
    const Room room = room_for_windows();
    const double across = d.width_px / d.width_mm * scale, down = d.height_px / d.height_mm * scale;
    auto px = [](double v) { return static_cast<int>(std::lround(v)); };
    GlfwWindow::Place place;
    place.x = room.x + px(d.x_mm * across);
    place.y = room.y + px(d.y_mm * down);
    place.width = std::max(1, px(d.width_px * scale));
    place.height = std::max(1, px(d.height_px * scale));
    place.decorated = scale < 1;
    place.focused = display == 0;
    place.title = "Beaconwall: " + d.name;
    return place;
}

double scale_for(const config::Wall& wall) {
    double right = 0, bottom = 0, left = 1e18, top = 1e18;
    for (const config::Display& d : wall.displays) {
        double across = d.width_px / d.width_mm, down = d.height_px / d.height_mm;
        left = std::min(left, d.x_mm * across);
        top = std::min(top, d.y_mm * down);
        right = std::max(right, d.x_mm * across + d.width_px);
        bottom = std::max(bottom, d.y_mm * down + d.height_px);
    }
    const Room room = room_for_windows();
    return std::min({1.0, room.width / (right - left), room.height / (bottom - top)});
}

base::Status Windows::open(const config::Wall& wall) {
    glfwInitHint(GLFW_JOYSTICK_HAT_BUTTONS, GLFW_FALSE);
    if (glfwInit() == GLFW_FALSE) return base::Error{"system", "no display for windows"};
    auto drawing = GlfwWindow::open({.hidden = true, .title = "drawing"}, nullptr, events_);
    if (!drawing.ok()) return drawing.error();
    drawing_ = std::move(*drawing);
    // Mesa's software swap is a copy; with any other driver the back buffer is undefined after it.
    const auto* renderer = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
    keeps_back_ = renderer != nullptr && std::strstr(renderer, "llvmpipe") != nullptr;
    return place_windows(wall);
}

void Windows::set_wall(const config::Wall& wall) {
    if (base::Status done = place_windows(wall); !done.ok())
        base::log_error("{}", done.error().text);
}

// Windows that stay where they are are kept.
base::Status Windows::place_windows(const config::Wall& wall) {
    const double scale = scale_for(wall);
    std::vector<std::unique_ptr<GlfwWindow>> windows;
    std::vector<GlfwWindow::Place> places;
    for (size_t i = 0; i < wall.displays.size(); ++i) {
        places.push_back(place_of(wall, i, scale));
        const auto old = std::find(places_.begin(), places_.end(), places.back());
        const auto at = static_cast<size_t>(old - places_.begin());
        if (old != places_.end() && windows_[at]) {
            windows.push_back(std::move(windows_[at]));
            glfwMakeContextCurrent(windows.back()->handle());
        } else {
            auto window = GlfwWindow::open(places.back(), drawing_->handle(), events_);
            if (!window.ok()) return window.error();
            windows.push_back(std::move(*window));
        }
        // As it hangs: an ordinary window needs no turning.
        windows.back()->assign(i, 0);
        // One leader waits for its screen; the others follow, else N windows run at a part of the
        // rate.
        glfwSwapInterval(i == 0 ? 1 : 0);
    }
    windows_ = std::move(windows);
    places_ = std::move(places);
    make_current();
    return {};
}

void Windows::present(std::span<const Canvas> displays, std::span<const Damage> damage) {
    glFlush();  // what was drawn must be seen by the windows' own contexts
    for (size_t i = windows_.size(); i-- > 0;) {
        if (i >= displays.size() || damage[i].empty()) continue;
        windows_[i]->show(displays[i], damage[i].rects(), keeps_back_, turner_);
    }
    make_current();
}

std::vector<InputEvent> Windows::poll_input() {
    glfwPollEvents();
    const int64_t now = base::mono_ns();
    for (const auto& window : windows_) window->hide_cursor(now);
    return std::exchange(events_, {});
}

std::vector<size_t> Windows::stale_displays() const {
    std::vector<size_t> out;
    for (size_t i = 0; i < windows_.size(); ++i)
        if (windows_[i]->exposed()) out.push_back(i);
    return out;
}

}  // namespace

base::Result<std::unique_ptr<Backend>> make_window_backend(const config::Wall& wall) {
    auto windows = std::make_unique<Windows>();
    if (base::Status done = windows->open(wall); !done.ok()) return done.error();
    return std::unique_ptr<Backend>(std::move(windows));
}

}  // namespace bw::compositor
