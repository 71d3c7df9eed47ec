// SPDX-License-Identifier: Apache-2.0
// What a source sent since its last key frame, compressed: a decoder that starts now begins there
// and has the newest picture at once, instead of waiting for the camera's next key frame. Bounded
// in bytes. One thread puts, one at a time takes, and both may be any; the lock is held for
// moments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "core/base/mutex.h"
#include "core/media/unit.h"

namespace bw::media {

class Ring {
  public:
    /// `most_bytes`: what it may hold; a single unit may be larger.
    explicit Ring(size_t most_bytes) : most_bytes_(most_bytes) {}

    /// What came in. Without a reader, a key frame takes the place of all that came before it; with
    /// one, what he has not read stays, until he is behind by a whole group of pictures: then he
    /// goes on at the newest key frame.
    void put(Unit unit);
    /// A reader begins, at the last key frame if that is still here.
    void rewind();
    /// The reader is gone.
    void rest();
    /// Everything is gone: a new connection.
    void clear();

    struct Next {
        Unit unit;
        bool more = false;  // others wait behind it
    };
    /// What the reader reads next; nothing: he has read all.
    std::optional<Next> next();

    /// When the first unit that was not read came in (CLOCK_MONOTONIC); 0: all were.
    [[nodiscard]] int64_t unread_since_ns() const;

    struct Figures {
        size_t units = 0, bytes = 0;
        uint64_t skipped = 0;  // never read though a reader was there
    };
    [[nodiscard]] Figures figures() const;

  private:
    void drop_front(size_t count) BW_REQUIRES(mutex_);
    void on_key() BW_REQUIRES(mutex_);
    void trim() BW_REQUIRES(mutex_);
    void back_to_key() BW_REQUIRES(mutex_);

    const size_t most_bytes_;
    mutable base::Mutex mutex_;
    std::deque<Unit> units_ BW_GUARDED_BY(mutex_);
    size_t bytes_ BW_GUARDED_BY(mutex_) = 0;
    size_t read_ BW_GUARDED_BY(mutex_) = 0;  // of units_, by the reader
    /// Where the last key frame stands in units_; nothing: not here any more.
    std::optional<size_t> key_ BW_GUARDED_BY(mutex_);
    bool reading_ BW_GUARDED_BY(mutex_) = false;
    /// Something after the last key frame is lost: what comes cannot be decoded until the next.
    bool broken_ BW_GUARDED_BY(mutex_) = true;
    uint64_t skipped_ BW_GUARDED_BY(mutex_) = 0;
};

}  // namespace bw::media
