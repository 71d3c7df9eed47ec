// SPDX-License-Identifier: Apache-2.0
#include "core/cli/follow.h"

#include <poll.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <csignal>
#include <optional>

#include "core/base/clock.h"
#include "core/base/unique_fd.h"
#include "core/cli/commands.h"

namespace bw::cli {
namespace {

/// Ends the loop in order, so that the last line is whole.
base::UniqueFd end_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    return base::UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC));
}

int timeout_ms(const events::Client& client) {
    const int64_t left = (client.next_wake_ns() - base::mono_ns()) / base::kMillisecond + 1;
    return static_cast<int>(std::clamp<int64_t>(left, 0, 1000));
}

}  // namespace

int follow(events::Client& client, const std::function<void()>& subscribe) {
    const base::UniqueFd signals = end_signals();
    std::optional<events::Reply> refusal;
    client.on_refusal([&refusal](const events::Reply& reply) { refusal = reply; });
    subscribe();
    while (true) {
        client.pump();
        if (refusal) return fail(refusal->text);
        pollfd wait[] = {{client.fd(), POLLIN, 0}, {signals.get(), POLLIN, 0}};
        ::poll(wait, 2, timeout_ms(client));
        if (wait[1].revents) return Exit::done;
    }
}

}  // namespace bw::cli
