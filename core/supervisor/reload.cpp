// SPDX-License-Identifier: Apache-2.0
// A plugin's new version is started beside the one that runs. Panels: the compositor takes over
// pane by pane, and the old process ends when nobody shows it any more. A service: the hub greets
// the new one, which fences the old. What does not come up is ended, and the old one stays.
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/supervisor/links.h"
#include "core/supervisor/supervisor.h"

namespace bw::supervisor {
namespace {

/// So long a new version may take until its pictures are shown, or the hub knows it.
constexpr int64_t kComeUp = 8 * base::kSecond;
/// So long an old service may take to end when asked.
constexpr int64_t kGoAway = 1200 * base::kMillisecond;

}  // namespace

Process* Supervisor::elder_of(const Process& process) const {
    for (const auto& old : leaving_)
        if (old->leaving == Process::Leaving::reloaded && old->alive() &&
            old->role == process.role && old->name == process.name)
            return old.get();
    return nullptr;
}

void Supervisor::reload(std::string_view name, int64_t now) {
    const auto found = find(processes_, name);
    if (found.empty()) return reloaded(std::string(name.substr(name.find('/') + 1)), "not here");
    const std::string plugin = found.front()->name;
    if (reloading_.contains(plugin)) return;  // both askers are answered when it is over
    reloading_[plugin].halves = static_cast<int>(found.size());
    for (Process* process : found) reload_one(*process, now);
}

void Supervisor::reload_one(Process& process, int64_t now) {
    base::log_info("reloading {} as asked", process.row_name());
    process.policy.clear();
    process.last_words.clear();
    if (!process.alive()) {  // nothing to keep
        process.state = control::RoleState::backoff;
        process.due_ns = now;
        changed(process);
        return reloaded(process.name, {});
    }
    if (process.channel) {
        control::Message retire;
        retire.kind = control::Kind::retire;
        (void)post(process, retire);
    }
    leaving_.push_back(process.hand_over());
    leaving_.back()->leaving = Process::Leaving::reloaded;
    leaving_.back()->leave_by_ns = now + 2 * kComeUp;
    process.state = control::RoleState::backoff;
    process.due_ns = now;
    ++process.restarts;
    table_changed_ = true;
}

/// Of a service this is all that can be known: it lives and speaks the protocol.
void Supervisor::greeted(std::string_view peer, uint64_t incarnation, int64_t now) {
    for (const auto& process : processes_) {
        if (process->role != Role::service || process->peer_name() != peer) continue;
        Process* elder = elder_of(*process);
        if (elder == nullptr || incarnation != process->incarnation) continue;
        kill(-elder->pid, SIGTERM);
        elder->leave_by_ns = now + kGoAway;
    }
}

void Supervisor::watch_reloads(int64_t now) {
    for (const auto& process : processes_) {
        const Process* elder = elder_of(*process);
        if (elder == nullptr || !process->alive() || now - process->started_ns < kComeUp) continue;
        const bool leaves = process->role == Role::service && elder->leave_by_ns <= now + kGoAway;
        if (leaves) continue;
        process->last_words =
            "it shows nothing after " + std::to_string(kComeUp / base::kSecond) + " s";
        kill_group(*process);
    }
}

/// The new version has ended before it took over: the old one goes on in its place.
bool Supervisor::take_back(Process& process, int64_t now) {
    Process* elder = elder_of(process);
    if (elder == nullptr) return false;
    base::log_error("the new version of {} does not come up; the old one stays",
                    process.row_name());
    process.pid = std::exchange(elder->pid, 0);
    process.incarnation = elder->incarnation;
    process.pidfd = std::move(elder->pidfd);
    process.channel = std::exchange(elder->channel, std::nullopt);
    process.outbox = std::exchange(elder->outbox, {});
    process.wire_path = elder->wire_path;
    process.refusals = std::move(elder->refusals);
    process.guard = std::move(elder->guard);
    process.refused = elder->refused;
    process.voice = std::move(elder->voice);
    process.started_ns = elder->started_ns;
    process.heard_ns = now;
    process.stuck_by_ns = 0;
    process.ready = true;
    process.state = control::RoleState::running;
    // It had let go of nothing, or of some panes already: the partners are joined to it anew.
    link_up(processes_, process, [this](Process& p) { kill_group(p); });
    changed(process);
    reloaded(process.name,
             process.last_words.empty() ? "its new version ended" : process.last_words);
    return true;
}

void Supervisor::reloaded(const std::string& plugin, const std::string& why_not) {
    Reloading& state = reloading_[plugin];
    if (state.why_not.empty()) state.why_not = why_not;
    if (--state.halves > 0) return;
    control::Message message;
    message.kind = control::Kind::reloaded;
    message.set_name(plugin);
    message.value[0] = state.why_not.empty() ? 1 : 0;
    message.set_text(state.why_not);
    reloading_.erase(plugin);
    tell_hub(message);
}

}  // namespace bw::supervisor
