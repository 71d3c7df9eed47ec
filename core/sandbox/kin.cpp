// SPDX-License-Identifier: Apache-2.0
#include "core/sandbox/kin.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>

namespace bw::sandbox {
namespace {

constexpr std::array kNaming{SCMP_SYS(kill),
                             SCMP_SYS(tkill),
                             SCMP_SYS(tgkill),
                             SCMP_SYS(rt_sigqueueinfo),
                             SCMP_SYS(rt_tgsigqueueinfo),
                             SCMP_SYS(setpgid),
                             SCMP_SYS(setpriority),
                             SCMP_SYS(ioprio_set),
                             SCMP_SYS(fcntl),
                             SCMP_SYS(prlimit64),
                             SCMP_SYS(sched_setscheduler),
                             SCMP_SYS(sched_setparam),
                             SCMP_SYS(sched_setattr),
                             SCMP_SYS(sched_setaffinity),
                             SCMP_SYS(migrate_pages),
                             SCMP_SYS(move_pages)};

/// Which argument says whom it is about.
int place_of_process(int call) {
    if (call == SCMP_SYS(fcntl)) return 2;
    const bool second =
        call == SCMP_SYS(setpgid) || call == SCMP_SYS(setpriority) || call == SCMP_SYS(ioprio_set);
    return second ? 1 : 0;
}

/// Of a process that a pidfd of ours stands for; 0: it is none, or has ended.
pid_t process_of(int pidfd) {
    const base::UniqueFd file(
        open(("/proc/self/fdinfo/" + std::to_string(pidfd)).c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 1024> buffer{};
    const ssize_t size = file.valid() ? read(file.get(), buffer.data(), buffer.size()) : 0;
    const std::string_view text(buffer.data(), size > 0 ? static_cast<size_t>(size) : 0);
    const size_t at = text.find("\nPid:\t");
    pid_t process = 0;
    if (at != std::string_view::npos)
        std::from_chars(text.data() + at + 6, text.data() + text.size(), process);
    return process;
}

}  // namespace

bool Kin::names_process(int call) {
    return std::find(kNaming.begin(), kNaming.end(), call) != kNaming.end();
}

/// Itself, a descendant of its or of the service, or of the service's group. Who has left all
/// three (a daemon of two forks) is still its own and its children's.
bool Kin::process(pid_t who, pid_t caller) const {
    constexpr int kMostGenerations = 64;
    if (who <= 0) return who == 0;
    const pid_t self = status_field(caller, "Tgid");
    const pid_t pgid = getpgid(who);
    if (pgid == service_) return true;
    pid_t at = status_field(who, "Tgid");
    for (int i = 0; i < kMostGenerations && at > 1; ++i) {
        if (at == service_ || at == self) return true;
        at = status_field(at, "PPid");
    }
    return false;
}

/// Nobody joins a group that is not kin (setpgid()), so the caller's own is.
bool Kin::group(pid_t group, pid_t caller) const {
    if (group == 0 || group == service_ || group == getpgid(caller)) return true;
    return process(group, caller);
}

/// As kill() reads it.
bool Kin::target(pid_t who, pid_t caller) const {
    if (who >= 0) return process(who, caller);
    return who < -1 && group(-who, caller);
}

bool Kin::of_kind(int kind, pid_t who, pid_t caller) const {
    if (kind == PRIO_PROCESS) return process(who, caller);
    return kind == PRIO_PGRP && group(who, caller);
}

bool Kin::allows(const Caller& caller) const {
    const pid_t from = caller.thread();
    const int first = caller.number(0);
    switch (caller.call()) {
        case SCMP_SYS(kill):
            return target(first, from);
        case SCMP_SYS(setpgid):
            return caller.number(1) == 0 || caller.number(1) == first ||
                   group(caller.number(1), from);
        case SCMP_SYS(setpriority):
            return of_kind(first, caller.number(1), from);
        case SCMP_SYS(ioprio_set):  // its kinds begin at 1
            return of_kind(first - 1, caller.number(1), from);
        case SCMP_SYS(fcntl):
            return caller.number(1) == F_SETOWN && target(caller.number(2), from);
        default:
            return process(first, from);
    }
}

Answer Kin::answer(const Caller& caller) const {
    const bool allowed = allows(caller);
    if (!caller.waits()) return failed(EINTR);  // what was looked at may have been somebody else
    if (allowed) return {0, 0, true, {}};
    return refused(caller.name() + " of " +
                   std::to_string(caller.number(place_of_process(caller.call()))));
}

Answer Kin::send_by_pidfd(Caller& caller) const {
    const base::UniqueFd pidfd = caller.take(caller.number(0));
    if (!pidfd.valid()) return failed(errno);
    if (caller.argument(3) != 0) return failed(EINVAL);
    const pid_t who = process_of(pidfd.get());
    if (who <= 0) return failed(ESRCH);
    if (!process(who, caller.thread()) || !caller.waits())
        return refused(caller.name() + " of " + std::to_string(who));
    if (syscall(SYS_pidfd_send_signal, pidfd.get(), caller.number(1), nullptr, 0U) != 0)
        return failed(errno);
    return {};
}

}  // namespace bw::sandbox
