// SPDX-License-Identifier: Apache-2.0
// When a source is opened, closed, declared late and tried again: a state machine without pictures,
// pipelines or clocks of its own. Times are CLOCK_MONOTONIC nanoseconds handed in by the caller.
// Main thread only.
#pragma once

#include <cstdint>
#include <random>

#include "core/base/clock.h"
#include "core/surface/layout.h"

namespace bw::media {

struct Timing {
    int64_t connect_ns = 4 * base::kSecond;  // to the description of a stream
    // From there to its first picture: that is a key frame, and some cameras send one in ten
    // seconds. Whoever gave up before it would reconnect for ever.
    int64_t key_frame_ns = 15 * base::kSecond;
    int64_t late_ns = 1500 * base::kMillisecond;
    int64_t rebuild_ns = 3 * base::kSecond;  // without a picture
    int64_t grace_ns = 2 * base::kSecond;    // kept open after the last surface went
    int64_t settled_ns = 3 * base::kSecond;  // of playing until earlier failures are forgotten
    int64_t first_delay_ns = 250 * base::kMillisecond;
    int64_t on_air_cap_ns = 5 * base::kSecond;  // someone is looking: try often
    int64_t cap_ns = 30 * base::kSecond;
    int64_t refused_delay_ns =
        5 * base::kSecond;  // a camera may lock an account that is tried often
};

/// standby: received, so that a take finds it running, but not decoded.
enum class Demand : uint8_t { none = 0, standby = 1, prepared = 2, on_air = 3 };
enum class Order : uint8_t { nothing = 0, open = 1, close = 2 };

class SourceMachine {
  public:
    explicit SourceMachine(Timing timing, uint32_t seed) : timing_(timing), random_(seed) {}

    /// Whether an address is known at all.
    void known(bool is_known, int64_t now);
    /// The address in use is another one now: close and open again, at once.
    void moved(int64_t now);
    void demanded(Demand demand, int64_t now);
    /// Someone asked to try again now.
    void retry(int64_t now);
    /// The newest picture of the open pipeline arrived then. Call it as often as you like.
    void picture(int64_t arrived_ns);
    /// Pictures wait to be decoded: this machine is slow, not the camera. To connect anew would
    /// cost what is lacking, and begin with nothing; so a rebuild waits until this has ended.
    void behind(int64_t now) { behind_ns_ = now; }
    /// The server answered and described a stream; a picture is expected.
    void connected() { connected_ = true; }
    void trouble(surface::Reason reason, int64_t now);
    /// Pictures come, and show the same for too long.
    void frozen(bool is_frozen) { frozen_ = is_frozen; }

    /// What to do now. Call it until it says nothing. What may not open yet stays due.
    Order step(int64_t now, bool may_open = true);
    /// When step() has something to do though nothing happened; 0: never.
    [[nodiscard]] int64_t next_wake_ns(int64_t now) const;

    struct View {
        surface::SourceState state = surface::SourceState::idle;
        surface::Reason reason = surface::Reason::none;
        int64_t next_try_ns = 0;
        bool operator==(const View&) const = default;
    };
    [[nodiscard]] View view(int64_t now) const;
    [[nodiscard]] uint64_t reconnects() const { return reconnects_; }

  private:
    void fail(surface::Reason reason, int64_t now);
    int64_t delay(surface::Reason reason);
    [[nodiscard]] int64_t first_picture_by_ns() const;
    [[nodiscard]] int64_t picture_by_ns() const;
    [[nodiscard]] View trouble_view() const;

    Timing timing_;
    std::minstd_rand random_;
    bool known_ = false, open_ = false, close_pending_ = false, connected_ = false;
    bool had_picture_ = false;  // since it was last idle: its surfaces show something
    bool reopening_ = false;
    bool frozen_ = false;
    Demand demand_ = Demand::none;
    surface::Reason reason_ = surface::Reason::none;
    uint32_t failures_ = 0;  // in a row
    int64_t opened_ns_ = 0, picture_ns_ = 0, behind_ns_ = 0, unwanted_ns_ = 0, next_try_ns_ = 0;
    uint64_t reconnects_ = 0;
};

}  // namespace bw::media
