// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/spare.h"

#include <poll.h>

#include <csignal>
#include <limits>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace bw::supervisor {
namespace {

/// The one that was taken draws its first picture now: both at once would be late.
constexpr int64_t kAfterTaking = 250 * base::kMillisecond;
constexpr int64_t kAfterFailing = 10 * base::kSecond;

}  // namespace

Spare::~Spare() {
    if (!waiting_) return;
    kill(-waiting_->child.pid, SIGKILL);
    (void)reap(waiting_->child.pid);
}

bool Spare::has_ended() const {
    pollfd ended{fd(), POLLIN, 0};
    return poll(&ended, 1, 0) > 0;
}

std::optional<Launched> Spare::take(int64_t now_ns) {
    due_ns_ = now_ns + kAfterTaking;
    if (!waiting_ || has_ended()) return std::nullopt;
    return std::exchange(waiting_, std::nullopt);
}

void Spare::keep(bool wanted, int64_t now_ns) {
    if (waiting_ && has_ended()) {
        base::log_warning("the spare panel process (pid {}) ended by {}", pid(), reap(pid()));
        waiting_.reset();
        due_ns_ = now_ns + kAfterFailing;
    }
    if (!wanted || waiting_ || now_ns < due_ns_) return;
    auto launched = launch_();
    if (launched) {
        waiting_ = std::move(*launched);
        return;
    }
    base::log_warning("no spare panel process: {}", launched.error().text);
    due_ns_ = now_ns + kAfterFailing;
}

int64_t Spare::due_ns() const {
    return waiting_ ? std::numeric_limits<int64_t>::max() : due_ns_;
}

}  // namespace bw::supervisor
