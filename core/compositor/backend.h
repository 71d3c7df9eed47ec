// SPDX-License-Identifier: Apache-2.0
// Where the finished pictures go: ordinary windows, or nowhere (headless). One thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/compositor/damage.h"
#include "core/compositor/gl_program.h"
#include "core/config/site.h"

namespace bw::compositor {

struct InputEvent {
    enum class Type { key, move, press, release, scroll, leave } type = Type::move;
    std::string key;  // "F1" … "F12", "undo"
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
};

base::Result<std::unique_ptr<Backend>> make_headless_backend();
/// One window per display, placed as the displays hang, scaled to fit the monitor.
base::Result<std::unique_ptr<Backend>> make_window_backend(const config::Wall& wall);

}  // namespace bw::compositor
