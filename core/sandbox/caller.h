// SPDX-License-Identifier: Apache-2.0
// The thread whose call waits for the guard: its arguments, its memory, its descriptors. What is
// read there is copied once and used from the copy; waits(), asked after all is read and before
// any of it is used, says that it was still that thread's.
#pragma once

#include <seccomp.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/unique_fd.h"

namespace bw::sandbox {

/// How a call ends.
struct Answer {
    int64_t value = 0;
    int error = 0;        // an errno; 0: `value` is the result
    bool go_on = false;   // the kernel does it; only where no argument points to memory
    std::string refused;  // what somebody should read of it; empty: nothing
};

Answer failed(int error);
/// EPERM.
Answer refused(std::string what);

class Caller {
  public:
    /// `listener` stays the guard's.
    Caller(int listener, const seccomp_notif& asked);

    [[nodiscard]] int call() const { return asked_.data.nr; }
    /// "sendmsg"
    [[nodiscard]] std::string name() const;
    [[nodiscard]] uint64_t id() const { return asked_.id; }
    [[nodiscard]] pid_t thread() const { return static_cast<pid_t>(asked_.pid); }
    [[nodiscard]] uint64_t argument(int i) const { return asked_.data.args[i]; }
    /// As the kernel reads an int.
    [[nodiscard]] int number(int i) const { return static_cast<int>(asked_.data.args[i]); }

    [[nodiscard]] bool waits() const;
    /// A duplicate of its descriptor. Not valid: errno is the answer.
    base::UniqueFd take(int number);
    /// False: its memory ends before that.
    bool read(uint64_t at, void* to, size_t size) const;
    [[nodiscard]] bool write(uint64_t at, const void* from, size_t size) const;
    /// All pieces after each other; at most `size` bytes of them.
    bool read(const std::vector<iovec>& pieces, void* to, size_t size) const;

  private:
    int listener_;
    const seccomp_notif& asked_;
    base::UniqueFd pidfd_;
};

/// A caller's socket, as a duplicate: what is done to it is done to the caller's.
struct Socket {
    base::UniqueFd fd;
    int domain = 0, type = 0, protocol = 0;
    bool blocks = false;

    [[nodiscard]] bool is_inet() const;
    /// False: errno is the answer.
    bool open(Caller& caller, int number);
};

/// A field of /proc/THREAD/status that is a number, such as "Tgid"; 0: there is none.
pid_t status_field(pid_t thread, const char* name);

}  // namespace bw::sandbox
