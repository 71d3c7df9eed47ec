// SPDX-License-Identifier: Apache-2.0
// seccomp, by libseccomp. A refused call waits for the supervisor's word by user notification
// (Linux 5.0), which says so in the log and lets it fail (refusals.cpp). No signal is used: threads
// that block all signals, as libraries start them, would die of it.
#include "core/sandbox/calls.h"

#include <fcntl.h>
#include <linux/prctl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace bw::sandbox {
namespace {

/// What drawing, libraries, threads, ZeroMQ and C++ need, with any arguments.
constexpr std::array kAllowed{
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(pwrite64),
    SCMP_SYS(close),
    SCMP_SYS(close_range),
    SCMP_SYS(lseek),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(fcntl),
    SCMP_SYS(dup),
    SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    SCMP_SYS(pipe2),
    SCMP_SYS(munmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(membarrier),
    SCMP_SYS(msync),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(epoll_pwait2),
    SCMP_SYS(eventfd2),
    SCMP_SYS(timerfd_create),
    SCMP_SYS(timerfd_settime),
    SCMP_SYS(timerfd_gettime),
    SCMP_SYS(timer_settime),
    SCMP_SYS(timer_gettime),
    SCMP_SYS(timer_getoverrun),
    SCMP_SYS(signalfd4),
    SCMP_SYS(sched_yield),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrandom),
    SCMP_SYS(futex),
    SCMP_SYS(futex_waitv),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(get_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(set_tid_address),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(arch_prctl),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_get_priority_max),
    SCMP_SYS(sched_get_priority_min),
    SCMP_SYS(getpriority),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getcpu),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvmsg),
    SCMP_SYS(recvfrom),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    // A process may close itself in further, as a panel's does once it knows where its plugin lies.
    SCMP_SYS(landlock_add_rule),
    SCMP_SYS(landlock_restrict_self),
};

/// Newer calls that C libraries try first and do without: not worth a line in the log.
constexpr std::array kUnknown{SCMP_SYS(clone3), SCMP_SYS(openat2)};

using Filter = scmp_filter_ctx;

bool allow(Filter filter, int call, std::initializer_list<scmp_arg_cmp> when) {
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, static_cast<unsigned>(when.size()),
                                  when.begin()) == 0;
}

scmp_arg_cmp is(unsigned argument, uint64_t value) {
    return {argument, SCMP_CMP_EQ, value, 0};
}

/// Calls that are harmless with some arguments alone.
bool allow_some(Filter filter) {
    const auto self = static_cast<uint64_t>(getpid());
    bool good = true;
    // Threads, but no processes.
    good &= allow(filter, SCMP_SYS(clone),
                  {{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM}});
    // Memory, but none that is shared and belongs to no file: no limit counts that.
    constexpr uint64_t kUncounted = MAP_SHARED | MAP_ANONYMOUS;
    for (const uint64_t kind : {uint64_t{0}, uint64_t{MAP_SHARED}, uint64_t{MAP_ANONYMOUS}})
        good &= allow(filter, SCMP_SYS(mmap), {{3, SCMP_CMP_MASKED_EQ, kUncounted, kind}});
    // Files to read, but not emptied on the way: Landlock knows of that from Linux 6.2 on alone.
    good &= allow(filter, SCMP_SYS(open), {{1, SCMP_CMP_MASKED_EQ, O_TRUNC, 0}});
    good &= allow(filter, SCMP_SYS(openat), {{2, SCMP_CMP_MASKED_EQ, O_TRUNC, 0}});
    // abort() and raise().
    good &= allow(filter, SCMP_SYS(tgkill), {is(0, self)});
    // What ZeroMQ sets for its threads is what they have.
    good &= allow(filter, SCMP_SYS(sched_setscheduler), {is(1, SCHED_OTHER)});
    // Over what is connected; not to an address of its own choice.
    good &= allow(filter, SCMP_SYS(sendto), {is(4, 0)});
    good &= allow(filter, SCMP_SYS(prlimit64), {is(0, 0), is(2, 0)});
    for (const uint64_t what : {TCGETS, FIONREAD, FIONBIO})
        good &= allow(filter, SCMP_SYS(ioctl), {is(1, what)});
    for (const uint64_t what : {PR_SET_NAME, PR_GET_NAME, PR_SET_VMA, PR_GET_DUMPABLE})
        good &= allow(filter, SCMP_SYS(prctl), {is(0, what)});
    return good;
}

bool fill(Filter filter) {
    bool good = true;
    for (const int call : kAllowed) good &= seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
    for (const int call : kUnknown) (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0);
    return good && allow_some(filter);
}

}  // namespace

base::UniqueFd close_calls() {
    const Filter filter = seccomp_init(SCMP_ACT_NOTIFY);
    if (filter == nullptr) return {};
    // Searched as a tree, not from front to back.
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    const bool closed = fill(filter) && seccomp_load(filter) == 0;
    base::UniqueFd refusals(closed ? seccomp_notify_fd(filter) : -1);
    seccomp_release(filter);
    return refusals;
}

}  // namespace bw::sandbox
