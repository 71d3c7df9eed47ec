// SPDX-License-Identifier: Apache-2.0
// Where the pictures of one source go: every surface that shows it. The streaming thread delivers,
// the main thread adds and removes surfaces; one mutex stands between them, and it is never held
// while a picture is scaled: with seventy streams on two cores the holder may wait long for its
// turn, and the main thread must not wait with it.
//
// Who writes into a surface takes it for himself under the lock (`busy`), scales without the lock,
// and publishes under the lock, if the surface is still there. So a surface has one writer at a
// time, none is published after it was removed, and its memory is given up by the last writer: he
// holds the link, and with it the mapping.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/mutex.h"
#include "core/media/picture.h"
#include "core/media/scaler.h"
#include "core/media/wake.h"
#include "core/surface/link.h"

namespace bw::media {

class Outlet {
  public:
    using Link = std::shared_ptr<surface::Producer>;

    explicit Outlet(std::shared_ptr<Wake> wake) : wake_(std::move(wake)) {}

    /// [main] A new or newly configured surface of `link`; fill_one() gives it the newest picture
    /// if there is one. At most `rate` pictures a second (0: all), cut or stretched as `shape`
    /// says.
    void add(uint32_t surface, Link link, surface::Producer::Writer writer, double rate,
             const Shape& shape = {});
    /// [main] Nothing is published there any more. False: a picture is just being scaled into the
    /// surface's memory; take_left() tells when that is over.
    [[nodiscard]] bool remove(uint32_t surface);
    /// [main] Removes all surfaces.
    void clear();
    /// [main] From now on only pictures of this epoch count; the newest picture stays.
    void expect(uint64_t epoch);
    /// [main] Pictures of this epoch take over from the first one on; 0: of none.
    void expect_next(uint64_t epoch);
    /// [main] Whose pictures count now.
    [[nodiscard]] uint64_t epoch() const;
    /// [main] The newest picture is still true at `now`, though no other has come.
    void vouch(int64_t now);
    /// [main] Gives the newest picture back: the source is idle.
    void forget();
    /// [main] Writes the newest picture into one surface that waits for it and that no streaming
    /// thread will see to. False: there is none.
    bool fill_one();
    /// [main] Writes state, reason and next try into every block; gives the surfaces that were
    /// told.
    std::vector<uint32_t> tell(surface::SourceState state, surface::Reason reason,
                               int64_t next_try_ns);
    /// [main] Says in every block that this process turns.
    void beat(int64_t now);
    /// [main] Surfaces with a fresh slot since the last call; `into` is appended to.
    void take_commits(std::vector<uint32_t>& into);
    /// [main] Removed surfaces of `link` whose memory nobody writes any more; `into` is appended
    /// to.
    void take_left(const Link& link, std::vector<uint32_t>& into);

    /// [streaming] A picture that arrived at `arrived_ns` and shows what was there at `as_of_ns`
    /// (CLOCK_MONOTONIC).
    void deliver(uint64_t epoch, HeldPicture picture, int64_t arrived_ns, int64_t as_of_ns);

    /// [any] Pictures received since the process started.
    [[nodiscard]] uint64_t pictures() const { return pictures_.load(std::memory_order_relaxed); }
    /// [main] Arrival of the newest picture of the expected epoch; 0: none yet.
    [[nodiscard]] int64_t newest_ns() const;
    [[nodiscard]] Size size() const;
    /// [main] Nobody writes, and take_left() has nothing to tell.
    [[nodiscard]] bool at_rest() const;

  private:
    /// Guarded by mutex_; but who made it busy reads shape and writer without.
    struct Sink {
        uint32_t surface = 0;
        Link link;
        surface::Producer::Writer writer;
        Shape shape;
        int64_t interval_ns = 0, due_ns = 0;
        bool owed = false;  // the newest picture is to be written
        bool busy = false;  // somebody writes
        bool gone = false;  // removed: publish no more
        bool committed = false;
    };
    /// One picture on its way into one surface.
    struct Job {
        std::shared_ptr<Sink> sink;
        HeldPicture picture;
        int64_t as_of_ns = 0;
        std::unique_ptr<Scaler> scaler;
    };
    std::optional<Job> next_job() BW_REQUIRES(mutex_);
    std::optional<Job> next_job_of(uint64_t epoch);
    void run(Job job);
    bool accept(uint64_t epoch) BW_REQUIRES(mutex_);
    bool finish(Job& job, const std::optional<surface::SlotHeader>& header) BW_REQUIRES(mutex_);

    const std::shared_ptr<Wake> wake_;
    std::atomic<uint64_t> pictures_{0};
    mutable base::Mutex mutex_;
    std::map<uint32_t, std::shared_ptr<Sink>> sinks_ BW_GUARDED_BY(mutex_);
    std::vector<std::shared_ptr<Sink>> left_ BW_GUARDED_BY(mutex_);  // let go after their removal
    int writing_ BW_GUARDED_BY(mutex_) = 0;                          // jobs under way
    int delivering_ BW_GUARDED_BY(mutex_) = 0;  // streaming threads that see to what is owed
    HeldPicture newest_ BW_GUARDED_BY(mutex_);
    int64_t as_of_ns_ BW_GUARDED_BY(mutex_) = 0;         // of newest_
    int64_t epoch_newest_ns_ BW_GUARDED_BY(mutex_) = 0;  // of this epoch
    uint64_t epoch_ BW_GUARDED_BY(mutex_) = 0, next_epoch_ BW_GUARDED_BY(mutex_) = 0;
    Size size_ BW_GUARDED_BY(mutex_);
    std::unique_ptr<Scaler> spare_ BW_GUARDED_BY(mutex_);  // the last writer's, for the next one
};

}  // namespace bw::media
