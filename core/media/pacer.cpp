// SPDX-License-Identifier: Apache-2.0
#include "core/media/pacer.h"

#include <algorithm>

#include "core/base/clock.h"
#include "core/media/flow.h"
#include "core/media/unit_of.h"

namespace bw::media {
namespace {

/// What falls due within the same moment is handed on together: a quarter of a picture's time at 25
/// a second, which hits the same place of every picture.
constexpr int64_t kMomentNs = 10 * base::kMillisecond;
/// A file whose time stands still, jumps, or that was not read for so long is played on from now,
/// neither in a rush nor after an hour.
constexpr int64_t kMostBehindNs = 500 * base::kMillisecond, kMostAheadNs = 5 * base::kSecond;

int64_t moment_of(int64_t due_ns) {
    return (due_ns + kMomentNs - 1) / kMomentNs * kMomentNs;
}

}  // namespace

struct Pacer::State {
    std::mutex mutex;
    std::condition_variable news;
    std::vector<std::shared_ptr<Line>> lines;
    bool closing = false;
};

Pacer::Line::Line(std::shared_ptr<State> state, std::shared_ptr<Flow> flow)
    : state_(std::move(state)), flow_(std::move(flow)) {}

bool Pacer::Line::put(Unit unit, int64_t time_ns) {
    std::unique_lock lock(state_->mutex);
    if (waiting_.size() >= kMostAhead)
        room_.wait(lock, [&] { return closed_ || waiting_.size() <= kFewAhead; });
    if (closed_) return false;
    const int64_t now = base::mono_ns();
    const int64_t after = waiting_.empty() ? now : waiting_.back().due_ns;
    int64_t due = began_ns_ + time_ns;
    if (began_ns_ == 0 || due < now - kMostBehindNs || due > after + kMostAheadNs) {
        began_ns_ = after - time_ns;
        due = after;
    }
    waiting_.push_back({std::move(unit), due});
    const bool first = waiting_.size() == 1;
    lock.unlock();
    if (first) state_->news.notify_one();
    return true;
}

void Pacer::Line::flush() {
    std::lock_guard lock(state_->mutex);
    waiting_.clear();
    began_ns_ = 0;
    room_.notify_all();
}

void Pacer::Line::close() {
    std::lock_guard lock(state_->mutex);
    closed_ = true;
    waiting_.clear();
    std::erase_if(state_->lines, [this](const auto& line) { return line.get() == this; });
    room_.notify_all();
}

void Pacer::Line::hand_on(Unit unit) {
    handed_ns_ = std::max(base::mono_ns(), handed_ns_ + 1);
    stamp(unit, handed_ns_);
    flow_->put(std::move(unit));
}

Pacer::Pacer() : state_(std::make_shared<State>()), thread_([state = state_] { run(state); }) {}

Pacer::~Pacer() {
    {
        std::lock_guard lock(state_->mutex);
        state_->closing = true;
    }
    state_->news.notify_one();
    // Its own thread may be the last to hold what holds it.
    if (thread_.get_id() == std::this_thread::get_id())
        thread_.detach();
    else
        thread_.join();
}

std::shared_ptr<Pacer::Line> Pacer::open(std::shared_ptr<Flow> flow) {
    auto line = std::make_shared<Line>(state_, std::move(flow));
    std::lock_guard lock(state_->mutex);
    state_->lines.push_back(line);
    return line;
}

void Pacer::run(const std::shared_ptr<State>& state) {
    std::vector<std::pair<std::shared_ptr<Line>, Unit>> due;
    std::unique_lock lock(state->mutex);
    while (!state->closing) {
        const int64_t now = base::mono_ns();
        int64_t next = INT64_MAX;
        for (const auto& line : state->lines) {
            auto& waiting = line->waiting_;
            for (; !waiting.empty() && waiting.front().due_ns <= now; waiting.pop_front())
                due.emplace_back(line, std::move(waiting.front().unit));
            if (!waiting.empty()) next = std::min(next, waiting.front().due_ns);
            if (waiting.size() <= kFewAhead) line->room_.notify_one();
        }
        if (!due.empty()) {
            lock.unlock();
            for (auto& [line, unit] : due) line->hand_on(std::move(unit));
            due.clear();
            lock.lock();
        } else if (next == INT64_MAX) {
            state->news.wait(lock);
        } else {
            const std::chrono::nanoseconds left(moment_of(next) - now);
            state->news.wait_for(lock, left);
        }
    }
}

}  // namespace bw::media
