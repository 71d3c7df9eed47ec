// SPDX-License-Identifier: Apache-2.0
#include "core/media/outlet.h"

#include "core/base/clock.h"

namespace bw::media {

void Outlet::add(uint32_t surface, Link link, surface::Producer::Writer writer, double rate,
                 const Shape& shape) {
    auto sink = std::make_shared<Sink>();
    sink->surface = surface;
    sink->link = std::move(link);
    sink->writer = std::move(writer);
    sink->shape = shape;
    // A tenth of slack, so that a 25 Hz source is not thinned by a wish for 25 Hz.
    if (rate > 0) sink->interval_ns = static_cast<int64_t>(0.9 * 1e9 / rate);
    base::Lock lock(mutex_);
    sink->owed = newest_.valid();
    auto& place = sinks_[surface];
    if (place) place->gone = true;
    place = std::move(sink);
}

bool Outlet::remove(uint32_t surface) {
    base::Lock lock(mutex_);
    const auto it = sinks_.find(surface);
    if (it == sinks_.end()) return true;
    it->second->gone = true;
    const bool busy = it->second->busy;
    sinks_.erase(it);
    return !busy;
}

void Outlet::clear() {
    base::Lock lock(mutex_);
    for (auto& [surface, sink] : sinks_) sink->gone = true;
    sinks_.clear();
}

void Outlet::expect(uint64_t epoch) {
    base::Lock lock(mutex_);
    epoch_ = epoch;
    next_epoch_ = 0;
    epoch_newest_ns_ = 0;
}

void Outlet::expect_next(uint64_t epoch) {
    base::Lock lock(mutex_);
    next_epoch_ = epoch;
}

uint64_t Outlet::epoch() const {
    base::Lock lock(mutex_);
    return epoch_;
}

void Outlet::vouch(int64_t now) {
    base::Lock lock(mutex_);
    if (epoch_newest_ns_ == 0) return;
    as_of_ns_ = epoch_newest_ns_ = now;
    for (auto& [surface, sink] : sinks_)
        if (!sink->owed && !sink->busy)
            sink->writer.block().as_of_ns.store(now, std::memory_order_release);
}

void Outlet::forget() {
    HeldPicture old;  // given back outside the lock
    base::Lock lock(mutex_);
    old = std::move(newest_);
    as_of_ns_ = 0;
    for (auto& [surface, sink] : sinks_) sink->owed = false;
}

std::vector<uint32_t> Outlet::tell(surface::SourceState state, surface::Reason reason,
                                   int64_t next_try_ns) {
    std::vector<uint32_t> told;
    base::Lock lock(mutex_);
    for (auto& [surface, sink] : sinks_) {
        auto& block = sink->writer.block();
        block.reason.store(static_cast<uint32_t>(reason), std::memory_order_relaxed);
        block.next_try_ns.store(next_try_ns, std::memory_order_relaxed);
        block.source_state.store(static_cast<uint32_t>(state), std::memory_order_release);
        told.push_back(surface);
    }
    return told;
}

void Outlet::beat(int64_t now) {
    base::Lock lock(mutex_);
    for (auto& [surface, sink] : sinks_)
        sink->writer.block().beat_ns.store(now, std::memory_order_relaxed);
}

void Outlet::take_commits(std::vector<uint32_t>& into) {
    base::Lock lock(mutex_);
    for (auto& [surface, sink] : sinks_)
        if (std::exchange(sink->committed, false)) into.push_back(surface);
}

void Outlet::take_left(const Link& link, std::vector<uint32_t>& into) {
    std::vector<std::shared_ptr<Sink>> left;  // a last link is unmapped outside the lock
    base::Lock lock(mutex_);
    left.swap(left_);
    for (const auto& sink : left)
        if (sink->link == link) into.push_back(sink->surface);
}

int64_t Outlet::newest_ns() const {
    base::Lock lock(mutex_);
    return epoch_newest_ns_;
}

Size Outlet::size() const {
    base::Lock lock(mutex_);
    return size_;
}

bool Outlet::at_rest() const {
    base::Lock lock(mutex_);
    return writing_ == 0 && left_.empty();
}

std::optional<Outlet::Job> Outlet::next_job() {
    for (auto& [surface, sink] : sinks_) {
        if (!sink->owed || sink->busy) continue;
        sink->owed = false;
        sink->busy = true;
        ++writing_;
        return Job{sink, newest_.share(), as_of_ns_, std::move(spare_)};
    }
    return std::nullopt;
}

bool Outlet::finish(Job& job, const std::optional<surface::SlotHeader>& header) {
    Sink& sink = *job.sink;
    sink.busy = false;
    --writing_;
    spare_ = std::move(job.scaler);
    if (sink.gone) {
        left_.push_back(std::move(job.sink));
        return true;
    }
    if (!header) return false;
    sink.writer.block().as_of_ns.store(job.as_of_ns, std::memory_order_release);
    sink.writer.publish(*header);
    sink.committed = true;
    return true;
}

void Outlet::run(Job job) {
    const Sink& sink = *job.sink;
    const auto& wish = sink.writer.configure();
    const Size box{static_cast<int>(wish.width), static_cast<int>(wish.height)};
    if (!job.scaler) job.scaler = std::make_unique<Scaler>();
    auto header =
        job.scaler->write(job.picture.view(), wish.kind, box,
                          {sink.writer.payload(), sink.writer.payload_capacity()}, sink.shape);
    if (header) header->captured_ns = job.as_of_ns;
    bool news = false;
    {
        base::Lock lock(mutex_);
        news = finish(job, header);
    }
    if (news) wake_->ring();
}

bool Outlet::fill_one() {
    std::optional<Job> job;
    {
        base::Lock lock(mutex_);
        if (delivering_ == 0) job = next_job();
    }
    if (!job) return false;
    run(std::move(*job));
    return true;
}

/// The next job of a streaming thread; nothing: it has seen to everything, or is given up.
std::optional<Outlet::Job> Outlet::next_job_of(uint64_t epoch) {
    bool given_up = false;
    std::optional<Job> job;
    {
        base::Lock lock(mutex_);
        given_up = epoch != epoch_;
        if (!given_up) job = next_job();
        if (!job) --delivering_;
    }
    if (given_up) wake_->ring();  // what is owed is now the main thread's
    return job;
}

/// Whether a picture of that epoch counts; the first one of the next makes the next the current.
bool Outlet::accept(uint64_t epoch) {
    if (next_epoch_ != 0 && epoch == next_epoch_) {
        epoch_ = std::exchange(next_epoch_, 0);
        epoch_newest_ns_ = 0;
    }
    return epoch == epoch_;
}

void Outlet::deliver(uint64_t epoch, HeldPicture picture, int64_t arrived_ns, int64_t as_of_ns) {
    bool first = false;
    {
        base::Lock lock(mutex_);
        if (!accept(epoch)) return;
        pictures_.fetch_add(1, std::memory_order_relaxed);
        first = epoch_newest_ns_ == 0;
        epoch_newest_ns_ = arrived_ns;
        as_of_ns_ = as_of_ns;
        size_ = {picture.view().width, picture.view().height};
        for (auto& [surface, sink] : sinks_) {
            if (arrived_ns < sink->due_ns) continue;
            sink->due_ns = arrived_ns + sink->interval_ns;
            sink->owed = true;
        }
        std::swap(newest_, picture);
        ++delivering_;
    }
    if (first) wake_->ring();  // the state changes
    picture = HeldPicture();   // the one before goes back to its pool
    while (auto job = next_job_of(epoch)) run(std::move(*job));
}

}  // namespace bw::media
