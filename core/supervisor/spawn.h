// SPDX-License-Identifier: Apache-2.0
// Starting a program as our child: clean signals, no descriptor but the one meant for it, a process
// group of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace bw::supervisor {

struct Command {
    std::vector<std::string> words;        // the program's path first
    std::vector<std::string> environment;  // NAME=VALUE, in front of the inherited ones
    int fd3 = -1;                          // becomes descriptor 3; -1: none
    int parent_death_signal = 0;           // for programs that do not join_supervisor(); 0: none
};

struct Child {
    pid_t pid = 0;
    base::UniqueFd pidfd;
};

/// The child's standard output goes where our standard error goes. A program that cannot be
/// executed ends with status 127 after a line on standard error.
base::Result<Child> spawn(const Command& command);

/// Waits for a child whose pidfd is readable and says how it ended: "exit 1", "signal 9 (Killed)".
std::string reap(pid_t pid);

}  // namespace bw::supervisor
