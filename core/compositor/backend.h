// SPDX-License-Identifier: Apache-2.0
// Where the finished pictures go: ordinary windows, the machine's outputs, or nowhere (headless).
// One thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/compositor/damage.h"
#include "core/compositor/gl_program.h"
#include "core/compositor/identify.h"
#include "core/compositor/messages.h"
#include "core/config/site.h"

namespace bw::compositor {

struct InputEvent {
    enum class Type { key, move, press, release, scroll, leave } type = Type::move;
    std::string key = {};  // "F1" … "F12", "undo"
    size_t display = 0;
    double x = 0, y = 0;  // display pixels
    int button = 0;       // 1 left, 2 right, 3 middle
    double wheel = 0;
};

class Backend {
  public:
    virtual ~Backend() = default;
    virtual void make_current() = 0;
    /// Shows one canvas per display, of which `damage` changed (one list per display; empty: that
    /// display stays as it is). Returns when the drawing is done or handed to the screen.
    virtual void present(std::span<const Canvas> displays, std::span<const Damage> damage) = 0;
    virtual std::vector<InputEvent> poll_input() = 0;
    /// How often poll_input() must be called at least, in ns; 0: never.
    [[nodiscard]] virtual int64_t poll_every_ns() const = 0;

    /// The wall has other displays now. What can stay stays; draws nothing.
    virtual void set_wall(const config::Wall&) {}
    /// Displays whose screen holds nothing or lost it: they must be presented whole.
    [[nodiscard]] virtual std::vector<size_t> stale_displays() const { return {}; }
    struct Page {
        size_t output = 0;
        IdentifyLook look;
    };
    /// Outputs that show no display, and what is to be drawn on them instead (now: it is not
    /// there).
    [[nodiscard]] virtual std::vector<Page> stale_pages() const { return {}; }
    virtual void show_page(size_t output, const Canvas& page) {
        (void)output;
        (void)page;
    }
    /// The connector that shows a display; empty: none does, or this is not bound to outputs.
    [[nodiscard]] virtual std::string output_of(size_t display) const {
        (void)display;
        return {};
    }
    /// Displays that are shown nowhere, and other lacks, for the status.
    [[nodiscard]] virtual std::vector<Limit> limits() const { return {}; }
};

base::Result<std::unique_ptr<Backend>> make_headless_backend();
/// Shows nothing and has no GL: for the null renderer.
std::unique_ptr<Backend> make_null_backend();
/// bind = "windows": one window per display, placed as the displays hang, scaled to fit the
/// monitor.
base::Result<std::unique_ptr<Backend>> make_window_backend(const config::Wall& wall);
/// bind = "displays": each display on the output that it names, full screen.
base::Result<std::unique_ptr<Backend>> make_output_backend(const config::Wall& wall);

}  // namespace bw::compositor
