// SPDX-License-Identifier: Apache-2.0
// Start, death and the end of everything.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/supervisor/crash_report.h"
#include "core/supervisor/spawn.h"
#include "core/supervisor/supervisor.h"

namespace bw::supervisor {
namespace {

constexpr int64_t kBeatLimit = 15 * base::kSecond;
constexpr int64_t kPanelBeatLimit = 5 * base::kSecond;
/// We were stopped, swapped out or the machine slept: children are not to blame for old beats.
constexpr int64_t kLateTurn = 1500 * base::kMillisecond;
/// A call into a plugin that takes so long does not come back: its successor is there within 2.1 s.
constexpr int64_t kStuckLimit = 1900 * base::kMillisecond;
/// To write down what killed it; after that it is of no more use.
constexpr int64_t kDyingLimit = base::kSecond;
/// Its backtrace waits for what its successor needs of a processor.
constexpr int kDyingNiceness = 19;
constexpr int64_t kPoliteEnd = 1200 * base::kMillisecond;
constexpr int64_t kEnd = 1900 * base::kMillisecond;

}  // namespace

void Supervisor::start_due(int64_t now) {
    for (auto& process : processes_)
        if (!process->alive() && process->state != control::RoleState::quarantined &&
            process->due_ns <= now)
            start_one(*process, now);
}

void Supervisor::start_one(Process& process, int64_t now) {
    auto started = start(process, ++incarnations_, shared_, now);
    table_changed_ = true;
    if (!process.alive()) {
        base::log_error("{} cannot be started: {}", process.row_name(), started.error().text);
        const auto delay = process.policy.died(now, 0);
        process.due_ns = now + delay.value_or(base::kSecond);
        process.state = delay ? control::RoleState::backoff : control::RoleState::quarantined;
        changed(process);
        return;
    }
    base::log_debug("{} started, pid {}", process.row_name(), process.pid);
    // The new version of a plugin that runs is shown once its library has loaded.
    if (elder_of(process) == nullptr || !process.channel)
        link_up(processes_, process, [this](Process& p) { kill_group(p); });
    if (process.role == Role::hub)
        for (const auto& other : processes_)
            if (other->alive() && other->is_plugin()) tell_hub(plug_message(*other, true));
    if (process.is_plugin()) tell_hub(plug_message(process, true));
    changed(process);
}

void Supervisor::kill_group(const Process& process) const {
    if (process.alive()) kill(-process.pid, SIGKILL);
}

void Supervisor::bury(Process& process, int64_t now) {
    kill_group(process);  // what it started itself; it is not reaped yet, so the number is its own
    const std::string how = reap(process.pid);
    if (process.voice) process.voice->listen(now);
    if (!process.asked_to_restart) report_crash(process, how, now);
    const int64_t uptime = now - process.started_ns;
    process.pid = 0;
    process.pidfd.reset();
    process.channel.reset();
    process.outbox.clear();
    process.refusals.reset();
    process.guard.reset();
    process.voice.reset();
    process.refused = 0;
    process.ready = false;
    if (process.is_plugin()) {
        tell_hub(plug_message(process, false));
        ::unlink(process.wire_path.c_str());
    }
    plan_next(process, uptime, now);
}

/// It has said so itself. Giving back much memory takes long: its successor does not wait for it.
void Supervisor::die_aside(Process& process, int signal, int64_t now) {
    const int64_t uptime = now - process.started_ns;
    tell_hub(plug_message(process, false));
    ::unlink(process.wire_path.c_str());
    leaving_.push_back(process.hand_over());
    Process& dying = *leaving_.back();
    dying.leaving = Process::Leaving::dying;
    dying.leave_by_ns = now + kDyingLimit;
    dying.died_of = how_of(signal);
    dying.channel.reset();
    (void)setpriority(PRIO_PROCESS, static_cast<id_t>(dying.pid), kDyingNiceness);
    plan_next(process, uptime, now);
}

void Supervisor::report_crash(const Process& process, const std::string& how, int64_t now) const {
    const int64_t uptime = now - process.started_ns;
    base::log_warning("{} (pid {}) ended by {} after {:.1f} s", process.row_name(), process.pid,
                      how, static_cast<double>(uptime) / base::kSecond);
    if (!process.is_plugin()) return;
    write_crash_report(orders_.state_dir,
                       {process.row_name(), process.version, how, process.pid, uptime,
                        process.voice ? process.voice->last_lines() : std::deque<std::string>{}});
}

/// Of one that has just ended, or is as good as ended: when does it come back?
void Supervisor::plan_next(Process& process, int64_t uptime, int64_t now) {
    table_changed_ = true;
    if (take_back(process, now)) return;
    ++process.restarts;
    if (process.asked_to_restart) process.policy.clear();
    const auto delay =
        process.asked_to_restart ? std::optional<int64_t>(0) : process.policy.died(now, uptime);
    if (delay) {
        process.state = control::RoleState::backoff;
        process.due_ns = now + *delay;
    } else {
        process.state = control::RoleState::quarantined;
        base::log_error(
            "{} ended {} times in {} s: it stays down until `beaconwall ctl plugin "
            "restart {}`",
            process.row_name(), orders_.plan.restart_budget + 1, orders_.plan.restart_window_s,
            process.name);
    }
    // Partners show a process that waits for a person otherwise than one that will be back.
    unlink(processes_, process, [this](Process& p) { kill_group(p); });
    changed(process);
}

void Supervisor::check_beats(int64_t now) {
    const bool we_were_late = now - last_turn_ns_ > kLateTurn;
    last_turn_ns_ = now;
    for (auto& process : processes_) {
        if (!process->alive() || process->role == Role::service) continue;
        if (we_were_late) process->heard_ns = now;
        if (process->stuck_by_ns != 0 && we_were_late) process->stuck_by_ns = now + kStuckLimit;
        if (process->stuck_by_ns != 0 && now >= process->stuck_by_ns) {
            base::log_error("{} (pid {}) has not come back from a call for {:.1f} s: killed",
                            process->row_name(), process->pid,
                            static_cast<double>(kStuckLimit) / base::kSecond);
            process->stuck_by_ns = 0;
            kill_group(*process);
            continue;
        }
        const bool strict = process->role == Role::panel && process->ready;
        if (now - process->heard_ns < (strict ? kPanelBeatLimit : kBeatLimit)) continue;
        base::log_error("{} (pid {}) gave no sign of life for {} s: killed", process->row_name(),
                        process->pid, (now - process->heard_ns) / base::kSecond);
        process->heard_ns = now;
        kill_group(*process);
    }
}

void Supervisor::stuck(Process& process, int64_t for_ns, int64_t now) const {
    if (process.role != Role::panel || process.stuck_by_ns != 0) return;
    base::log_warning("{} (pid {}) does not come back from a call", process.row_name(),
                      process.pid);
    process.stuck_by_ns = now + kStuckLimit - std::clamp<int64_t>(for_ns, 0, kStuckLimit);
}

/// `stop` to all, then SIGKILL to what is left; nothing outlives 2 s.
void Supervisor::stop_all() {
    const int64_t began = base::mono_ns();
    control::Message stop;
    stop.kind = control::Kind::stop;
    for (auto& process : processes_) {
        if (!process->alive()) continue;
        if (process->channel) (void)post(*process, stop);
        if (process->role == Role::service) kill(-process->pid, SIGTERM);
    }
    for (const Remnant& remnant : remnants_) kill(remnant.pid, SIGKILL);
    for (const auto& process : leaving_) kill_group(*process);
    bool killed = false;
    for (;;) {
        std::vector<pollfd> waits;
        for (const auto& process : processes_)
            if (process->alive()) waits.push_back({process->pidfd.get(), POLLIN, 0});
        const int64_t passed = base::mono_ns() - began;
        if (waits.empty() || passed > kEnd) break;
        if (!killed && passed >= kPoliteEnd) {
            killed = true;
            for (const auto& process : processes_) {
                if (!process->alive()) continue;
                base::log_warning("{} did not end when asked: killed", process->row_name());
                kill_group(*process);
            }
        }
        const int64_t left = (killed ? kEnd : kPoliteEnd) - passed;
        (void)poll(waits.data(), waits.size(), static_cast<int>(left / base::kMillisecond + 1));
        for (auto& process : processes_) {
            pollfd ended{process->pidfd.get(), POLLIN, 0};
            if (!process->alive() || poll(&ended, 1, 0) <= 0) continue;
            kill_group(*process);
            (void)reap(process->pid);
            process->pid = 0;
        }
    }
    base::log_info("ended in {} ms", (base::mono_ns() - began) / base::kMillisecond);
}

}  // namespace bw::supervisor
