// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/spawn.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace bw::supervisor {
namespace {

std::string run(Command command) {
    auto child = spawn(command);
    EXPECT_TRUE(child.ok());
    pollfd wait{child->pidfd.get(), POLLIN, 0};
    EXPECT_EQ(poll(&wait, 1, 20000), 1);
    return reap(child->pid);
}

std::string shell(const std::string& text, int fd3 = -1) {
    return run({{"/bin/sh", "-c", text}, {"NAME=value", "PATH=/usr/bin:/bin"}, fd3, 0});
}

TEST(Spawn, says_how_a_child_ended) {
    EXPECT_EQ(shell("exit 0"), "exit 0");
    EXPECT_EQ(shell("exit 7"), "exit 7");
    EXPECT_EQ(shell("kill -9 $$").substr(0, 8), "signal 9");
    EXPECT_EQ(run({{"/nonexistent/program"}, {}, -1, 0}), "exit 127");
}

TEST(Spawn, the_environment_is_ours_before_the_inherited) {
    setenv("NAME", "inherited", 1);       // NOLINT(concurrency-mt-unsafe)
    setenv("INHERITED", "inherited", 1);  // NOLINT(concurrency-mt-unsafe)
    EXPECT_EQ(shell(R"([ "$NAME" = value ] && [ "$INHERITED" = inherited ])"), "exit 0");
}

TEST(Spawn, only_the_descriptor_meant_for_it_reaches_the_child) {
    int fds[2];
    ASSERT_EQ(pipe(fds), 0);  // not close-on-exec: as a careless shell leaves them
    const int stray = fcntl(fds[1], F_DUPFD, 20);
    ASSERT_GE(stray, 20);
    const std::string closed = "[ ! -e /proc/$$/fd/" + std::to_string(stray) + " ]";
    EXPECT_EQ(shell("[ -p /proc/$$/fd/3 ] && " + closed, fds[0]), "exit 0");
    close(stray);
    EXPECT_EQ(shell("[ ! -e /proc/$$/fd/3 ]"), "exit 0");
    close(fds[0]);
    close(fds[1]);
}

TEST(Spawn, signals_are_as_new_and_the_group_is_its_own) {
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, &before);
    auto child = spawn({{"/bin/sleep", "60"}, {}, -1, 0});
    sigprocmask(SIG_SETMASK, &before, nullptr);
    ASSERT_TRUE(child.ok());
    EXPECT_EQ(getpgid(child->pid), child->pid);
    ASSERT_EQ(kill(-child->pid, SIGTERM), 0);
    EXPECT_EQ(reap(child->pid).substr(0, 9), "signal 15");
}

}  // namespace
}  // namespace bw::supervisor
