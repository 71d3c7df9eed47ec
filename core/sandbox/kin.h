// SPDX-License-Identifier: Apache-2.0
// Which processes are a service's own: those that it may signal and set limits for.
#pragma once

#include <sys/types.h>

#include "core/sandbox/caller.h"

namespace bw::sandbox {

class Kin {
  public:
    /// `service`: what was exec'ed, the leader of its group.
    explicit Kin(pid_t service) : service_(service) {}

    /// True for calls that answer() knows: those that name a process, a group or a user by number.
    [[nodiscard]] static bool names_process(int call);
    /// Such a call goes on if it is about a process of its own. Its arguments are all numbers, or
    /// point to what does not matter here, so the kernel may do it. What remains: a process that
    /// ends in that moment and whose number is given to a stranger.
    [[nodiscard]] Answer answer(const Caller& caller) const;
    /// Signals by pidfd, which the guard sends itself.
    [[nodiscard]] Answer send_by_pidfd(Caller& caller) const;

  private:
    [[nodiscard]] bool process(pid_t who, pid_t caller) const;
    [[nodiscard]] bool group(pid_t group, pid_t caller) const;
    [[nodiscard]] bool target(pid_t who, pid_t caller) const;
    [[nodiscard]] bool of_kind(int kind, pid_t who, pid_t caller) const;
    [[nodiscard]] bool allows(const Caller& caller) const;

    pid_t service_;
};

}  // namespace bw::sandbox
