// SPDX-License-Identifier: Apache-2.0
// bind = "displays": one borderless window exactly over each output that is on, with the display
// that belongs there, or with a page that says what is expected. Everything is drawn in the context
// of a window that nobody sees, so that outputs may come and go.
#include <epoxy/gl.h>
// After epoxy, whose GL declarations stand for everybody's.
#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/compositor/desktop_x11.h"
#include "core/compositor/glfw_window.h"
#include "core/wall/geometry.h"

namespace bw::compositor {

namespace {

constexpr int64_t kPollNs = 16 * base::kMillisecond;

class Outputs final : public Backend {
  public:
    ~Outputs() override {
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
    [[nodiscard]] std::vector<Page> stale_pages() const override;
    void show_page(size_t output, const Canvas& page) override;
    [[nodiscard]] std::string output_of(size_t display) const override;
    [[nodiscard]] std::vector<Limit> limits() const override;

  private:
    void rebind(std::vector<wall::PluggedOutput> outputs);
    void place_window(size_t output);
    void assign_window(size_t output, std::unique_ptr<GlfwWindow>& window);
    void choose_leader();

    std::vector<InputEvent> events_;
    std::unique_ptr<Desktop> desktop_;
    std::unique_ptr<GlfwWindow> drawing_;  // its context draws; it is never shown
    Turner turner_;
    std::vector<config::Display> displays_;
    std::vector<wall::PluggedOutput> outputs_;
    wall::Binding binding_;
    std::vector<IdentifyLook> looks_;                   // per output; of those without a display
    std::vector<std::unique_ptr<GlfwWindow>> windows_;  // per output; null: it is switched off
    bool keeps_back_ = false;
};

base::Status Outputs::open(const config::Wall& wall) {
    auto desktop = Desktop::open();
    if (!desktop.ok()) return desktop.error();
    desktop_ = std::move(*desktop);
    glfwInitHint(GLFW_JOYSTICK_HAT_BUTTONS, GLFW_FALSE);
    if (glfwInit() == GLFW_FALSE) return base::Error{"system", "no display for windows"};
    auto drawing = GlfwWindow::open({.hidden = true, .title = "drawing"}, nullptr, events_);
    if (!drawing.ok()) return drawing.error();
    drawing_ = std::move(*drawing);
    auto turner = Turner::make();
    if (!turner.ok()) return turner.error();
    turner_ = std::move(*turner);
    // Mesa's software swap is a copy; with any other driver the back buffer is undefined after it.
    const auto* renderer = reinterpret_cast<const char*>(glGetString(GL_RENDERER));
    keeps_back_ = renderer != nullptr && std::strstr(renderer, "llvmpipe") != nullptr;
    desktop_->keep_awake();
    displays_ = wall.displays;
    rebind(desktop_->outputs(true));
    return {};
}

void Outputs::set_wall(const config::Wall& wall) {
    displays_ = wall.displays;
    for (const auto& window : windows_)
        if (window) window->assign(std::nullopt, 0);  // its number may name another display now
    rebind(outputs_);
}

// Windows over outputs that stayed where they were are kept, so that nothing flickers there.
void Outputs::rebind(std::vector<wall::PluggedOutput> outputs) {
    std::vector<std::unique_ptr<GlfwWindow>> kept(outputs.size());
    for (size_t i = 0; i < outputs.size(); ++i) {
        const wall::PluggedOutput& now = outputs[i];
        for (size_t k = 0; k < windows_.size(); ++k) {
            const wall::PluggedOutput& old = outputs_[k];
            if (windows_[k] && old.connector == now.connector && old.x == now.x && old.y == now.y &&
                old.width == now.width && old.height == now.height)
                kept[i] = std::move(windows_[k]);
        }
    }
    windows_ = std::move(kept);  // closes the others
    outputs_ = std::move(outputs);
    binding_ = wall::bind_outputs(displays_, outputs_);
    looks_.resize(outputs_.size());
    for (size_t i = 0; i < outputs_.size(); ++i) place_window(i);
    choose_leader();
    make_current();
    for (const Limit& limit : limits()) base::log_warning("{}: {}", limit.what, limit.effect);
}

void Outputs::place_window(size_t output) {
    const wall::PluggedOutput& o = outputs_[output];
    if (!o.on()) {
        windows_[output].reset();
        return;
    }
    std::unique_ptr<GlfwWindow>& window = windows_[output];
    const bool is_new = window == nullptr;
    if (is_new) {
        GlfwWindow::Place place;
        place.x = o.x;
        place.y = o.y;
        place.width = o.width;
        place.height = o.height;
        place.full_screen = true;
        place.focused = output == 0;
        place.title = "Beaconwall: " + o.connector;
        auto opened = GlfwWindow::open(place, drawing_->handle(), events_);
        if (!opened.ok()) return base::log_error("{}: {}", o.connector, opened.error().text);
        window = std::move(*opened);
    }
    assign_window(output, window);
}

// Told again only what is new: a window that keeps its display keeps its picture.
void Outputs::assign_window(size_t output, std::unique_ptr<GlfwWindow>& window) {
    const wall::PluggedOutput& o = outputs_[output];
    const std::optional<size_t> display = binding_.display_of[output];
    if (display) {
        const uint32_t rotation = o.turned ? 0 : displays_[*display].rotation;
        looks_[output] = {};
        if (window->display() == display && window->rotation() == rotation) return;
        window->assign(display, rotation);
        base::log_info("display {} is on {}", displays_[*display].name, o.connector);
        return;
    }
    IdentifyLook look = identify_look(o, displays_, binding_, output);
    if (!window->display() && looks_[output] == look) return;
    looks_[output] = std::move(look);
    window->assign(std::nullopt, 0);
}

// One leader waits for its screen; the others follow, else N windows run at a part of the rate.
void Outputs::choose_leader() {
    bool led = false;
    for (const auto& window : windows_) {
        if (!window) continue;
        glfwMakeContextCurrent(window->handle());
        const bool leads = !led && window->display().has_value();
        glfwSwapInterval(leads ? 1 : 0);
        led = led || leads;
    }
}

void Outputs::present(std::span<const Canvas> displays, std::span<const Damage> damage) {
    glFlush();  // what was drawn must be seen by the windows' own contexts
    // Backwards: the leader, which may wait for its screen, comes last.
    for (size_t i = windows_.size(); i-- > 0;) {
        if (!windows_[i] || !windows_[i]->display()) continue;
        const size_t display = *windows_[i]->display();
        if (display >= displays.size() || damage[display].empty()) continue;
        windows_[i]->show(displays[display], damage[display].rects(), keeps_back_, turner_);
    }
    make_current();
}

std::vector<InputEvent> Outputs::poll_input() {
    glfwPollEvents();
    if (desktop_->changed()) {
        auto outputs = desktop_->outputs(false);
        if (outputs != outputs_) {
            base::log_info("the machine's outputs changed");
            rebind(std::move(outputs));
        }
    }
    const int64_t now = base::mono_ns();
    for (const auto& window : windows_)
        if (window) window->hide_cursor(now);
    return std::exchange(events_, {});
}

std::vector<size_t> Outputs::stale_displays() const {
    std::vector<size_t> out;
    for (const auto& window : windows_)
        if (window && window->display() && window->exposed()) out.push_back(*window->display());
    return out;
}

std::vector<Backend::Page> Outputs::stale_pages() const {
    std::vector<Page> out;
    for (size_t i = 0; i < windows_.size(); ++i)
        if (windows_[i] && !windows_[i]->display() && windows_[i]->exposed())
            out.push_back({i, looks_[i]});
    return out;
}

void Outputs::show_page(size_t output, const Canvas& page) {
    if (output >= windows_.size() || !windows_[output]) return;
    glFlush();
    windows_[output]->show(page, {}, keeps_back_, turner_);
    make_current();
}

std::string Outputs::output_of(size_t display) const {
    if (display >= binding_.output_of.size() || !binding_.output_of[display]) return {};
    return outputs_[*binding_.output_of[display]].connector;
}

std::vector<Limit> Outputs::limits() const {
    std::vector<Limit> out;
    for (size_t i = 0; i < displays_.size(); ++i) {
        const std::string what = "display " + displays_[i].name;
        if (!binding_.output_of[i]) {
            const std::string wish = wish_words(displays_[i].output);
            out.push_back({what, "missing",
                           fmt::format("no output shows it: {} is not plugged in, switched off, or "
                                       "cannot be told from another",
                                       wish.empty() ? "an output for it" : wish)});
            continue;
        }
        const wall::PluggedOutput& o = outputs_[*binding_.output_of[i]];
        config::Display hung = displays_[i];
        if (o.turned) hung.rotation = 0;
        const wall::SizePx native = wall::output_size(hung);
        if (native != wall::SizePx{o.width, o.height})
            out.push_back(
                {what, "scaled",
                 fmt::format("{} runs at {} x {}, its picture has {} x {}: set the mode "
                             "or wall.toml right",
                             o.connector, o.width, o.height, native.width, native.height)});
    }
    return out;
}

}  // namespace

base::Result<std::unique_ptr<Backend>> make_output_backend(const config::Wall& wall) {
    auto outputs = std::make_unique<Outputs>();
    if (base::Status done = outputs->open(wall); !done.ok()) return done.error();
    return std::unique_ptr<Backend>(std::move(outputs));
}

}  // namespace bw::compositor
