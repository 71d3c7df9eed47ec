// SPDX-License-Identifier: Apache-2.0
// A process that has grown too big is replaced while it goes on: its successor starts beside it,
// takes over its name, its partners and its work, and the old one ends when nobody shows its
// pictures any more.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/supervisor/spawn.h"
#include "core/supervisor/supervisor.h"

namespace bw::supervisor {
namespace {

constexpr int64_t kLookEvery = 2 * base::kSecond;
/// Of a panel process; the host's own are three.
constexpr int64_t kMostThreads = 64;
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

int64_t threads_of(pid_t pid) {
    std::error_code error;
    int64_t count = 0;
    for (std::filesystem::directory_iterator at("/proc/" + std::to_string(pid) + "/task", error),
         end;
         !error && at != end; at.increment(error))
        ++count;
    return count;
}

}  // namespace

void Supervisor::watch_memory(int64_t now) {
    if (now - looked_at_memory_ns_ < kLookEvery) return;
    looked_at_memory_ns_ = now;
    for (auto& process : processes_) {
        if (process->role == Role::panel && process->alive()) watch_threads(*process);
        if (process->role != Role::media || !process->ready) continue;
        const int64_t mib = own_memory_kib(process->pid) / 1024;
        if (mib <= orders_.plan.media_memory_mib) continue;
        if (process->replaced_ns != 0 && now - process->replaced_ns < kNotAgainFor) continue;
        base::log_warning("{} (pid {}) has grown to {} MiB, more than its {}: it is replaced",
                          process->row_name(), process->pid, mib, orders_.plan.media_memory_mib);
        replace(*process, now);
    }
}

/// No limit of the kernel's counts them for root.
void Supervisor::watch_threads(const Process& process) const {
    const int64_t count = threads_of(process.pid);
    if (count <= kMostThreads) return;
    base::log_error("{} (pid {}) has {} threads, more than {}: killed", process.row_name(),
                    process.pid, count, kMostThreads);
    kill_group(process);
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
        if (process->voice) process->voice->listen(now);
        if (!process->alive() || now < process->leave_by_ns) continue;
        if (process->leaving == Process::Leaving::replaced)
            base::log_warning("{} (pid {}) is still shown {} s after its successor came: ended",
                              process->row_name(), process->pid, kHandOver / base::kSecond);
        process->leave_by_ns = now + kHandOver;
        kill_group(*process);
    }
    std::erase_if(leaving_, [](const auto& process) { return !process->alive(); });
}

void Supervisor::bury_left(Process& process, int64_t now) {
    kill_group(process);  // as in bury()
    const std::string how = reap(process.pid);
    if (process.voice) process.voice->listen(now);
    if (process.leaving == Process::Leaving::dying)
        report_crash(process, process.died_of.empty() ? how : process.died_of, now);
    else
        base::log_info("{} (pid {}) has handed over and ended by {}", process.row_name(),
                       process.pid, how);
    if (process.leaving == Process::Leaving::reloaded) {
        tell_hub(plug_message(process, false));
        ::unlink(process.wire_path.c_str());
        reloaded(process.name, {});
    }
    process.pid = 0;
    table_changed_ = true;
}

}  // namespace bw::supervisor
