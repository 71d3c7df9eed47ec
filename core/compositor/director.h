// SPDX-License-Identifier: Apache-2.0
// Which stage is on the air, which is prepared, and when they change places. No GL, no hub: the
// caller carries the messages.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/compositor/stage.h"

namespace bw::compositor {

class Director {
  public:
    explicit Director(WallContext& context) : context_(context) {}

    /// Shows a scene at once: the one the supervisor remembers.
    void start_from(const wall::Scene& scene);
    /// Prepares a scene beside the one on air; nothing: drops what was prepared.
    void prepare(std::optional<wall::Scene> scene);
    /// To be shown at `at_ns` (CLOCK_MONOTONIC; 0: at the next frame). An older take than the one
    /// on air is not shown: on air wins.
    void go_live(Live live, int64_t at_ns, int64_t now_ns);
    /// When the waiting take is due; 0: none waits.
    [[nodiscard]] int64_t due_ns() const { return live_ ? std::max<int64_t>(live_at_ns_, 1) : 0; }

    struct Swap {
        uint64_t take = 0;
        std::string hash;
        int64_t committed_ns = 0;  // from when commit_to_frame counts
        config::Transition transition;
    };
    /// At a frame edge: changes the stages if the take is due.
    std::optional<Swap> swap(int64_t now_ns);
    /// Lets go of the stage that swap() took off the air. Apart, because giving surfaces back takes
    /// time that the first frame of a take must not wait for.
    void drop_retired() { retired_.reset(); }
    /// The hash of the prepared scene, once, when all of it is there. `drawn`: so it is on
    /// canvases.
    std::optional<std::string> newly_ready(bool drawn);

    /// The wall is about to change: makes what is on air for `wall`, beside what is shown.
    void relay(const config::Wall& wall);
    void drop_relaid() { relaid_.reset(); }
    /// Nothing more to wait for.
    [[nodiscard]] bool relaid_ready() const { return !relaid_ || relaid_->ready(); }
    [[nodiscard]] Stage* relaid() { return relaid_.get(); }
    /// The context's wall has changed: shows what relay() made, and prepares anew what was
    /// prepared.
    void take_relaid();

    [[nodiscard]] Stage* on_air() { return on_air_.get(); }
    [[nodiscard]] const Stage* on_air() const { return on_air_.get(); }
    [[nodiscard]] Stage* next() { return next_.get(); }
    /// What comes on the air next: claimed by a take that waits, or prepared.
    [[nodiscard]] Stage* coming() { return taking_ ? taking_.get() : next_.get(); }
    /// What swap() took off the air, until drop_retired(); null: nothing was, or the same again.
    [[nodiscard]] const Stage* retired() const { return retired_.get(); }

  private:
    WallContext& context_;
    std::unique_ptr<Stage> on_air_, next_;
    std::unique_ptr<Stage> taking_;  // prepared, and claimed by the take that waits
    std::unique_ptr<Stage> retired_;
    std::unique_ptr<Stage> relaid_;  // what is on air, for a wall that comes
    std::optional<Live> live_;
    int64_t live_at_ns_ = 0, committed_ns_ = 0;
    bool ready_said_ = false;
};

}  // namespace bw::compositor
