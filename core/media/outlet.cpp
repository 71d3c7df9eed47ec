// SPDX-License-Identifier: Apache-2.0
#include "core/media/outlet.h"

#include "core/base/clock.h"

namespace bw::media {

void Outlet::add(uint32_t surface, surface::Producer::Writer writer, double rate,
                 const Shape& shape) {
    base::Lock lock(mutex_);
    Sink sink{std::move(writer), shape, 0, 0, false};
    // A tenth of slack, so that a 25 Hz source is not thinned by a wish for 25 Hz.
    if (rate > 0) sink.interval_ns = static_cast<int64_t>(0.9 * 1e9 / rate);
    if (newest_.valid()) sink.committed = write(sink, newest_.view(), newest_ns_);
    if (sink.committed) wake_->ring();
    sinks_.insert_or_assign(surface, std::move(sink));
}

void Outlet::remove(uint32_t surface) {
    base::Lock lock(mutex_);
    sinks_.erase(surface);
}

void Outlet::clear() {
    base::Lock lock(mutex_);
    sinks_.clear();
}

void Outlet::expect(uint64_t epoch) {
    base::Lock lock(mutex_);
    epoch_ = epoch;
    epoch_newest_ns_ = 0;
}

void Outlet::forget() {
    HeldPicture old;  // given back outside the lock
    base::Lock lock(mutex_);
    old = std::move(newest_);
    newest_ns_ = 0;
}

std::vector<uint32_t> Outlet::tell(surface::SourceState state, surface::Reason reason,
                                   int64_t next_try_ns) {
    std::vector<uint32_t> told;
    base::Lock lock(mutex_);
    for (auto& [surface, sink] : sinks_) {
        auto& block = sink.writer.block();
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
        sink.writer.block().beat_ns.store(now, std::memory_order_relaxed);
}

void Outlet::take_commits(std::vector<uint32_t>& into) {
    base::Lock lock(mutex_);
    for (auto& [surface, sink] : sinks_)
        if (std::exchange(sink.committed, false)) into.push_back(surface);
}

int64_t Outlet::newest_ns() const {
    base::Lock lock(mutex_);
    return epoch_newest_ns_;
}

Size Outlet::size() const {
    base::Lock lock(mutex_);
    return size_;
}

bool Outlet::write(Sink& sink, const PictureView& picture, int64_t arrived_ns) {
    const auto& wish = sink.writer.configure();
    const Size box{static_cast<int>(wish.width), static_cast<int>(wish.height)};
    auto header =
        scaler_.write(picture, wish.kind, box,
                      {sink.writer.payload(), sink.writer.payload_capacity()}, sink.shape);
    if (!header) return false;
    header->captured_ns = arrived_ns;
    sink.writer.block().as_of_ns.store(arrived_ns, std::memory_order_release);
    sink.writer.publish(*header);
    return true;
}

void Outlet::deliver(uint64_t epoch, HeldPicture picture, int64_t arrived_ns) {
    bool ring = false;
    {
        base::Lock lock(mutex_);
        if (epoch != epoch_) return;
        pictures_.fetch_add(1, std::memory_order_relaxed);
        ring = epoch_newest_ns_ == 0;  // the first one: the state changes
        newest_ns_ = epoch_newest_ns_ = arrived_ns;
        size_ = {picture.view().width, picture.view().height};
        for (auto& [surface, sink] : sinks_) {
            if (arrived_ns < sink.due_ns) continue;
            sink.due_ns = arrived_ns + sink.interval_ns;
            if (write(sink, picture.view(), arrived_ns)) ring = sink.committed = true;
        }
        std::swap(newest_, picture);
    }
    if (ring) wake_->ring();  // and `picture`, now the one before, goes back to its pool here
}

}  // namespace bw::media
