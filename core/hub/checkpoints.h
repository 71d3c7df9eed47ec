// SPDX-License-Identifier: Apache-2.0
// When the journal's writer moves its log (SQLite's WAL) into the journal's file, and what is told
// when it cannot. A commit lies in the log and is safe there; a checkpoint copies the log's pages
// into the file, as a whole or not at all, and then the log begins anew. On the writer's thread.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/result.h"
#include "core/hub/database.h"

namespace bw::hub {

class Checkpoints {
  public:
    // Frames of the log, a page of 4 KiB each, that are not in the file yet.
    /// On a disk that is well: when nothing came for a while, when nothing waits, and at last.
    static constexpr int64_t kIdle = 1000, kReady = 3072, kBound = 4096;
    /// On one that failed lately, or that has not been tried yet: of few pages all get through.
    static constexpr int64_t kCareful = 128;
    /// Told once it has failed for so long, or the log is so large.
    static constexpr int64_t kTellAfterNs = int64_t{3} * 1'000'000'000;
    static constexpr uint64_t kTellBytes = 64 * 1024 * 1024;

    /// What waits for the writer; `idle`: nothing, for some time.
    enum class Queue { busy, empty, idle };

    /// A connection was opened, or wrote: so many frames are in its log.
    void opened(int64_t frames);
    void wrote(int64_t frames);
    /// The disk refused a commit: small steps for a while.
    void commit_failed(int64_t now_ns);

    [[nodiscard]] bool due(Queue queue, int64_t now_ns) const;
    /// How long the writer may rest when nothing comes; INT64_MAX: nothing is to be moved.
    [[nodiscard]] int64_t rest_ns(int64_t now_ns) const;
    /// One checkpoint. What a reader holds back stays in the log, and is no error.
    base::Status run(Database& db);

    /// Why the log cannot be moved, once that is worth telling.
    [[nodiscard]] std::optional<base::Error> complaint(int64_t now_ns) const;
    /// The log has grown large because something reads the journal for long.
    [[nodiscard]] bool held() const;
    [[nodiscard]] uint64_t log_bytes() const;

  private:
    [[nodiscard]] int64_t unmoved() const { return frames_ - moved_; }
    [[nodiscard]] bool careful(int64_t now_ns) const {
        return !proven_ || now_ns < careful_until_ns_;
    }

    int64_t frames_ = 0, moved_ = 0;
    bool proven_ = false;     // one got through
    bool held_back_ = false;  // the last was, by a reader
    int64_t failing_since_ns_ = 0, careful_until_ns_ = 0;
    int64_t tried_ns_ = 0, took_ns_ = 0;  // the last one
    base::Error why_;
};

}  // namespace bw::hub
