// SPDX-License-Identifier: Apache-2.0
// One row of the process table: what should run, and the incarnation that runs now.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/control/message.h"
#include "core/sandbox/network_guard.h"
#include "core/sandbox/refusals.h"
#include "core/supervisor/budget.h"
#include "core/supervisor/voice.h"

namespace bw::supervisor {

enum class Role { hub, compositor, media, panel, service, console, rules };
const char* role_word(Role role);

struct Queued {
    control::Message message;
    std::vector<base::UniqueFd> fds;
};

struct Process {
    Process(Role r, std::string n, Budget budget) : role(r), name(std::move(n)), policy(budget) {}

    Role role;
    std::string name;                             // "main", "0", or the plugin's
    std::string library;                          // panels
    std::string service;                          // services: the program
    std::string version;                          // of the plugin
    sandbox::NetworkGuard::Allowed allowed;       // services
    std::vector<std::filesystem::path> writable;  // services: besides their own folder
    RestartPolicy policy;

    // The incarnation; pid 0: none runs.
    pid_t pid = 0;
    uint64_t incarnation = 0;
    base::UniqueFd pidfd;
    std::optional<control::Channel> channel;
    std::deque<Queued> outbox;                     // what the child's full socket did not take yet
    std::string wire_path;                         // plugins
    std::unique_ptr<sandbox::Refusals> refusals;   // panels: the calls that they may not make
    std::unique_ptr<sandbox::NetworkGuard> guard;  // services: where they may connect to
    int refused = 0;                               // so many calls were told
    std::unique_ptr<Voice> voice;                  // plugins: what they write
    bool ready = false;
    bool asked_to_restart = false;
    std::string last_words;  // why it cannot go on, if it said so
    int64_t started_ns = 0, heard_ns = 0;
    int64_t stuck_by_ns = 0;  // panels: when a call into the plugin has taken too long; 0: none

    // Between incarnations.
    control::RoleState state = control::RoleState::starting;
    int64_t due_ns = 0;  // when to start it, while none runs and it is not quarantined
    int64_t restarts = 0;
    int64_t replaced_ns = 0;  // when it was last replaced for its size; 0: never

    // Of one that is not in the table any more but still runs.
    enum class Leaving { replaced, reloaded, dying } leaving = Leaving::replaced;
    int64_t leave_by_ns = 0;
    std::string died_of;  // dying: as in a crash report; empty: it was killed on purpose

    [[nodiscard]] bool alive() const { return pid > 0; }
    [[nodiscard]] bool is_plugin() const { return role == Role::panel || role == Role::service; }
    /// The incarnation, in a process of its own; this one is free for the next.
    std::unique_ptr<Process> hand_over();
    /// "panel/supplies", as rows and restarts name it.
    [[nodiscard]] std::string row_name() const;
    /// "panel:supplies", "media:0", "console", as links and the event wire name it.
    [[nodiscard]] std::string peer_name() const;
};

/// Sends, or queues behind what waits already. False: the child is gone or will not read.
bool post(Process& process, const control::Message& message, std::vector<base::UniqueFd> fds = {});
/// Sends what is queued as far as the socket takes it.
bool flush(Process& process);

}  // namespace bw::supervisor
