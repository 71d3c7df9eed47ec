// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "core/sandbox/files.h"
#include "core/sandbox/limits.h"
#include "core/sandbox/service.h"
#include "tests/sandbox/closed_in.h"

namespace bw::sandbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
namespace fs = std::filesystem;

int attempt(Words words, std::vector<std::string>* refused = nullptr,
            const std::vector<fs::path>* writable = nullptr) {
    words.insert(words.begin(), PROBE);
    ClosedIn service(words, {}, writable);
    const int error = service.run();
    if (refused != nullptr) {
        *refused = service.refused();
    } else {
        EXPECT_THAT(service.refused(), IsEmpty());
    }
    return error;
}

void expect_refused(const std::string& sentence, const Words& words) {
    std::vector<std::string> refused;
    EXPECT_EQ(attempt(words, &refused), EPERM) << words[0];
    EXPECT_THAT(refused, ElementsAre(sentence));
}

TEST(ServiceCalls, WhatAnOrdinaryProgramDoesGoesOn) {
    EXPECT_EQ(attempt({"program"}), 0);
    EXPECT_EQ(attempt({"own_signals"}), 0);
    EXPECT_EQ(attempt({"privileges"}), 0);
    EXPECT_EQ(attempt({"limits", "0"}), 0);
}

/// A process with a group of its own that is no service's.
class Stranger {
  public:
    Stranger() : pid_(fork()) {
        if (pid_ == 0) {
            for (;;) pause();
        }
        setpgid(pid_, pid_);
    }
    ~Stranger() {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;
    [[nodiscard]] std::string number() const { return std::to_string(pid_); }

  private:
    pid_t pid_;
};

TEST(ServiceCalls, OtherProcessesAreOutOfReach) {
    const Stranger stranger;
    const std::string other = stranger.number();
    expect_refused("ptrace", {"ptrace", other});
    expect_refused("process_vm_readv", {"read_memory", other});
    expect_refused("kill of " + other, {"kill", other, "10"});
    expect_refused("kill of -" + other, {"kill", "-" + other, "10"});
    expect_refused("pidfd_send_signal of " + other, {"kill_by_pidfd", other, "10"});
    expect_refused("setpgid of " + other, {"join_group", other});
    expect_refused("prlimit64 of " + other, {"limits", other});
    expect_refused("setpriority of " + other, {"slow", other});
    expect_refused("fcntl of " + other, {"owner", other});
    EXPECT_EQ(attempt({"kill", other, "0"}), 0);  // whether it is there
}

TEST(ServiceCalls, TheKernelAndTheMachineAreOutOfReach) {
    expect_refused("unshare", {"namespaces"});
    expect_refused("clone", {"clone_namespaces"});
    for (const auto& [name, call] :
         {std::pair{"mount", SYS_mount}, std::pair{"bpf", SYS_bpf}, std::pair{"setns", SYS_setns},
          std::pair{"io_uring_setup", SYS_io_uring_setup}, std::pair{"keyctl", SYS_keyctl},
          std::pair{"perf_event_open", SYS_perf_event_open},
          std::pair{"kexec_load", SYS_kexec_load}, std::pair{"init_module", SYS_init_module}})
        expect_refused(name, {"call", std::to_string(call)});
}

TEST(ServiceCalls, WritesOnlyWhereItMay) {
    if (files_version() == 0) GTEST_SKIP() << "no Landlock here";
    std::string name = (fs::temp_directory_path() / "bw-sandbox-XXXXXX").string();
    const fs::path folder = mkdtemp(name.data());
    fs::create_directory(folder / "state");
    std::ofstream(folder / "victim") << "hello";
    std::ofstream(folder / "device") << "hello";
    const std::vector<fs::path> writable{folder / "state", folder / "device", "/nowhere"};
    std::vector<std::string> refused;
    const auto errno_of = [&](const char* word, const fs::path& path) {
        return attempt({word, path.string()}, &refused, &writable);
    };
    EXPECT_EQ(errno_of("write", folder / "state/file"), 0);
    EXPECT_EQ(errno_of("write", folder / "device"), 0);
    // Before Landlock could refuse it, nobody may: opening to write does not need it.
    EXPECT_EQ(errno_of("truncate", folder / "device"), files_version() < 3 ? EPERM : 0);
    EXPECT_EQ(errno_of("write", "/dev/null"), 0);
    EXPECT_EQ(errno_of("read", folder / "victim"), 0);
    EXPECT_EQ(errno_of("write", folder / "victim"), EACCES);
    EXPECT_EQ(errno_of("write", folder / "new"), EACCES);
    EXPECT_THAT(errno_of("truncate", folder / "victim"), testing::AnyOf(EACCES, EPERM));
    EXPECT_EQ(fs::file_size(folder / "victim"), 5U);
    EXPECT_NE(errno_of("read", "/proc/" + std::to_string(getpid()) + "/mem"), 0);
    fs::remove_all(folder);
}

TEST(ServiceCalls, ProgramsOfOtherLanguagesRun) {
    if (access("/usr/bin/python3", X_OK) != 0) GTEST_SKIP() << "no python3 here";
    const Listener listener(SOCK_STREAM);
    const std::string port = std::to_string(listener.port());
    const std::string text =
        "import asyncio, socket, subprocess, threading\n"
        "subprocess.run(['/bin/true'], check=True)\n"
        "async def main():\n"
        "    _, writer = await asyncio.open_connection('127.0.0.1', " +
        port +
        ")\n"
        "    writer.write(b'hi'); await writer.drain(); writer.close()\n"
        "asyncio.run(main())\n"
        "socket.create_connection(('localhost', " +
        port +
        "), timeout=5).close()\n"
        "try:\n"
        "    socket.create_connection(('192.0.2.9', 80), timeout=5)\n"
        "except PermissionError:\n"
        "    raise SystemExit(7)\n";
    ClosedIn service({"/usr/bin/python3", "-c", text}, allow({"localhost:" + port}));
    EXPECT_EQ(service.run(), 7);
    EXPECT_EQ(service.refused().back(), "connect to 192.0.2.9:80");
}

TEST(ServiceCalls, WithoutAGuardNothingIsClosed) {
    int pair[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    EXPECT_EQ(write(pair[0], "n", 1), 1);
    const pid_t pid = fork();
    if (pid == 0) {
        give_up_privileges();
        if (close_service(pair[1])) _exit(1);
        // The guard's word was no: everything goes on as before.
        sockaddr_un nobody{AF_UNIX, "/nonexistent"};
        const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        (void)connect(fd, reinterpret_cast<sockaddr*>(&nobody), sizeof nobody);
        _exit(errno == ENOENT ? 0 : 2);
    }
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
    close(pair[0]);
    close(pair[1]);
}

}  // namespace
}  // namespace bw::sandbox
