// SPDX-License-Identifier: Apache-2.0
// Where the pictures of one source go: every surface that shows it. The streaming thread delivers,
// the main thread adds and removes surfaces; one mutex stands between them, held for the time of
// scaling one picture. Pictures of a pipeline that was given up are told by their epoch and
// dropped.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "core/base/mutex.h"
#include "core/media/picture.h"
#include "core/media/scaler.h"
#include "core/media/wake.h"
#include "core/surface/link.h"

namespace bw::media {

class Outlet {
  public:
    explicit Outlet(std::shared_ptr<Wake> wake) : wake_(std::move(wake)) {}

    /// [main] A new or newly configured surface; it gets the newest picture at once if there is
    /// one. At most `rate` pictures a second (0: all), cut or stretched as `shape` says.
    void add(uint32_t surface, surface::Producer::Writer writer, double rate,
             const Shape& shape = {});
    /// [main] After this returns nothing touches the surface's memory any more.
    void remove(uint32_t surface);
    void clear();
    /// [main] From now on only pictures of this epoch count; the newest picture stays.
    void expect(uint64_t epoch);
    /// [main] Gives the newest picture back: the source is idle.
    void forget();
    /// [main] Writes state, reason and next try into every block; gives the surfaces that were
    /// told.
    std::vector<uint32_t> tell(surface::SourceState state, surface::Reason reason,
                               int64_t next_try_ns);
    /// [main] Says in every block that this process turns.
    void beat(int64_t now);
    /// [main] Surfaces with a fresh slot since the last call; `into` is appended to.
    void take_commits(std::vector<uint32_t>& into);

    /// [streaming] A picture that arrived at `arrived_ns` (CLOCK_MONOTONIC).
    void deliver(uint64_t epoch, HeldPicture picture, int64_t arrived_ns);

    /// [any] Pictures received since the process started.
    [[nodiscard]] uint64_t pictures() const { return pictures_.load(std::memory_order_relaxed); }
    /// [main] Arrival of the newest picture of the expected epoch; 0: none yet.
    [[nodiscard]] int64_t newest_ns() const;
    [[nodiscard]] Size size() const;

  private:
    struct Sink {
        surface::Producer::Writer writer;
        Shape shape;
        int64_t interval_ns = 0, due_ns = 0;
        bool committed = false;
    };
    bool write(Sink& sink, const PictureView& picture, int64_t arrived_ns) BW_REQUIRES(mutex_);

    const std::shared_ptr<Wake> wake_;
    std::atomic<uint64_t> pictures_{0};
    mutable base::Mutex mutex_;
    std::map<uint32_t, Sink> sinks_ BW_GUARDED_BY(mutex_);
    HeldPicture newest_ BW_GUARDED_BY(mutex_);
    int64_t newest_ns_ BW_GUARDED_BY(mutex_) = 0;        // of newest_
    int64_t epoch_newest_ns_ BW_GUARDED_BY(mutex_) = 0;  // of this epoch
    uint64_t epoch_ BW_GUARDED_BY(mutex_) = 0;
    Size size_ BW_GUARDED_BY(mutex_);
    Scaler scaler_ BW_GUARDED_BY(mutex_);
};

}  // namespace bw::media
