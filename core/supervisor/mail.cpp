// SPDX-License-Identifier: Apache-2.0
// What children say, and what the hub is told.
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/supervisor/supervisor.h"

namespace bw::supervisor {
namespace {

/// Who tries without end does not fill the log.
constexpr int kMostTold = 50;

}  // namespace

void Supervisor::read_mail(Process& process, int64_t now) {
    while (process.alive() && process.channel) {
        auto received = process.channel->receive();
        if (received) {
            process.heard_ns = now;
            handle(process, *received, now);
            continue;
        }
        if (received.error().code == "empty") return;
        if (received.error().code == "invalid") {
            base::log_error("{} breaks the control protocol ({}): killed", process.row_name(),
                            received.error().text);
            kill_group(process);
        }
        // Closed: it ends, or has let go of its socket and will miss its beats.
        process.channel.reset();
        process.outbox.clear();
        return;
    }
}

/// A call waits for each; who tries without end does not fill the log.
void Supervisor::read_refusals(Process& process) const {
    pollfd more{process.refusals->fd(), POLLIN, 0};
    while (poll(&more, 1, 0) > 0 && (more.revents & POLLIN) != 0)
        if (const auto call = process.refusals->next(); call && process.refused++ < kMostTold)
            base::log_warning("{} may not: {}", process.row_name(), *call);
    if ((more.revents & (POLLHUP | POLLERR)) != 0) process.refusals.reset();
}

/// The guard makes the calls of a closed-in service that name an address.
void Supervisor::serve_guard(Process& process, int64_t now) const {
    if (!process.guard) return;
    const auto before = process.guard->state();
    for (const std::string& call : process.guard->turn(now))
        if (process.refused++ < kMostTold)
            base::log_warning("{} may not: {}", process.row_name(), call);
    using State = sandbox::NetworkGuard::State;
    if (process.guard->state() == State::open && before == State::opening)
        base::log_warning("{} is not closed in, it may connect to anything: {}", process.row_name(),
                          process.guard->why());
    if (process.guard->state() == State::over) process.guard.reset();
}

void Supervisor::handle(Process& process, control::Received& received, int64_t now) {
    const control::Message& message = received.message;
    switch (message.kind) {
        case control::Kind::beat:
            process.stuck_by_ns = 0;
            // A panel's first one brings the descriptor of its refused calls.
            if (process.role == Role::panel && received.fds.size() == 1 && !process.refusals)
                process.refusals =
                    std::make_unique<sandbox::Refusals>(std::move(received.fds.front()));
            return;
        case control::Kind::ready:
            return became_ready(process);
        case control::Kind::wall_ready:
            if (process.role == Role::compositor && !said_ready_) say_ready();
            return;
        case control::Kind::address:
            if (process.role != Role::console || message.text_view() == console_address_) return;
            console_address_ = message.text_view();
            std::printf("console %s\n", console_address_.c_str());
            std::fflush(stdout);
            tell_address();
            return;
        case control::Kind::restart:
            if (process.role == Role::hub) restart(message.name_view(), now);
            return;
        case control::Kind::begin:
            if (process.role == Role::hub && message.name_view() == "rules") rules_wanted_ = true;
            return;
        case control::Kind::reload:
            if (process.role == Role::hub) reload(message.name_view(), now);
            return;
        case control::Kind::greeted:
            if (process.role == Role::hub) greeted(message.name_view(), message.incarnation, now);
            return;
        case control::Kind::stuck:
            return stuck(process, message.value[0], now);
        case control::Kind::crashed:
            // One that leaves has its successor already.
            if (process.role == Role::panel && process.leave_by_ns == 0)
                die_aside(process, static_cast<int>(message.value[0]), now);
            return;
        case control::Kind::cut_off:
            if (process.role == Role::compositor) end_hostile(message);
            return;
        case control::Kind::failed:
            process.last_words = message.text_view();
            base::log_error("{}: {}", process.row_name(), message.text_view());
            return;
        default:
            base::log_error("{} sent a control message that is not a child's: killed",
                            process.row_name());
            kill_group(process);
    }
}

/// What it draws is not fit to be read: another one may do better, within the budget.
void Supervisor::end_hostile(const control::Message& message) const {
    for (const auto& process : processes_) {
        if (!process->alive() || process->peer_name() != message.name_view() ||
            process->incarnation != message.incarnation)
            continue;
        base::log_error("{} (pid {}) breaks the surface protocol ({}): killed", process->row_name(),
                        process->pid, message.text_view());
        process->last_words = message.text_view();
        kill_group(*process);
    }
}

void Supervisor::became_ready(Process& process) {
    if (process.ready) return;
    process.ready = true;
    process.state = control::RoleState::running;
    if (elder_of(process) != nullptr)
        link_up(processes_, process, [this](Process& p) { kill_group(p); });
    base::log_debug("{} is ready after {} ms", process.row_name(),
                    (base::mono_ns() - process.started_ns) / base::kMillisecond);
    if (process.role == Role::hub)
        greet_hub();
    else
        changed(process);
}

/// Someone asked for it: neither charged to the budget nor delayed.
void Supervisor::restart(std::string_view name, int64_t now) {
    const auto found = find(processes_, name);
    if (found.empty()) base::log_warning("asked to restart {}, which is not here", name);
    for (Process* process : found) {
        base::log_info("restarting {} as asked", process->row_name());
        process->policy.clear();
        if (process->alive()) {
            process->asked_to_restart = true;
            kill_group(*process);
            continue;
        }
        process->state = control::RoleState::backoff;
        process->due_ns = now;
        changed(*process);
    }
}

void Supervisor::tell_hub(const control::Message& message) {
    Process* hub = find(processes_, Role::hub);
    if (hub && hub->alive() && !post(*hub, message)) kill_group(*hub);
}

void Supervisor::changed(const Process& process) {
    const Process* hub = find(processes_, Role::hub);
    if (hub && hub->ready) tell_hub(row_message(process));
}

/// The status document names the console's address.
void Supervisor::tell_address() {
    if (console_address_.empty()) return;
    control::Message message;
    message.kind = control::Kind::address;
    message.set_text(console_address_);
    tell_hub(message);
}

/// A new hub knows nothing: the whole table, ourselves first.
void Supervisor::greet_hub() {
    control::Message self;
    self.kind = control::Kind::role;
    self.set_name("supervisor/main");
    self.value = {getpid(), static_cast<int64_t>(control::RoleState::running), 0, 0};
    tell_hub(self);
    for (const auto& process : processes_) tell_hub(row_message(*process));
    tell_address();
}

void Supervisor::note_processes() const {
    std::vector<Remnant> running;
    for (const auto& process : processes_)
        if (process->alive()) running.push_back({process->pid, process->row_name()});
    for (const auto& process : leaving_)
        if (process->alive()) running.push_back({process->pid, process->row_name()});
    for (const Remnant& remnant : remnants_) running.push_back(remnant);
    if (spare_.pid() != 0) running.push_back({spare_.pid(), "panel/spare"});
    directory_.note_processes(running);
}

}  // namespace bw::supervisor
