// SPDX-License-Identifier: Apache-2.0
// Questions to the journal, answered by a thread of their own and in bounded time: when the disk
// does not come back, the asker gets "timeout", and when too many wait, "full". On the loop.
#pragma once

#include <filesystem>
#include <functional>
#include <map>

#include "core/hub/database.h"
#include "core/hub/database_span.h"
#include "core/hub/journal_round.h"
#include "core/hub/mailbox.h"

namespace bw::hub {

class JournalReader {
  public:
    static constexpr size_t kMaxWaiting = 256;
    /// `found_damage`: told, on the reader's thread, why the file is no journal any more.
    JournalReader(const std::filesystem::path& folder, Mailbox& mailbox,
                  std::function<void(const std::string&)> found_damage);

    /// `done` once, on the loop.
    void query(Query query, std::function<void(base::Result<Page>)> done);
    void replay(ReplayQuery query, std::function<void(base::Result<ReplayPage>)> done);
    void state(StateQuery query, std::function<void(base::Result<StatePage>)> done);
    void span(SpanQuery query, std::function<void(base::Result<SpanPage>)> done);
    void oldest(std::function<void(base::Result<int64_t>)> done);
    /// The next step of the round over all rows; `ended` on the loop when it was the last one, with
    /// the pictures that nothing names.
    void step_round(std::function<void(std::vector<std::string>)> ended);
    [[nodiscard]] bool stepping() const { return stepping_; }
    /// Answers those that have waited too long.
    void tick(int64_t now);
    [[nodiscard]] int64_t next_wake_ns() const;

  private:
    struct Waiting {
        int64_t deadline_ns = 0;
        std::function<void(base::Error)> give_up;
    };
    template <class Answer>
    void ask(std::function<base::Result<Answer>(Database&)> question,
             std::function<void(base::Result<Answer>)> done);

    const std::filesystem::path file_;
    Mailbox& mailbox_;
    const std::function<void(const std::string&)> found_damage_;
    std::map<uint64_t, Waiting> waiting_;  // in the order of their deadlines
    uint64_t next_ = 0;
    bool stepping_ = false;
    JournalRound round_;  // the worker's
    Worker worker_;
};

}  // namespace bw::hub
