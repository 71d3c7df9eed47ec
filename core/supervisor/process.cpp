// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/process.h"

#include <utility>

namespace bw::supervisor {
namespace {

/// A child that lets so much pile up does not turn; its missing beats end it.
constexpr size_t kMaxQueued = 4096;

/// 1 sent, 0 full, -1 gone.
int try_send(Process& process, const Queued& item) {
    std::vector<int> numbers;
    for (const auto& fd : item.fds) numbers.push_back(fd.get());
    auto sent = process.channel->send(item.message, numbers);
    if (sent) return 1;
    return sent.error().code == "full" ? 0 : -1;
}

}  // namespace

const char* role_word(Role role) {
    switch (role) {
        case Role::hub:
            return "hub";
        case Role::compositor:
            return "compositor";
        case Role::media:
            return "media";
        case Role::panel:
            return "panel";
        case Role::service:
            return "service";
        case Role::console:
            return "console";
        case Role::rules:
            return "rules";
    }
    return "?";
}

std::string Process::row_name() const {
    return std::string(role_word(role)) + "/" + name;
}

std::string Process::peer_name() const {
    if (role == Role::console || role == Role::hub || role == Role::rules) return role_word(role);
    return std::string(role_word(role)) + ":" + name;
}

std::unique_ptr<Process> Process::hand_over() {
    auto old = std::make_unique<Process>(role, name, Budget{});
    old->pid = std::exchange(pid, 0);
    old->incarnation = incarnation;
    old->pidfd = std::move(pidfd);
    old->channel = std::exchange(channel, std::nullopt);
    old->outbox = std::exchange(outbox, {});
    old->ready = std::exchange(ready, false);
    old->wire_path = std::exchange(wire_path, {});
    old->refusals = std::move(refusals);
    old->guard = std::move(guard);
    old->refused = std::exchange(refused, 0);
    old->voice = std::move(voice);
    old->library = library;
    old->service = service;
    old->version = version;
    old->stuck_by_ns = std::exchange(stuck_by_ns, 0);
    old->started_ns = started_ns;
    old->heard_ns = heard_ns;
    return old;
}

bool post(Process& process, const control::Message& message, std::vector<base::UniqueFd> fds) {
    if (!process.channel) return false;
    if (process.outbox.size() >= kMaxQueued) return false;
    process.outbox.push_back({message, std::move(fds)});
    return flush(process);
}

bool flush(Process& process) {
    while (process.channel && !process.outbox.empty()) {
        const int result = try_send(process, process.outbox.front());
        if (result < 0) return false;
        if (result == 0) return true;
        process.outbox.pop_front();
    }
    return true;
}

}  // namespace bw::supervisor
