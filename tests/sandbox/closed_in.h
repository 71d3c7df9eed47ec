// SPDX-License-Identifier: Apache-2.0
// A program closed in as a service's, with the guard that answers it, and what it meets.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/sandbox/network_guard.h"

namespace bw::sandbox {

using Words = std::vector<std::string>;

class ClosedIn {
  public:
    /// `words`: the program's path and arguments. `writable`: its files are closed, too, but for
    /// these.
    ClosedIn(const Words& words, const NetworkGuard::Allowed& allowed,
             const std::vector<std::filesystem::path>* writable = nullptr);
    /// Kills its group and waits for it.
    ~ClosedIn();
    ClosedIn(const ClosedIn&) = delete;
    ClosedIn& operator=(const ClosedIn&) = delete;

    /// Answers until it has ended; its exit status, or minus the signal. -1000: it did not end.
    int run(int64_t limit_ns = 30 * base::kSecond);
    /// Answers for so long, or until `count` sentences were said.
    void answer_for(int64_t ns, size_t count = SIZE_MAX);
    void kill_it() const;

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// What it was refused, in order.
    [[nodiscard]] const std::vector<std::string>& refused() const { return refused_; }
    NetworkGuard& guard() { return *guard_; }

  private:
    bool turn(int64_t until_ns);

    pid_t pid_ = 0;
    int status_ = -1000;
    base::UniqueFd pidfd_;
    std::unique_ptr<NetworkGuard> guard_;
    std::vector<std::string> refused_;
};

/// A socket that listens or receives on a loopback address; port 0: any free one.
class Listener {
  public:
    explicit Listener(int type, const char* address = "127.0.0.1", int backlog = 64);
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] int fd() const { return fd_.get(); }
    /// Takes connections or messages as far as there are some; the last one's bytes.
    std::string take() const;

  private:
    base::UniqueFd fd_;
    int type_;
    int port_ = 0;
};

/// Rules of a manifest.
NetworkGuard::Allowed allow(const Words& rules);

}  // namespace bw::sandbox
