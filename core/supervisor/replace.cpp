// SPDX-License-Identifier: Apache-2.0
// A process that has grown too big is replaced while it goes on: its successor starts beside it,
// takes over its name, its partners and its work, and the old one ends when nobody shows its
// pictures any more.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <string>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/supervisor/spawn.h"
#include "core/supervisor/supervisor.h"

namespace bw::supervisor {
namespace {

constexpr int64_t kLookEvery = 2 * base::kSecond;
/// Who is too big again so soon has more to do than its budget is for: another one of it would be
/// no smaller.
constexpr int64_t kNotAgainFor = 600 * base::kSecond;
/// A camera may send a key frame only every ten seconds.
constexpr int64_t kHandOver = 30 * base::kSecond;

/// Its own memory, without what it shares with others, in KiB; 0: it is gone.
int64_t own_memory_kib(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("RssAnon:")) return std::stoll(line.substr(8));
    return 0;
}

}  // namespace

void Supervisor::watch_memory(int64_t now) {
    if (now - looked_at_memory_ns_ < kLookEvery) return;
    looked_at_memory_ns_ = now;
    for (auto& process : processes_) {
        if (process->role != Role::media || !process->ready) continue;
        const int64_t mib = own_memory_kib(process->pid) / 1024;
        if (mib <= orders_.plan.media_memory_mib) continue;
        if (process->replaced_ns != 0 && now - process->replaced_ns < kNotAgainFor) continue;
        base::log_warning("{} (pid {}) has grown to {} MiB, more than its {}: it is replaced",
                          process->row_name(), process->pid, mib, orders_.plan.media_memory_mib);
        replace(*process, now);
    }
}

void Supervisor::replace(Process& process, int64_t now) {
    control::Message retire;
    retire.kind = control::Kind::retire;
    if (!post(process, retire)) return kill_group(process);
    leaving_.push_back(process.hand_over());
    leaving_.back()->leave_by_ns = now + kHandOver;
    process.state = control::RoleState::backoff;
    process.due_ns = process.replaced_ns = now;
    ++process.restarts;
    table_changed_ = true;
}

void Supervisor::see_off(int64_t now) {
    for (auto& process : leaving_) {
        if (now < process->leave_by_ns) continue;
        base::log_warning("{} (pid {}) is still shown {} s after its successor came: ended",
                          process->row_name(), process->pid, kHandOver / base::kSecond);
        process->leave_by_ns = now + kHandOver;
        kill_group(*process);
    }
    std::erase_if(leaving_, [](const auto& process) { return !process->alive(); });
}

void Supervisor::bury_left(Process& process) {
    kill_group(process);  // as in bury()
    base::log_info("{} (pid {}) has handed over and ended by {}", process.row_name(), process.pid,
                   reap(process.pid));
    process.pid = 0;
    table_changed_ = true;
}

}  // namespace bw::supervisor
