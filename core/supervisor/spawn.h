// SPDX-License-Identifier: Apache-2.0
// Starting a program as our child: clean signals, no descriptor but the one meant for it, a process
// group of its own.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace bw::supervisor {

struct Command {
    std::vector<std::string> words;        // the program's path first
    std::vector<std::string> environment;  // NAME=VALUE, in front of the inherited ones
    int fd3 = -1;                          // becomes descriptor 3; -1: none
    int output = -1;                       // becomes standard output and error; -1: ours
    /// A closed-in service: this end of a socket pair whose other end a NetworkGuard gets, and what
    /// the service may write. -1: open.
    int door = -1;
    std::vector<std::filesystem::path> writable = {};
    int niceness = 0;             // added to ours
    int parent_death_signal = 0;  // for programs that do not join_supervisor(); 0: none
};

struct Child {
    pid_t pid = 0;
    base::UniqueFd pidfd;
};

/// The child's standard output goes where its standard error goes. A program that cannot be
/// executed ends with status 127 after a line on standard error.
base::Result<Child> spawn(const Command& command);

/// Waits for a child whose pidfd is readable and says how it ended: "exit 1", "signal 9 (Killed)".
std::string reap(pid_t pid);
/// The same words for a process that is about to die of a signal.
std::string how_of(int signal);

}  // namespace bw::supervisor
