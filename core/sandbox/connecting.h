// SPDX-License-Identifier: Apache-2.0
// connect() and bind(), made by the guard on a duplicate of a service's socket.
#pragma once

#include <optional>
#include <variant>

#include "core/sandbox/caller.h"
#include "core/sandbox/reach.h"

namespace bw::sandbox {

/// A blocking socket is made non-blocking for the moment in which the connection is begun, and
/// waited for by poll(). Not by a thread: the supervisor forks, and has one for that reason. What
/// another thread of the service does with that very socket in that moment does not block either.
class Connecting {
  public:
    static std::variant<Connecting, Answer> read(Caller& caller, const Reach& reach);
    /// The call's answer; nothing: it takes its time, and is asked again by push(). Neither blocks.
    std::optional<Answer> start();
    std::optional<Answer> push();
    /// Ends the attempt: ETIMEDOUT.
    Answer give_up();
    /// Writable: time for push(). -1: no descriptor tells (a listener by path that is full).
    [[nodiscard]] int fd() const { return begun_ ? socket_.fd.get() : -1; }

  private:
    std::optional<Answer> check(Caller& caller, const Reach& reach);

    Socket socket_;
    Address to_;
    HeldPath path_;
    bool begun_ = false;
};

class Binding {
  public:
    static std::variant<Binding, Answer> read(Caller& caller, const Reach& reach);
    Answer make();

  private:
    std::optional<Answer> check(Caller& caller, const Reach& reach);

    Socket socket_;
    Address to_;
    HeldPath path_;
};

}  // namespace bw::sandbox
