// SPDX-License-Identifier: Apache-2.0
// GLib event sources with an owner: removed by the destructor. All run on the default main
// context's thread, and a callback may drop its own source.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace bw::console {

class GlibSource {
  public:
    using Callback = std::function<void()>;
    GlibSource() = default;
    /// Each time `fd` is readable or hung up. The descriptor stays the caller's.
    static GlibSource readable(int fd, Callback callback);
    /// Every `milliseconds`.
    static GlibSource every(unsigned milliseconds, Callback callback);
    /// On each `signal` of the process (SIGTERM, SIGINT, SIGHUP).
    static GlibSource on_signal(int signal, Callback callback);
    GlibSource(GlibSource&& other) noexcept;
    GlibSource& operator=(GlibSource&& other) noexcept;
    GlibSource(const GlibSource&) = delete;
    GlibSource& operator=(const GlibSource&) = delete;
    ~GlibSource();
    void reset();
    [[nodiscard]] bool active() const { return id_ != 0; }

  private:
    explicit GlibSource(unsigned id) : id_(id) {}
    unsigned id_ = 0;
};

/// An alarm at a moment of CLOCK_MONOTONIC, set anew as often as one likes.
class GlibAlarm {
  public:
    explicit GlibAlarm(std::function<void()> callback);
    ~GlibAlarm();
    GlibAlarm(const GlibAlarm&) = delete;
    GlibAlarm& operator=(const GlibAlarm&) = delete;
    /// In nanoseconds; a moment that has passed: as soon as the loop turns.
    void set(int64_t mono_ns);

  private:
    struct Source;
    std::function<void()> callback_;
    Source* source_;
};

}  // namespace bw::console
