// SPDX-License-Identifier: Apache-2.0
// The journal: a writer thread that alone writes, in group commits; outcomes come back to the loop
// through its mailbox, in the order of the writes. A disk that is full or read-only makes writes
// fail, nothing else.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "core/hub/database.h"
#include "core/hub/mailbox.h"

namespace bw::hub {

struct Outcome {
    bool ok = false;
    uint64_t already = 0;  // it was in the journal before, under this sequence
    std::string text;      // why it failed
};

class Journal {
  public:
    /// `mailbox` must outlive this.
    Journal(std::filesystem::path folder, Mailbox& mailbox);
    ~Journal();  // commits what is queued

    /// What the last hub left; empty when there is no journal or it cannot be read. Before the
    /// first append.
    Remembered remember();
    /// All rows or none. `done` runs on the loop after the commit.
    void append(std::vector<StoredPtr> rows, std::function<void(const Outcome&)> done);
    /// Written when there is time; false when it was dropped because too much waits.
    bool append_behind(StoredPtr row);
    /// On another thread, then `done` on the loop.
    void query(Query query, std::function<void(base::Result<Page>)> done);
    void replay(ReplayQuery query, std::function<void(base::Result<ReplayPage>)> done);

    [[nodiscard]] uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  private:
    struct Entry {
        std::vector<StoredPtr> rows;
        std::function<void(const Outcome&)> done;
    };
    void loop();
    void write(std::deque<Entry>& batch);
    base::Status write_all(std::deque<Entry>& batch, std::vector<Outcome>& outcomes);
    base::Status open_writer();

    const std::filesystem::path folder_, file_;
    Mailbox& mailbox_;
    std::optional<Database> writer_;  // the writer thread's
    std::string last_fault_;          // the writer thread's
    std::atomic<uint64_t> bytes_{0};

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Entry> queue_;  // guarded by mutex_
    size_t queued_bytes_ = 0;  // guarded by mutex_
    bool ending_ = false;      // guarded by mutex_
    std::thread thread_;
    Worker reader_;
};

}  // namespace bw::hub
