// SPDX-License-Identifier: Apache-2.0
// The journal's writer: the only thread that writes and checkpoints. What is queued goes to the
// disk in group commits, in order; outcomes come back through the mailbox in the order of the
// writes, and only then the log is moved. It heals by itself: a disk that takes nothing is tried
// again each second, a damaged file is set aside and a new one begun.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/clock.h"
#include "core/hub/age_clock.h"
#include "core/hub/checkpoints.h"
#include "core/hub/database.h"
#include "core/hub/journal_state.h"
#include "core/hub/mailbox.h"
#include "core/hub/sequence_mark.h"
#include "core/hub/sweeper.h"

namespace bw::hub {

struct Outcome {
    bool ok = false;
    uint64_t already = 0;              // it was in the journal before, under this sequence
    uint64_t added = 0;                // of imported rows: those that were not there
    std::string text;                  // why it failed
    bool other = false;                // what was there says something else
    std::vector<StoredPtr> rows = {};  // what it is the outcome of
};

class JournalWriter {
  public:
    /// What waits at most. Telemetry and commands are dropped beyond the first; durable rows are
    /// refused beyond the second.
    static constexpr size_t kMaxBehindBytes = 32 * 1024 * 1024;
    static constexpr size_t kMaxQueuedBytes = 64 * 1024 * 1024;

    struct Entry {
        std::vector<StoredPtr> rows;
        std::function<void(const Outcome&)> done;  // empty: written behind
    };

    /// `mailbox` must outlive this.
    JournalWriter(std::filesystem::path folder, Mailbox& mailbox);
    ~JournalWriter();  // commits what is queued

    // From the loop.
    /// What the last hub left, if it is known within `wait_ns`; else `late` runs on the loop when
    /// it is. Once, before the first append().
    std::optional<Remembered> remember(int64_t wait_ns, std::function<void(Remembered)> late);
    /// True: `entry` was taken, and is empty. False: too much waits, and it is as it was.
    bool append(Entry& entry);
    /// What is appended from now on is begun at release(), all of it together.
    void hold();
    void release();
    /// A damaged file was seen by a reader: it is set aside before the next write.
    void found_damage(const std::string& why);
    /// What goes with age and size, from now on.
    void set_policy(const JournalPolicy& policy);
    [[nodiscard]] JournalState state() const;
    /// CLOCK_MONOTONIC since when the thread has been in one piece of work on the disk; 0: it is in
    /// none.
    [[nodiscard]] int64_t busy_since_ns() const {
        return busy_since_ns_.load(std::memory_order_relaxed);
    }

  private:
    using Batch = std::deque<Entry>;
    using Chosen = std::vector<size_t>;  // entries of a batch
    // How long until a disk that took nothing is tried again; the code of one that was not tried
    // with everything.
    static constexpr int64_t kRetryNs = base::kSecond;
    static constexpr const char* kAsBefore = "as before";
    // What else waits meanwhile; a disk that needs long to say no is not asked often.
    static constexpr int64_t kPartsNs = 100'000'000;
    // How long a disk is called ailing that took something only at another try.
    static constexpr int64_t kStrainedNs = 3 * base::kSecond;

    void loop();
    void wait(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] bool sweeps() const;  // with mutex_
    void turn(Batch& batch);
    void sweep();
    base::Result<uint64_t> sweep_step();
    void tell_ahead(int64_t wall_ns);
    void checkpoint(bool idle);
    base::Status look_back();
    base::Result<Remembered> read_past();
    void tell_past(Remembered past);
    base::Status write(const Batch& batch, std::vector<Outcome>& outcomes);
    base::Status write_in_parts(const Batch& batch, Chosen chosen, std::vector<Outcome>& outcomes,
                                base::Status status);
    base::Status write_once(const Batch& batch, const Chosen& chosen,
                            std::vector<Outcome>& outcomes);
    void tell_in_parts(bool full);
    base::Status begin();
    base::Status write_entry(const Entry& entry, Outcome& outcome);
    base::Status open();
    void keep_for_later(Batch& batch, const std::vector<Outcome>& outcomes);
    void answer(Batch& batch, std::vector<Outcome>& outcomes, const std::string& why);
    base::Status set_aside(const std::string& why);
    void tell(const base::Status& status);
    void tell_log();
    [[nodiscard]] std::optional<base::Error> strain(int64_t now_ns);
    [[nodiscard]] bool eased() const;
    void say(Disk disk, const std::string& text);

    const std::filesystem::path folder_, file_;
    Mailbox& mailbox_;
    // The thread's.
    std::optional<Database> db_;
    SequenceMark mark_;
    Sweeper sweeper_;
    AgeClock ages_;
    bool told_ahead_ = false;
    Checkpoints checkpoints_;
    bool knows_past_ = false;
    // The last row of the last transaction whose end is known; what stands behind it after one that
    // failed was refused, and still may be in the file: a commit whose sync failed.
    int64_t known_row_ = 0;
    bool ghosts_ = false;
    std::deque<Entry> later_;  // written behind, kept while the disk takes nothing
    int64_t set_aside_ns_ = INT64_MIN, retry_ns_ = 0, sweep_ns_ = 0, told_in_parts_ns_ = 0;
    uint64_t in_parts_ = 0;
    int64_t in_parts_ns_ = 0, strained_until_ns_ = 0;  // the second: 0 when it is not
    bool in_parts_full_ = false;

    std::atomic<int64_t> busy_since_ns_{0};
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    Batch queue_;                           // guarded by mutex_
    size_t queued_bytes_ = 0;               // guarded by mutex_
    bool held_ = false;                     // guarded by mutex_: more is on its way
    bool due_ = false;                      // guarded by mutex_: what is queued is to be written
    bool ending_ = false;                   // guarded by mutex_
    JournalState state_;                    // guarded by mutex_
    JournalPolicy policy_;                  // guarded by mutex_
    std::string damage_;                    // guarded by mutex_: what a reader found
    bool looked_ = false;                   // guarded by mutex_: the first look at the past is over
    std::optional<Remembered> past_;        // guarded by mutex_
    std::function<void(Remembered)> late_;  // guarded by mutex_
    std::condition_variable looked_wake_;
    std::thread thread_;
};

}  // namespace bw::hub
