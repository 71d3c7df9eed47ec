// SPDX-License-Identifier: Apache-2.0
// One panel process that waits without work: it is loaded and set up, and lacks nothing but a
// plugin's name. So the successor of one that dies does not begin with the 20 ms of a program's
// start. The supervisor's thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/control/message.h"
#include "core/supervisor/spawn.h"
#include "core/supervisor/voice.h"

namespace bw::supervisor {

/// A process of a role, before its `start`.
struct Launched {
    Child child;
    control::Channel channel;
    std::unique_ptr<Voice> voice;  // plugins
};

class Spare {
  public:
    explicit Spare(std::function<base::Result<Launched>()> launch) : launch_(std::move(launch)) {}
    Spare(const Spare&) = delete;
    Spare& operator=(const Spare&) = delete;
    /// Ends the one that waits.
    ~Spare();

    /// The one that waits, unless none is alive; the caller's from now on.
    std::optional<Launched> take(int64_t now_ns);
    /// Buries the one that waits if it has ended. Starts one if it is wanted and none waits, a
    /// while after the last.
    void keep(bool wanted, int64_t now_ns);
    /// CLOCK_MONOTONIC; when the next one may be started.
    [[nodiscard]] int64_t due_ns() const;
    /// Readable when the one that waits has ended, which keep() sees; -1: none waits.
    [[nodiscard]] int fd() const { return waiting_ ? waiting_->child.pidfd.get() : -1; }
    /// 0: none waits.
    [[nodiscard]] pid_t pid() const { return waiting_ ? waiting_->child.pid : 0; }

  private:
    bool has_ended() const;

    std::function<base::Result<Launched>()> launch_;
    std::optional<Launched> waiting_;
    int64_t due_ns_ = 0;
};

}  // namespace bw::supervisor
