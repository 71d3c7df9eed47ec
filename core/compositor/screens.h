// SPDX-License-Identifier: Apache-2.0
// The displays of this machine: their canvases, what of them is damaged, their wall strips, and the
// frames drawn. One frame number counts for all of them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/compositor/ahead.h"
#include "core/compositor/backend.h"
#include "core/compositor/damage.h"
#include "core/compositor/painter.h"
#include "core/compositor/png_worker.h"
#include "core/compositor/transition_painter.h"

namespace bw::compositor {

/// What the strips say beside what the wall's settings give.
struct StripWords {
    std::string layout, trouble, notice, journal;
    Freshness worst = Freshness::live;
    std::vector<Hold> holds;
    SpaceWords space = {};
    std::string attention;  // what people should look at; empty: nothing
    int level = 0;          // of the gravest of it
    bool operator==(const StripWords&) const = default;
};

class Screens {
  public:
    Screens(const WallContext& context, Backend& backend, Painter& painter);

    /// The context's wall has changed. Displays that are as before keep their canvases.
    void set_wall(const config::Wall& before);
    void damage_all();
    void damage(const std::vector<Dirty>& dirty);
    /// Redraws strips whose words (or minute) changed.
    void say(const StripWords& words, int64_t wall_time_ns);
    [[nodiscard]] bool damaged() const;
    /// Looks after screens that hold nothing or lost it: displays are damaged whole, pages drawn.
    void attend_outputs();
    /// Draws what is damaged and presents it; `seen_ns`: CLOCK_MONOTONIC when it is seen.
    void draw(const Stage* stage, int64_t seen_ns);
    /// The scene that comes next: drawn beforehand, a step at a time.
    [[nodiscard]] Ahead& ahead() { return ahead_; }
    void step_ahead() { ahead_.step(strips_, written_); }
    /// `stage` is on the air from the next frame on. What was drawn ahead of it is exchanged for
    /// what is shown; otherwise all of it is drawn then.
    void change_scene(const Stage& stage);
    /// Called between the parts of a frame: one of many displays may take seconds on a machine that
    /// is busy with something else.
    void on_progress(std::function<void()> tell) { progress_ = std::move(tell); }
    /// For measurements: every display is drawn whole whenever something of the wall changed, as a
    /// compositor does that tracks no damage.
    void redraw_all(bool on) { redraw_all_ = on; }

    /// After change_scene(): from what was on the canvases before to what is drawn next.
    void begin_transition(TransitionPlan plan);
    void end_transition() { transition_.end(); }
    /// Frames follow each other until it is over.
    [[nodiscard]] bool in_transition() const { return transition_.running(); }

    /// What one sees.
    [[nodiscard]] const std::vector<Canvas>& canvases() const {
        return in_transition() ? transition_.shown() : canvases_;
    }
    [[nodiscard]] uint64_t frame_id() const { return frame_id_; }

    // Pictures for a snapshot: what is on the canvases now, or a stage that is not on the air.
    [[nodiscard]] Pixels read_display(size_t display) const;
    [[nodiscard]] Pixels read_wall() const;
    // With strips that say what they would say of it, or those of now.
    [[nodiscard]] std::vector<Canvas> draw_apart(const Stage& stage, const StripWords& words,
                                                 int64_t wall_time_ns) const;
    [[nodiscard]] std::vector<Canvas> draw_apart(const Stage& stage) const {
        return draw_apart(stage, strips_);
    }
    [[nodiscard]] Pixels read(const Canvas& canvas, const wall::RectPx& rect) const;
    [[nodiscard]] Pixels read_wall(const std::vector<Canvas>& canvases) const;

    void add_reports(std::vector<DisplayReport>& out) const;
    void remember_take(const Taken& taken) { last_take_ = taken; }

  private:
    [[nodiscard]] std::vector<Canvas> make_canvases() const;
    [[nodiscard]] StripLook strip_look(size_t display, const StripWords& words,
                                       int64_t wall_time_ns) const;
    [[nodiscard]] std::vector<Canvas> draw_apart(const Stage& stage,
                                                 const std::vector<Strip>& strips) const;
    void show_step(int64_t seen_ns);

    const WallContext& context_;
    Backend& backend_;
    Painter& painter_;
    std::vector<Canvas> canvases_;
    std::vector<Damage> damage_;
    std::vector<Strip> strips_;
    std::optional<StripWords> said_;  // what they say; nothing: not yet, or the wall has changed
    int64_t said_minute_ = 0;
    TransitionPainter transition_;
    Ahead ahead_;
    bool whole_ = false;  // the next frame shows other canvases: all of them is new to the screens
    std::vector<uint64_t> drawn_, written_, changed_;  // per display; pixels
    Plan plan_;
    std::function<void()> progress_ = [] {};
    bool redraw_all_ = false;
    uint64_t frame_id_ = 0;
    std::optional<Taken> last_take_;
};

}  // namespace bw::compositor
