// SPDX-License-Identifier: Apache-2.0
// What keeps a plugin's panel and its service in their processes, and what is not kept where the
// kernel lacks something. A service's is tried: a child is closed in as the supervisor does it.
#include <fcntl.h>
#include <fmt/core.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "core/base/clock.h"
#include "core/base/packet.h"
#include "core/cli/doctor_checks.h"
#include "core/sandbox/files.h"
#include "core/sandbox/limits.h"
#include "core/sandbox/network_guard.h"
#include "core/sandbox/service.h"

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV  // Linux 5.19
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

namespace bw::cli {
namespace {

using State = Finding::State;

constexpr int64_t kPatience = 5 * base::kSecond;
constexpr int kLandlockTells = 7;  // its first version that has a log: the kernel's audit log

/// How the child of try_service() ends.
enum Exit { kRefused = 0, kAllowed = 3, kUnanswered = 4 };

const char* const kLandlock =
    "use Linux 5.13 or newer with Landlock among its security modules (lsm=landlock,...)";

void join(std::string& text, const std::string& more) {
    text += (text.empty() ? "" : "; ") + more;
}

/// A connect to where nobody is (192.0.2.9 is kept for examples): the guard has to refuse it.
[[noreturn]] void be_service(int door) {
    sandbox::give_up_privileges();
    (void)sandbox::close_service_files({});
    if (!sandbox::close_service(door)) _exit(kAllowed);
    const base::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(9);
    to.sin_addr.s_addr = htonl(0xC0000209);
    if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0)
        _exit(kAllowed);
    _exit(errno == EPERM ? kRefused : errno == ENOSYS ? kUnanswered : kAllowed);
}

struct Tried {
    std::string why;  // the guard's word; empty: all is well
    int exit = kAllowed;
};

/// As the supervisor starts a service, but with nothing allowed and no program.
Tried try_service() {
    auto pair = base::packet_pair();
    if (!pair) return {pair.error().text};
    const pid_t pid = fork();
    if (pid == 0) be_service(pair->second.get());
    if (pid < 0) return {base::errno_error("fork").text};
    pair->second.reset();
    const base::UniqueFd ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
    sandbox::NetworkGuard guard(std::move(pair->first), pid, {});
    const int64_t until = base::mono_ns() + kPatience;
    int64_t left = kPatience;
    int status = 0;
    while (waitpid(pid, &status, WNOHANG) == 0 && left > 0) {
        std::vector<pollfd> waits{{ended.get(), POLLIN, 0}};
        guard.add_to(waits);
        (void)poll(waits.data(), waits.size(), static_cast<int>(left / base::kMillisecond) + 1);
        (void)guard.turn(base::mono_ns());
        left = until - base::mono_ns();
    }
    if (left > 0) return {guard.why(), WIFEXITED(status) ? WEXITSTATUS(status) : kAllowed};
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return {"a call that waits gets no answer", kUnanswered};
}

/// A flag that the kernel does not know is told before the missing program is.
bool waits_undisturbed() {
    return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                     SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                     nullptr) != 0 &&
           errno == EFAULT;
}

}  // namespace

Finding check_panel_sandbox() {
    const int landlock = sandbox::files_version();
    uint32_t action = SECCOMP_RET_USER_NOTIF;
    const bool calls = ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
    if (landlock > 0 && calls)
        return {State::ok, "sandbox of panels",
                fmt::format("refused calls stand in the log, refused files {} (Landlock {})",
                            landlock >= kLandlockTells ? "only in the kernel's audit log"
                                                       : "leave no trace",
                            landlock),
                ""};
    std::string lacks;
    if (landlock <= 0) join(lacks, "no Landlock: a plugin may read any file");
    if (!calls) join(lacks, "no seccomp notification: a plugin may make any call");
    return {State::lacking, "sandbox of panels", lacks,
            std::string(kLandlock) + ", and a container that allows both"};
}

Finding check_service_sandbox() {
    const Tried tried = try_service();
    std::string lacks, remedy;
    if (sandbox::files_version() <= 0) {
        join(lacks, "no Landlock: a service may write what its user may");
        join(remedy, kLandlock);
    }
    if (tried.exit != kRefused) {
        join(lacks, (tried.why.empty() ? "its calls are not looked at" : tried.why) +
                        (tried.exit == kUnanswered
                             ? ": a service can connect to nothing"
                             : ": a service may connect to anything and signal any process"));
        join(remedy,
             "use Linux 5.13 or newer, a container that allows seccomp, process_vm_readv "
             "and pidfd_getfd, and kernel.yama.ptrace_scope 0 or 1");
    }
    if (!lacks.empty()) return {State::lacking, "sandbox of services", lacks, remedy};
    if (!waits_undisturbed())
        return {State::lacking, "sandbox of services",
                "a signal may interrupt a call that is being made: a message may be sent twice",
                "use Linux 5.19 or newer"};
    return {State::ok, "sandbox of services",
            fmt::format("connects and writes only where its manifest says; refused calls stand in "
                        "the log, refused files leave no trace (Landlock {})",
                        sandbox::files_version()),
            ""};
}

}  // namespace bw::cli
