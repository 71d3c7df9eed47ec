// SPDX-License-Identifier: Apache-2.0
#include "core/panel/alarm.h"

#include <execinfo.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/control/message.h"

namespace bw::panel::alarm {
namespace {

using surface::Reason;
using surface::SourceState;

constexpr int64_t kLookEveryNs = 50 * base::kMillisecond;
constexpr std::array kDeadly{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP};

// All of it is read by signal handlers.
std::atomic<int> control{-1}, link{-1};
std::array<std::atomic<surface::Block*>, surface::kMaxSurfaces> blocks{};
std::atomic<int64_t> began_ns{0}, began_cpu_ns{0};  // of the call that runs; 0: none
std::atomic<bool> told{false};
timer_t timer{};
bool have_timer = false, ticking = false;
alignas(16) std::array<std::byte, 64 * 1024> other_stack;  // for a call that has used up its own

int64_t clock_ns(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return now.tv_sec * base::kSecond + now.tv_nsec;
}

void mark(SourceState state, Reason reason) {
    uint32_t surface = 0;
    for (auto& each : blocks) {
        if (surface::Block* block = each.load(std::memory_order_relaxed); block != nullptr) {
            block->source_state.store(static_cast<uint32_t>(state), std::memory_order_relaxed);
            block->reason.store(static_cast<uint32_t>(reason), std::memory_order_relaxed);
            surface::MessageHeader header;
            header.kind = surface::Kind::notice;
            header.surface = surface;
            (void)send(link.load(), &header, sizeof header, MSG_DONTWAIT | MSG_NOSIGNAL);
        }
        ++surface;
    }
}

void tell(control::Kind kind, int64_t value) {
    control::Message message;
    message.kind = kind;
    message.value[0] = value;
    (void)send(control.load(), &message, sizeof message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

bool hangs() {
    const int64_t began = began_ns.load(std::memory_order_relaxed);
    if (began == 0) return false;
    const int64_t taken = clock_ns(CLOCK_MONOTONIC) - began;
    if (taken >= kWaitingNs) return true;
    return taken >= kBusyNs && clock_ns(CLOCK_THREAD_CPUTIME_ID) - began_cpu_ns >= kBusyCpuNs;
}

void on_tick(int) {
    const int before = errno;
    if (!told.load(std::memory_order_relaxed) && hangs()) {
        told.store(true, std::memory_order_relaxed);
        mark(SourceState::late, Reason::panel_hung);
        tell(control::Kind::stuck,
             clock_ns(CLOCK_MONOTONIC) - began_ns.load(std::memory_order_relaxed));
    }
    errno = before;
}

void write_text(const char* text) {
    (void)!write(2, text, strlen(text));
}

/// The wall first, then the words for whoever mends it. The signal's own way of ending follows.
void on_death(int number) {
    mark(SourceState::late, Reason::process_gone);
    tell(control::Kind::crashed, number);
    std::array<void*, 48> frames{};
    const int count = backtrace(frames.data(), static_cast<int>(frames.size()));
    write_text("backtrace:\n");
    backtrace_symbols_fd(frames.data(), count, 2);
    signal(number, SIG_DFL);
    raise(number);
}

void set_ticking(bool on) {
    if (!have_timer || ticking == on) return;
    ticking = on;
    itimerspec when{};
    if (on) when.it_interval.tv_nsec = when.it_value.tv_nsec = kLookEveryNs;
    timer_settime(timer, 0, &when, nullptr);
}

void catch_deadly() {
    std::array<void*, 4> frames{};
    (void)backtrace(frames.data(), static_cast<int>(frames.size()));  // loads what it needs
    stack_t stack{};
    stack.ss_sp = other_stack.data();
    stack.ss_size = other_stack.size();
    sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_handler = on_death;
    action.sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    for (const int number : kDeadly) sigaction(number, &action, nullptr);
}

}  // namespace

void install(int control_fd, bool crashes) {
    control = control_fd;
    if (crashes) catch_deadly();
    // A number that libraries leave alone, to this thread: its own time is what on_tick() reads.
    const int number = SIGRTMAX - 3;
    struct sigaction action {};
    action.sa_handler = on_tick;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, nullptr);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = number;
    event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
    have_timer = timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
    if (!have_timer)
        base::log_warning("no timer: a call that does not come back is seen by its age alone");
}

void set_link(int fd) {
    link = fd;
}

void watch(uint32_t surface, surface::Block* block) {
    if (surface < blocks.size()) blocks[surface] = block;
}

Call::Call() {
    set_ticking(true);
    began_cpu_ns.store(clock_ns(CLOCK_THREAD_CPUTIME_ID), std::memory_order_relaxed);
    began_ns.store(clock_ns(CLOCK_MONOTONIC), std::memory_order_relaxed);
}

Call::~Call() {
    began_ns.store(0, std::memory_order_relaxed);
    if (!told.exchange(false, std::memory_order_relaxed)) return;
    // It came back after all; a beat says so to the supervisor.
    mark(SourceState::none, Reason::none);
    tell(control::Kind::beat, 0);
}

void rest() {
    set_ticking(false);
}

}  // namespace bw::panel::alarm
