// SPDX-License-Identifier: Apache-2.0
#include "core/sandbox/refusals.h"

#include <seccomp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "core/sandbox/notification.h"

namespace bw::sandbox {
namespace {

/// What a panel may not do, whatever it is for. Anything else that is not allowed is a call that a
/// library tries and can do without.
constexpr std::array kForbidden{SCMP_SYS(socket),
                                SCMP_SYS(connect),
                                SCMP_SYS(bind),
                                SCMP_SYS(listen),
                                SCMP_SYS(socketpair),
                                SCMP_SYS(execve),
                                SCMP_SYS(execveat),
                                SCMP_SYS(fork),
                                SCMP_SYS(vfork),
                                SCMP_SYS(clone),
                                SCMP_SYS(kill),
                                SCMP_SYS(tkill),
                                SCMP_SYS(tgkill),
                                SCMP_SYS(ptrace),
                                SCMP_SYS(pidfd_open),
                                SCMP_SYS(pidfd_getfd),
                                SCMP_SYS(process_vm_readv),
                                SCMP_SYS(process_vm_writev),
                                SCMP_SYS(truncate),
                                SCMP_SYS(ftruncate),
                                SCMP_SYS(fallocate),
                                SCMP_SYS(memfd_create),
                                SCMP_SYS(mmap),
                                SCMP_SYS(open),
                                SCMP_SYS(openat),
                                SCMP_SYS(unlink),
                                SCMP_SYS(unlinkat),
                                SCMP_SYS(rename),
                                SCMP_SYS(renameat2),
                                SCMP_SYS(mkdir),
                                SCMP_SYS(mkdirat),
                                SCMP_SYS(chmod),
                                SCMP_SYS(fchmod),
                                SCMP_SYS(fchmodat),
                                SCMP_SYS(chown),
                                SCMP_SYS(fchownat),
                                SCMP_SYS(mount),
                                SCMP_SYS(umount2),
                                SCMP_SYS(unshare),
                                SCMP_SYS(setns),
                                SCMP_SYS(chroot),
                                SCMP_SYS(bpf),
                                SCMP_SYS(perf_event_open),
                                SCMP_SYS(io_uring_setup),
                                SCMP_SYS(keyctl),
                                SCMP_SYS(setuid),
                                SCMP_SYS(setrlimit),
                                SCMP_SYS(prlimit64),
                                SCMP_SYS(prctl),
                                SCMP_SYS(ioctl),
                                SCMP_SYS(sendto),
                                SCMP_SYS(sched_setscheduler),
                                SCMP_SYS(setpriority),
                                SCMP_SYS(sched_setattr),
                                SCMP_SYS(shmget)};

}  // namespace

std::string name_of_call(int call) {
    char* name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);
    std::string out = name != nullptr ? name : "call " + std::to_string(call);
    std::free(name);
    return out;
}

std::optional<std::string> Refusals::next() {
    const Exchange exchange;
    if (exchange.asked == nullptr || seccomp_notify_receive(listener_.get(), exchange.asked) != 0)
        return std::nullopt;  // who asked has died meanwhile
    const int call = exchange.asked->data.nr;
    const bool forbidden =
        std::find(kForbidden.begin(), kForbidden.end(), call) != kForbidden.end();
    exchange.answer->id = exchange.asked->id;
    exchange.answer->error = forbidden ? -EPERM : -ENOSYS;
    (void)seccomp_notify_respond(listener_.get(), exchange.answer);
    return name_of_call(call);
}

}  // namespace bw::sandbox
