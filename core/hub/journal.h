// SPDX-License-Identifier: Apache-2.0
// The journal as the loop sees it: a writer thread that alone writes, in group commits, a thread
// that answers questions, and how the disk under both is. A disk that is full, read-only, failing
// or hung makes writes fail, nothing else. On the loop.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "core/hub/journal_reader.h"
#include "core/hub/journal_writer.h"

namespace bw::hub {

class Journal {
  public:
    /// A write that takes longer than this: the disk hangs.
    static constexpr int64_t kHungAfterNs = int64_t{3} * 1'000'000'000;

    /// `mailbox` must outlive this, and run no task of it once it is gone.
    Journal(const std::filesystem::path& folder, Mailbox& mailbox,
            int64_t hung_after_ns = kHungAfterNs);

    /// What the last hub left. Nothing when the disk does not give it within some seconds, or not
    /// now: then `late` brings it once it does, and until then appends fail. Before the first one.
    std::optional<Remembered> remember(std::function<void(Remembered)> late);
    /// All rows or none, which are moved out of `rows`. `done` runs on the loop after the commit.
    /// False: refusal() says why, `done` never runs, and `rows` are as they were.
    bool append(std::vector<StoredPtr>& rows, std::function<void(const Outcome&)> done);
    bool append(std::vector<StoredPtr>&& rows, std::function<void(const Outcome&)> done) {
        return append(rows, std::move(done));
    }
    /// What is appended between the two is one group commit: one that begins with the first would
    /// leave the rest to many small ones.
    void hold() { writer_.hold(); }
    void release() { writer_.release(); }
    /// Written when there is time; what was dropped because too much waits is counted.
    void append_behind(StoredPtr row);
    /// A committed durable row, into a file that may lack it; written when there is time.
    void append_again(StoredPtr row) { append_behind(std::move(row)); }
    /// Why nothing durable is taken at the moment, an error for who asks; none: it is.
    [[nodiscard]] std::optional<base::Error> refusal() const;

    void query(Query query, std::function<void(base::Result<Page>)> done);
    void replay(ReplayQuery query, std::function<void(base::Result<ReplayPage>)> done);
    void state(StateQuery query, std::function<void(base::Result<StatePage>)> done);
    void span(SpanQuery query, std::function<void(base::Result<SpanPage>)> done);
    void oldest(std::function<void(base::Result<int64_t>)> done);

    /// `changed` runs when the disk does something else than before; `hung` when it does not come
    /// back from a write, whose outcome is then unknown; `renewed` when a new file was begun in
    /// place of a damaged one.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }
    void on_hung(std::function<void(const std::string&)> hung) { on_hung_ = std::move(hung); }
    /// Digests of pictures that no row names, after a round over all of them.
    void on_unnamed(std::function<void(std::vector<std::string>)> unnamed) {
        on_unnamed_ = std::move(unnamed);
    }
    void on_renewed(std::function<void()> renewed) { renewed_ = std::move(renewed); }
    /// Wall clock of when the last round over all rows found them as they were written; 0: none
    /// yet.
    [[nodiscard]] int64_t checked_ns() const { return checked_ns_; }
    [[nodiscard]] const JournalState& state() const { return state_; }
    [[nodiscard]] uint64_t bytes() const { return writer_.state().bytes; }
    /// What goes with age and size, from now on.
    void set_policy(const JournalPolicy& policy) { writer_.set_policy(policy); }
    /// Takes over what the threads found.
    void tick(int64_t now);
    [[nodiscard]] int64_t next_wake_ns() const;

  private:
    const std::filesystem::path folder_;
    const int64_t hung_after_ns_;
    std::function<void()> changed_, renewed_;
    std::function<void(const std::string&)> on_hung_;
    std::function<void(std::vector<std::string>)> on_unnamed_;
    void step_round(int64_t now);
    JournalState state_;
    bool knows_past_ = true, too_much_ = false;
    int64_t round_ns_ = 0, checked_ns_ = 0;  // the next step; wall clock of the last round's end
    JournalWriter writer_;
    JournalReader reader_;
};

}  // namespace bw::hub
