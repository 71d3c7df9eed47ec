// SPDX-License-Identifier: Apache-2.0
#include "tests/sandbox/closed_in.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

#include "core/base/clock.h"
#include "core/base/packet.h"
#include "core/sandbox/files.h"
#include "core/sandbox/limits.h"
#include "core/sandbox/service.h"

namespace bw::sandbox {
namespace {

/// As spawn() in the supervisor will.
[[noreturn]] void become(const Words& words, int door,
                         const std::vector<std::filesystem::path>* writable) {
    setpgid(0, 0);
    give_up_privileges();
    if (writable != nullptr && !close_service_files(*writable)) _exit(254);
    if (!close_service(door)) _exit(255);
    std::vector<char*> list;
    for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
    list.push_back(nullptr);
    // LeakSanitizer traces its own process, which is refused.
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
    execv(list.front(), list.data());
    _exit(253);
}

}  // namespace

ClosedIn::ClosedIn(const Words& words, const NetworkGuard::Allowed& allowed,
                   const std::vector<std::filesystem::path>* writable) {
    auto pair = base::packet_pair();
    if (!pair) abort();
    pid_ = fork();
    if (pid_ == 0) become(words, pair->second.get(), writable);
    setpgid(pid_, pid_);
    pair->second.reset();
    pidfd_.reset(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0U)));
    guard_ = std::make_unique<NetworkGuard>(std::move(pair->first), pid_, allowed);
}

ClosedIn::~ClosedIn() {
    kill_it();
    if (pidfd_.valid()) waitpid(pid_, nullptr, 0);
}

void ClosedIn::kill_it() const {
    if (pidfd_.valid()) kill(-pid_, SIGKILL);
}

/// False: it has ended, or it is late.
bool ClosedIn::turn(int64_t until_ns) {
    if (!pidfd_.valid()) return false;
    std::vector<pollfd> waits{{pidfd_.get(), POLLIN, 0}};
    guard_->add_to(waits);
    const int64_t now = base::mono_ns();
    const int64_t wake = std::min(until_ns, guard_->deadline_ns());
    const int64_t left = std::max<int64_t>(0, wake - now) / base::kMillisecond + 1;
    poll(waits.data(), waits.size(), static_cast<int>(left));
    for (std::string& text : guard_->turn(base::mono_ns())) refused_.push_back(std::move(text));
    if ((waits[0].revents & POLLIN) != 0) {
        int status = 0;
        waitpid(pid_, &status, 0);
        pidfd_.reset();
        status_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
        for (std::string& text : guard_->turn(base::mono_ns())) refused_.push_back(std::move(text));
        return false;
    }
    return base::mono_ns() < until_ns;
}

int ClosedIn::run(int64_t limit_ns) {
    const int64_t until = base::mono_ns() + limit_ns;
    while (turn(until)) {
    }
    return status_;
}

void ClosedIn::answer_for(int64_t ns, size_t count) {
    const int64_t until = base::mono_ns() + ns;
    while (refused_.size() < count && turn(until)) {
    }
}

Listener::Listener(int type, const char* address, int backlog)
    : fd_(socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)), type_(type) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    inet_pton(AF_INET, address, &at.sin_addr);
    socklen_t size = sizeof at;
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<sockaddr*>(&at), size), 0);
    if (type == SOCK_STREAM) {
        EXPECT_EQ(listen(fd_.get(), backlog), 0);
    }
    getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
}

std::string Listener::take() const {
    std::string last;
    std::array<char, 65536> buffer{};
    for (;;) {
        base::UniqueFd one;
        if (type_ == SOCK_STREAM) one.reset(accept(fd_.get(), nullptr, nullptr));
        if (type_ == SOCK_STREAM && !one.valid()) return last;
        const int from = type_ == SOCK_STREAM ? one.get() : fd_.get();
        const ssize_t size = recv(from, buffer.data(), buffer.size(), 0);
        if (size < 0) return last;
        last.assign(buffer.data(), static_cast<size_t>(size));
    }
}

NetworkGuard::Allowed allow(const Words& rules) {
    NetworkGuard::Allowed allowed;
    for (const std::string& text : rules) {
        const auto rule = base::NetworkRule::parse(text);
        EXPECT_TRUE(rule.has_value()) << text;
        if (rule) allowed.network.push_back(*rule);
    }
    return allowed;
}

}  // namespace bw::sandbox
