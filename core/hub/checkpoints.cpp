// SPDX-License-Identifier: Apache-2.0
#include "core/hub/checkpoints.h"

#include "core/base/clock.h"

namespace bw::hub {

namespace {

// Nothing came for so long: the next event is probably not due within the time a checkpoint takes.
constexpr int64_t kIdleNs = 20 * base::kMillisecond;
// How soon again while nothing is written; where something is, as soon as half the time is left
// for that.
constexpr int64_t kRetryNs = 200 * base::kMillisecond;
constexpr int64_t kHeldBackNs = 100 * base::kMillisecond;
constexpr int64_t kCarefulNs = 60 * base::kSecond;

}  // namespace

void Checkpoints::opened(int64_t frames) {
    frames_ = frames;
    moved_ = 0;
    held_back_ = false;
}

// With fewer frames than there were it begins anew.
void Checkpoints::wrote(int64_t frames) {
    frames_ = frames;
    if (frames_ < moved_) moved_ = 0;
}

void Checkpoints::commit_failed(int64_t now_ns) {
    careful_until_ns_ = now_ns + kCarefulNs;
}

bool Checkpoints::due(Queue queue, int64_t now_ns) const {
    const int64_t since_ns = now_ns - tried_ns_;
    if (failing_since_ns_ != 0) return since_ns >= (queue == Queue::idle ? kRetryNs : took_ns_);
    if (held_back_ && since_ns < kHeldBackNs) return false;
    if (careful(now_ns)) return unmoved() >= kCareful;
    if (queue == Queue::idle) return unmoved() >= kIdle;
    return unmoved() >= (queue == Queue::empty ? kReady : kBound);
}

int64_t Checkpoints::rest_ns(int64_t now_ns) const {
    if (failing_since_ns_ != 0) return kRetryNs;
    if (unmoved() < (careful(now_ns) ? kCareful : kIdle)) return INT64_MAX;
    return held_back_ ? kHeldBackNs : kIdleNs;
}

base::Status Checkpoints::run(Database& db) {
    const int64_t began_ns = base::mono_ns();
    const auto log = db.checkpoint();
    tried_ns_ = base::mono_ns();
    took_ns_ = tried_ns_ - began_ns;
    if (!log) {
        if (failing_since_ns_ == 0) failing_since_ns_ = began_ns;
        careful_until_ns_ = tried_ns_ + kCarefulNs;
        why_ = log.error();
        return why_;
    }
    // One that a reader kept from moving anything says nothing of the disk.
    if (log->moved == log->frames || log->moved > moved_) {
        failing_since_ns_ = 0;
        proven_ = true;
    }
    frames_ = log->frames;
    moved_ = log->moved;
    held_back_ = moved_ < frames_;
    return {};
}

std::optional<base::Error> Checkpoints::complaint(int64_t now_ns) const {
    if (failing_since_ns_ == 0) return std::nullopt;
    if (now_ns - failing_since_ns_ < kTellAfterNs && log_bytes() <= kTellBytes) return std::nullopt;
    return why_;
}

// What was moved and was yet not begun anew, somebody reads.
bool Checkpoints::held() const {
    const bool read = held_back_ || (moved_ > 0 && unmoved() > 0);
    return read && failing_since_ns_ == 0 && log_bytes() > kTellBytes;
}

uint64_t Checkpoints::log_bytes() const {
    return static_cast<uint64_t>(frames_) * Database::kFrameBytes;
}

}  // namespace bw::hub
