// SPDX-License-Identifier: Apache-2.0
// A list of what is not allowed, unlike the panels': a service is any program. Arguments are
// compared in the 32 bits that the kernel reads of them: the upper half is the caller's to fill.
#include "core/sandbox/service.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/sandbox/door.h"
#include "core/sandbox/files.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV  // Linux 5.19
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

namespace bw::sandbox {
namespace {

constexpr int kPatienceMs = 10000;

/// Put to the guard whatever the arguments are: those that name an address in memory, and those
/// that it refuses.
constexpr std::array kAsked{
    // addresses
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg),
    // signals to what may not be one's own
    SCMP_SYS(tkill),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
    SCMP_SYS(pidfd_send_signal),
    // other processes
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise),
    SCMP_SYS(process_mrelease),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(kcmp),
    SCMP_SYS(perf_event_open),
    // the kernel
    SCMP_SYS(bpf),
    SCMP_SYS(io_uring_setup),  // would connect past us
    SCMP_SYS(userfaultfd),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(syslog),
    SCMP_SYS(acct),
    // the machine
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(vhangup),
    SCMP_SYS(quotactl),
    SCMP_SYS(quotactl_fd),
    // the file system's shape
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount),
    SCMP_SYS(fspick),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(setns),
    SCMP_SYS(open_by_handle_at),
};

/// Calls with a process in their first argument; 0 is oneself.
constexpr std::array kOfProcess{SCMP_SYS(sched_setscheduler), SCMP_SYS(sched_setparam),
                                SCMP_SYS(sched_setattr),      SCMP_SYS(sched_setaffinity),
                                SCMP_SYS(migrate_pages),      SCMP_SYS(move_pages)};

constexpr std::array kNamespaces{CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWNET,   CLONE_NEWPID,
                                 CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP};
constexpr uint64_t kNewTime = 0x80;  // CLONE_NEWTIME; of clone() these bits are a signal's number

using Filter = scmp_filter_ctx;
using Comparisons = std::initializer_list<scmp_arg_cmp>;

bool ask(Filter filter, int call, Comparisons when) {
    return seccomp_rule_add_array(filter, SCMP_ACT_NOTIFY, call, static_cast<unsigned>(when.size()),
                                  when.begin()) == 0;
}

scmp_arg_cmp is(unsigned argument, uint64_t value, uint64_t mask = 0xFFFF'FFFF) {
    return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}
scmp_arg_cmp has(unsigned argument, uint64_t bits) {
    return is(argument, bits, bits);
}
/// All 64 bits: what is 0 in 32 of them alone comes to the guard, which reads it as the kernel
/// does.
scmp_arg_cmp is_not(unsigned argument, uint64_t value) {
    return {argument, SCMP_CMP_NE, value, 0};
}
scmp_arg_cmp above(unsigned argument, uint64_t value) {
    return {argument, SCMP_CMP_GT, value, 0};
}

/// No family but those whose addresses the guard reads; no protocol with other ways to name one.
bool ask_for_sockets(Filter filter) {
    bool good = true;
    for (const uint64_t family : {0, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15})
        good &= ask(filter, SCMP_SYS(socket), {is(0, family)});
    good &= ask(filter, SCMP_SYS(socket), {above(0, AF_NETLINK)});
    // SCTP connects by setsockopt().
    good &= ask(filter, SCMP_SYS(socket), {is(2, IPPROTO_SCTP)});
    for (const uint64_t family : {AF_INET, AF_INET6})
        good &= ask(filter, SCMP_SYS(socket), {is(0, family), is(1, SOCK_SEQPACKET, 0xF)});
    good &= ask(filter, SCMP_SYS(setsockopt), {is(1, IPPROTO_SCTP)});
    // Source routes: packets would go to their first hop, not to the address that was checked.
    constexpr uint64_t k4Options = 4, k6OldRoute = 5, k6OldOptions = 6, k6Route = 57;
    good &= ask(filter, SCMP_SYS(setsockopt), {is(1, IPPROTO_IP), is(2, k4Options)});
    for (const uint64_t option : {k6OldRoute, k6OldOptions, k6Route})
        good &= ask(filter, SCMP_SYS(setsockopt), {is(1, IPPROTO_IPV6), is(2, option)});
    return good && ask(filter, SCMP_SYS(sendto), {is_not(4, 0)});
}

bool ask_for_processes(Filter filter) {
    const auto self = static_cast<uint64_t>(getpid());  // stays so over exec
    bool good = true;
    // Not its own group; not whether somebody is there.
    good &= ask(filter, SCMP_SYS(kill), {is_not(0, 0), is_not(1, 0)});
    // Some languages' threads signal each other all the time.
    good &= ask(filter, SCMP_SYS(tgkill), {is_not(0, self)});
    good &= ask(filter, SCMP_SYS(setpgid), {is_not(1, 0)});
    good &= ask(filter, SCMP_SYS(prlimit64), {is_not(0, 0), is_not(2, 0)});
    for (const int call : kOfProcess) good &= ask(filter, call, {is_not(0, 0)});
    for (const int call : {SCMP_SYS(setpriority), SCMP_SYS(ioprio_set)})
        good &= ask(filter, call, {is_not(1, 0)});
    good &= ask(filter, SCMP_SYS(setpriority), {is(0, PRIO_USER)});
    constexpr uint64_t kIoPrioUser = 3;
    good &= ask(filter, SCMP_SYS(ioprio_set), {is(0, kIoPrioUser)});
    // Readiness is a signal of one's choice to a process of one's choice.
    for (const uint64_t what : {F_SETOWN, F_SETOWN_EX})
        good &= ask(filter, SCMP_SYS(fcntl), {is(1, what)});
    for (const uint64_t what : {FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX})
        good &= ask(filter, SCMP_SYS(ioctl), {is(1, what)});
    return good;
}

bool ask_for_namespaces(Filter filter) {
    bool good = ask(filter, SCMP_SYS(unshare), {has(0, kNewTime)});
    for (const uint64_t flag : kNamespaces)
        good &= ask(filter, SCMP_SYS(clone), {has(0, flag)}) &&
                ask(filter, SCMP_SYS(unshare), {has(0, flag)});
    // Its flags are in memory; C libraries do without it.
    return good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

/// Landlock before its third version lets everybody truncate, also by opening to read.
bool ask_for_truncation(Filter filter) {
    bool good = ask(filter, SCMP_SYS(truncate), {});
    for (const uint64_t mode : {O_RDONLY, O_ACCMODE}) {
        constexpr uint64_t kMask = O_TRUNC | O_ACCMODE;
        good &= ask(filter, SCMP_SYS(open), {is(1, O_TRUNC | mode, kMask)});
        good &= ask(filter, SCMP_SYS(openat), {is(2, O_TRUNC | mode, kMask)});
    }
    return good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0) == 0;
}

bool fill(Filter filter) {
    // Programs for another instruction set (32 bits) would make other numbers of calls.
    bool good = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0;
    // Searched as a tree, not from front to back.
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (const int call : kAsked) good &= ask(filter, call, {});
    good &= ask_for_sockets(filter) && ask_for_processes(filter) && ask_for_namespaces(filter);
    if (const int version = files_version(); version > 0 && version < 3)
        good &= ask_for_truncation(filter);
    return good;
}

/// Empty: libseccomp or the kernel cannot.
std::vector<sock_filter> make_program() {
    std::vector<sock_filter> program;
    const Filter filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == nullptr) return program;
    const base::UniqueFd file(memfd_create("filter", MFD_CLOEXEC));
    struct stat made {};
    if (fill(filter) && file.valid() && seccomp_export_bpf(filter, file.get()) == 0 &&
        fstat(file.get(), &made) == 0) {
        program.resize(static_cast<size_t>(made.st_size) / sizeof(sock_filter));
        if (pread(file.get(), program.data(), static_cast<size_t>(made.st_size), 0) != made.st_size)
            program.clear();
    }
    seccomp_release(filter);
    return program;
}

/// By hand: libseccomp 2.5 cannot ask that a call, once read by the guard, be interrupted by
/// nothing but death. Else a signal could let a message be sent twice.
base::UniqueFd load(std::vector<sock_filter>& program) {
    if (program.empty() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return {};
    const sock_fprog whole{static_cast<uint16_t>(program.size()), program.data()};
    const auto with = [&](unsigned long flags) {
        return static_cast<int>(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                        SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, &whole));
    };
    int listener = with(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    if (listener < 0 && errno == EINVAL) listener = with(0);
    return base::UniqueFd(listener);
}

char hear(int door) {
    pollfd wait{door, POLLIN, 0};
    char word = door::kNo;
    if (poll(&wait, 1, kPatienceMs) != 1 || read(door, &word, 1) != 1) return door::kNo;
    return word;
}

}  // namespace

bool close_service(int door) {
    std::vector<sock_filter> program = make_program();
    if (hear(door) != door::kGo) return false;
    const base::UniqueFd listener = load(program);
    const door::Closed closed{listener.get()};
    // write(), not send(): nothing that could ever be put to the guard that has yet to come.
    (void)!write(door, &closed, sizeof closed);
    if (!listener.valid()) return false;
    (void)hear(door);  // without an answer the guard is gone, and with it our parent
    return true;
}

}  // namespace bw::sandbox
