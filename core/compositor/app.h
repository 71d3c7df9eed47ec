// SPDX-License-Identifier: Apache-2.0
// The compositor process: one loop that takes in what supervisor, producers and hub say, and draws
// a frame when something changed. It waits for none of them.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/compositor/attention.h"
#include "core/compositor/backend.h"
#include "core/compositor/director.h"
#include "core/compositor/hub_link.h"
#include "core/compositor/mirror.h"
#include "core/compositor/pacer.h"
#include "core/compositor/png_worker.h"
#include "core/compositor/scene_memory.h"
#include "core/compositor/screens.h"
#include "core/compositor/site_reader.h"
#include "core/compositor/waits.h"
#include "core/control/arguments.h"
#include "core/control/message.h"

namespace bw::compositor {

class App {
  public:
    App(control::Arguments arguments, control::Channel channel);
    ~App();
    /// Windows or none, the scene that is remembered, the hub. `start`: its descriptors are the
    /// glyph atlas and the scene memory.
    base::Status open(control::Received start);
    /// Until told to stop; the process' exit status.
    int run();
    /// Tells the supervisor and the log why it cannot go on; gives the exit status.
    int fail(const std::string& why);

  private:
    base::Status read_site();
    base::Status open_backend(PainterKind kind);
    base::Status open_screens();
    base::Status open_hub();
    void try_real_time();

    void wait();
    [[nodiscard]] bool resting(int64_t now_ns) const;
    [[nodiscard]] int64_t wake_at(int64_t now_ns);
    void read_control();
    void obey(control::Received& received);
    void add_link(control::Received& received);
    void tell_of_cuts();
    void orphaned();
    void watch_successor(int64_t now_ns);
    void read_input();
    void press_key(const std::string& key);
    void point(const InputEvent& event);

    [[nodiscard]] bool frame_wanted(int64_t now_ns);
    /// There is something to draw ahead and room for a step of it before the next frame.
    [[nodiscard]] bool ahead_fits(int64_t now_ns) const;
    void draw_ahead();
    void say_ready();
    void frame(int64_t now_ns);
    void judge(Stage* stage, int64_t now_ns, std::vector<Dirty>& dirty);
    void begin_transition(const Director::Swap& swap, int64_t now_ns);
    void announce(const Director::Swap& swap);
    void note_frame_done(int64_t now_ns);

    void on_site(const std::string& digest);
    void read_changed_site();
    void change_wall(int64_t now_ns);
    void on_live(Live live);
    void on_source(const std::string& id, std::optional<SourceName> name);
    std::string report(const std::string& nonce);
    void snapshot(const SnapshotAsk& ask, events::Client::Answer answer);
    base::Result<Pixels> picture_for(const SnapshotAsk& ask);
    /// What the strips say while `stage` is on air.
    [[nodiscard]] StripWords strip_words(const Stage* stage) const;
    /// How long the strip's words of the space on air stay true; 0: for good.
    [[nodiscard]] int64_t strip_holds_ns() const;

    control::Arguments arguments_;
    control::Channel control_;
    control::Beat beat_;
    std::map<std::string, std::string> hot_keys_;  // "F1" → layout
    std::vector<Limit> limits_;
    // Order matters: GL objects go before the context, feeds after the stages that hold them.
    std::unique_ptr<text::Atlas> atlas_;
    std::unique_ptr<Backend> backend_;
    std::unique_ptr<Painter> painter_;
    WallContext context_;
    std::unique_ptr<Screens> screens_;
    std::unique_ptr<Mirror> mirror_;
    Director director_{context_};
    std::optional<SceneMemory> memory_;
    PngWorker png_;
    std::unique_ptr<HubLink> hub_;
    StallGuard guard_;
    std::vector<Hold> holds_;
    Attention attention_;
    std::string journal_disk_;  // as the hub said last; empty: nothing yet
    std::unique_ptr<SiteReader> site_reader_;
    std::string site_digest_;
    std::optional<config::Wall> coming_wall_;  // read again, its pictures awaited
    int64_t coming_by_ns_ = 0;

    Waits waits_;
    Pacer pacer_{base::kSecond / 60};
    bool busy_ = false;  // the last frame was due as soon as there could be one
    int64_t started_ns_ = 0, period_ns_ = 16'666'667, judge_at_ns_ = 0, mirror_at_ns_ = 0;
    int64_t ahead_step_ns_ = 0, ahead_waits_ns_ = 0;  // what a step takes; since when one waits
    int64_t wanted_wake_ns_ = 0, orphaned_ns_ = 0, looked_for_successor_ns_ = 0;
    bool stop_ = false, hub_up_ = false, hub_was_up_ = false, wall_ready_said_ = false;
    bool drawn_said_ = false, judge_now_ = true;
};

}  // namespace bw::compositor
