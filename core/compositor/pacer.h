// SPDX-License-Identifier: Apache-2.0
// When a frame is drawn: something waits and the refresh allows it. Counts what came late. Pure
// arithmetic on CLOCK_MONOTONIC.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace bw::compositor {

class Pacer {
  public:
    explicit Pacer(int64_t period_ns) : period_ns_(period_ns) {}
    /// The wall has another refresh now; what was counted stays.
    void set_period(int64_t period_ns) { period_ns_ = period_ns; }

    /// Something waits to be drawn. Only the first call before a frame counts: newer content is
    /// drawn with it, no second frame is owed.
    void want(int64_t now_ns);
    /// A frame may begin now.
    [[nodiscard]] bool due(int64_t now_ns) const { return wanted_ns_ != 0 && now_ns >= next_ns_; }
    /// No frame begins before this: until then nobody needs to look for anything new.
    [[nodiscard]] int64_t rests_until_ns() const { return next_ns_; }
    /// When to come and draw what waits; 0: nothing waits.
    [[nodiscard]] int64_t wake_ns() const { return wanted_ns_ == 0 ? 0 : due_ns(); }
    /// What waited turned out to need no pixel, or was drawn out of turn without being shown.
    void drop() { wanted_ns_ = 0; }
    /// A frame was drawn and handed over. May be called without want() (a snapshot draws when
    /// asked).
    void drawn(int64_t begun_ns, int64_t done_ns);

    /// Refreshes that passed while something waited to be seen.
    [[nodiscard]] uint64_t missed() const { return missed_; }
    /// How late the last frames began, and how long they took: the share-th smallest (0.5, 0.99,
    /// 1).
    [[nodiscard]] double lateness_ms(double share) const { return lateness_.at(share); }
    [[nodiscard]] double drawing_ms(double share) const { return drawing_.at(share); }
    [[nodiscard]] double last_drawing_ms() const { return static_cast<double>(last_ns_) / 1e6; }

  private:
    // The newest values, some 17 s of them at 60 Hz.
    class Recent {
      public:
        void add(int64_t ns);
        [[nodiscard]] double at(double share) const;

      private:
        std::array<int64_t, 1024> ns_{};
        size_t count_ = 0, next_ = 0;
    };
    [[nodiscard]] int64_t due_ns() const { return wanted_ns_ > next_ns_ ? wanted_ns_ : next_ns_; }

    int64_t period_ns_;
    int64_t wanted_ns_ = 0, next_ns_ = 0;
    int64_t last_ns_ = 0;
    uint64_t missed_ = 0;
    Recent lateness_, drawing_;
};

}  // namespace bw::compositor
