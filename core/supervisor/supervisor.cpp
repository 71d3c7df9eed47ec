// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/supervisor.h"

#include <sys/signalfd.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <cstdio>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::supervisor {
namespace {

constexpr int64_t kReadyAtLatest = 10 * base::kSecond;
/// Often enough that a late turn of ours is told from a silent child.
constexpr int64_t kLongestWait = 500 * base::kMillisecond;

}  // namespace

Supervisor::Supervisor(const Orders& orders, RunDirectory& directory, base::UniqueFd glyphs,
                       base::UniqueFd scene, std::vector<Remnant> remnants, int signals)
    : orders_(orders),
      directory_(directory),
      glyphs_(std::move(glyphs)),
      scene_(std::move(scene)),
      timer_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)),
      remnants_(std::move(remnants)),
      signals_(signals),
      processes_(make_table(orders.plan)),
      spare_([&orders] { return launch(Process(Role::panel, "spare", Budget{}), orders); }),
      shared_{orders, directory, glyphs_.get(), scene_.get(), &spare_} {}

base::Status Supervisor::run() {
    if (!timer_.valid()) return base::errno_error("timerfd_create");
    began_ns_ = last_turn_ns_ = base::mono_ns();
    for (auto& process : processes_) process->due_ns = began_ns_;
    while (!stopping_) {
        turn(base::mono_ns());
        if (auto s = wait_once(next_deadline()); !s) {
            stop_all();
            return s;
        }
    }
    stop_all();
    return {};
}

void Supervisor::turn(int64_t now) {
    check_beats(now);
    watch_memory(now);
    watch_reloads(now);
    see_off(now);
    // Not while the table is walked through.
    if (rules_wanted_ && find(processes_, Role::rules) == nullptr) add_rules(processes_, now);
    start_due(now);
    keep_spare(now);
    if (!said_ready_ && now - began_ns_ >= kReadyAtLatest) say_ready();
    if (table_changed_) note_processes();
    table_changed_ = false;
}

int64_t Supervisor::next_deadline() const {
    int64_t next = base::mono_ns() + kLongestWait;
    for (const auto& process : processes_) {
        if (!process->alive() && process->state != control::RoleState::quarantined)
            next = std::min(next, process->due_ns);
        if (process->alive() && process->stuck_by_ns != 0)
            next = std::min(next, process->stuck_by_ns);
    }
    if (wants_spare()) next = std::min(next, spare_.due_ns());
    for (const auto& process : leaving_) next = std::min(next, process->leave_by_ns);
    for (const auto* table : {&processes_, &leaving_})
        for (const auto& process : *table)
            if (process->guard) next = std::min(next, process->guard->deadline_ns());
    if (!said_ready_) next = std::min(next, began_ns_ + kReadyAtLatest);
    return next;
}

base::Status Supervisor::wait_once(int64_t until_ns) {
    itimerspec when{};
    when.it_value.tv_sec = until_ns / base::kSecond;
    when.it_value.tv_nsec = until_ns % base::kSecond;
    timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
    std::vector<pollfd> waits = {
        {timer_.get(), POLLIN, 0}, {signals_, POLLIN, 0}, {spare_.fd(), POLLIN, 0}};
    const size_t leaving = waits.size();
    for (const auto& process : leaving_) waits.push_back({process->pidfd.get(), POLLIN, 0});
    const size_t first = waits.size();
    constexpr size_t kOfEach = 4;
    std::vector<pid_t> pids;
    for (const auto& process : processes_) {
        pids.push_back(process->pid);
        const int events = POLLIN | (process->outbox.empty() ? 0 : POLLOUT);
        waits.push_back({process->alive() ? process->pidfd.get() : -1, POLLIN, 0});
        waits.push_back({process->alive() && process->channel ? process->channel->fd() : -1,
                         static_cast<short>(events), 0});
        waits.push_back({process->refusals ? process->refusals->fd() : -1, POLLIN, 0});
        waits.push_back({process->voice ? process->voice->fd() : -1, POLLIN, 0});
    }
    for (const auto* table : {&processes_, &leaving_})
        for (const auto& process : *table)
            if (process->guard) process->guard->add_to(waits);
    if (poll(waits.data(), waits.size(), -1) < 0) {
        if (errno == EINTR) return {};
        return base::errno_error("poll");
    }
    if (waits[1].revents != 0) {
        signalfd_siginfo info{};
        if (read(signals_, &info, sizeof info) == sizeof info) stopping_ = true;
    }
    const int64_t now = base::mono_ns();
    for (auto* table : {&processes_, &leaving_})
        for (auto& process : *table) serve_guard(*process, now);
    for (size_t i = 0; i < leaving_.size(); ++i) {
        (void)flush(*leaving_[i]);
        read_mail(*leaving_[i], now);
        if (waits[leaving + i].revents != 0) bury_left(*leaving_[i], now);
    }
    for (size_t i = 0; i < processes_.size(); ++i) {
        Process& process = *processes_[i];
        const pollfd& ended = waits[first + kOfEach * i];
        const pollfd& mail = waits[first + 1 + kOfEach * i];
        if ((mail.revents & POLLOUT) != 0 && !flush(process)) kill_group(process);
        // Last words first: a child says `failed` and then ends.
        if ((mail.revents & (POLLIN | POLLHUP)) != 0) read_mail(process, now);
        if (waits[first + 2 + kOfEach * i].revents != 0 && process.refusals) read_refusals(process);
        if (waits[first + 3 + kOfEach * i].revents != 0 && process.voice)
            process.voice->listen(now);
        // It may have said in its mail that it dies; then another one stands here by now.
        if (ended.revents != 0 && !stopping_ && process.pid == pids[i]) bury(process, now);
    }
    return {};
}

/// A wall that comes up, and one whose panels come up, has other things to do.
bool Supervisor::wants_spare() const {
    bool panels = false;
    for (const auto& process : processes_) {
        if (process->role != Role::panel) continue;
        if (process->alive() && !process->ready) return false;
        panels = true;
    }
    return panels && said_ready_;
}

void Supervisor::keep_spare(int64_t now) {
    const pid_t before = spare_.pid();
    spare_.keep(wants_spare(), now);
    if (spare_.pid() != before) table_changed_ = true;
}

void Supervisor::say_ready() {
    said_ready_ = true;
    std::puts("ready");
    std::fflush(stdout);
    base::log_info("ready after {} ms", (base::mono_ns() - began_ns_) / base::kMillisecond);
}

}  // namespace bw::supervisor
