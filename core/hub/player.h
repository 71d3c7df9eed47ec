// SPDX-License-Identifier: Apache-2.0
// A span of live's journal, played into a space: first what was known at its beginning, then what
// happened, in its order and as fast as asked. Read off the loop, in pages; what is due is played
// in small steps. Where the machine is too slow for that, telemetry that is overtaken is left out,
// as for a slow subscriber, and nothing else. On the loop.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "core/hub/facts.h"

namespace bw::hub {

class Player : public std::enable_shared_from_this<Player> {
  public:
    struct Span {
        int64_t since_ns = 0, until_ns = 0;  // wall clock of then: [since, until)
        int speed = 1;                       // seconds of then in one of now
    };
    Player(Journal& journal, Facts& facts, std::string space, const Span& span)
        : journal_(journal), facts_(facts), space_(std::move(space)), span_(span) {}

    /// Fills the space with what was known at the beginning, and reads the first page. `ready`
    /// once: "refused" when nothing is kept of the span, or why the journal cannot be read.
    void prepare(std::function<void(base::Status)> ready);
    /// The clock shows the beginning at that moment of the wall clock.
    void start(int64_t wall_ns) { started_ns_ = wall_ns; }
    /// Plays what is due at that moment. True: all of it was.
    bool tick(int64_t wall_ns);
    /// Monotonic.
    [[nodiscard]] int64_t next_wake_ns() const;
    /// Telemetry that was left out because a later one was due, too.
    [[nodiscard]] uint64_t overtaken() const { return overtaken_; }

  private:
    [[nodiscard]] int64_t clock(int64_t wall_ns) const;
    void read_state(bool records, const std::string& type, const std::string& subject);
    void read_span();
    void span_came(base::Result<SpanPage> page);
    void nothing_kept();
    void be_ready(base::Status status);
    void play(const std::vector<StoredPtr>& due);

    Journal& journal_;
    Facts& facts_;
    const std::string space_;
    const Span span_;
    std::function<void(base::Status)> ready_;  // null: it is
    int64_t started_ns_ = 0, again_ns_ = 0;    // wall clock; monotonic
    std::deque<StoredPtr> rows_;
    Query::Mark after_;
    bool more_ = true, asked_ = false;
    bool imported_ = false;  // there was something that is not played
    uint64_t overtaken_ = 0;
};

}  // namespace bw::hub
