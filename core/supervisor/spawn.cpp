// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/spawn.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstring>

#include "core/sandbox/files.h"
#include "core/sandbox/limits.h"
#include "core/sandbox/service.h"

extern char** environ;  // NOLINT

namespace bw::supervisor {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> list;
    for (std::string& word : words) list.push_back(word.data());
    list.push_back(nullptr);
    return list;
}

/// The inherited environment with ours in place of equal names.
std::vector<std::string> merged_environment(const std::vector<std::string>& ours) {
    std::vector<std::string> merged = ours;
    for (char** at = environ; *at; ++at) {
        const std::string entry = *at;
        const std::string name = entry.substr(0, entry.find('=') + 1);
        bool replaced = false;
        for (const std::string& own : ours) replaced |= own.compare(0, name.size(), name) == 0;
        if (!replaced) merged.push_back(entry);
    }
    return merged;
}

/// Before the descriptors are put in order: the door may have any number.
void close_in(const Command& command) {
    static const char text[] =
        "this kernel has no Landlock: the service may write what its user may\n";
    sandbox::give_up_privileges();
    if (!sandbox::close_service_files(command.writable)) (void)!write(2, text, sizeof text - 1);
    (void)sandbox::close_service(command.door);  // the guard tells of a failure
}

/// Between fork and exec. This process had one thread, so memory may be taken.
[[noreturn]] void become(const Command& command, char* const* argv, char* const* env,
                         pid_t parent) {
    setpgid(0, 0);
    if (command.niceness != 0) (void)!nice(command.niceness);
    if (command.parent_death_signal != 0) {
        prctl(PR_SET_PDEATHSIG, command.parent_death_signal);
        if (getppid() != parent) _exit(1);  // it died before prctl
    }
    for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (command.door >= 0) close_in(command);
    const int null = open("/dev/null", O_RDONLY);
    if (null >= 0) dup2(null, 0);
    if (command.output >= 0) dup2(command.output, 2);
    dup2(2, 1);
    if (command.fd3 == 3) fcntl(3, F_SETFD, 0);
    if (command.fd3 >= 0 && command.fd3 != 3) dup2(command.fd3, 3);
    syscall(SYS_close_range, command.fd3 >= 0 ? 4u : 3u, UINT_MAX, 0u);
    execve(argv[0], argv, env);
    static const char text[] = ": cannot be executed\n";
    (void)!write(2, argv[0], strlen(argv[0]));
    (void)!write(2, text, sizeof text - 1);
    _exit(127);
}

}  // namespace

base::Result<Child> spawn(const Command& command) {
    std::vector<std::string> words = command.words;
    std::vector<std::string> environment = merged_environment(command.environment);
    const auto argv = pointers(words);
    const auto env = pointers(environment);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) return base::errno_error("fork");
    if (pid == 0) become(command, argv.data(), env.data(), parent);
    setpgid(pid, pid);  // in both, whoever is first: a kill of the group must never miss
    Child child;
    child.pid = pid;
    child.pidfd.reset(static_cast<int>(syscall(SYS_pidfd_open, pid, 0u)));
    if (!child.pidfd.valid()) {
        const base::Error error = base::errno_error("pidfd_open");
        kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
        return error;
    }
    return child;
}

std::string how_of(int signal) {
    return "signal " + std::to_string(signal) + " (" + strsignal(signal) +
           ")";  // NOLINT(concurrency-mt-unsafe)
}

std::string reap(pid_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) return how_of(WTERMSIG(status));
    return "exit " + std::to_string(WEXITSTATUS(status));
}

}  // namespace bw::supervisor
