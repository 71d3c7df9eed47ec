// SPDX-License-Identifier: Apache-2.0
#include "core/hub/journal_reader.h"

#include <memory>

#include "core/base/clock.h"
#include "core/hub/damaged_files.h"

namespace bw::hub {

namespace {
constexpr int64_t kDeadlineNs = 4 * base::kSecond;
}

JournalReader::JournalReader(const std::filesystem::path& folder, Mailbox& mailbox,
                             std::function<void(const std::string&)> found_damage)
    : file_(journal_file(folder)),
      mailbox_(mailbox),
      found_damage_(std::move(found_damage)),
      round_(folder / "pictures") {}

template <class Answer>
void JournalReader::ask(std::function<base::Result<Answer>(Database&)> question,
                        std::function<void(base::Result<Answer>)> done) {
    if (waiting_.size() >= kMaxWaiting)
        return done(base::Error{"full", "too many questions wait for the journal; ask again"});
    const uint64_t number = ++next_;
    waiting_[number] = {base::mono_ns() + kDeadlineNs,
                        [done](const base::Error& why) { done(why); }};
    worker_.post([this, number, question = std::move(question), done = std::move(done)] {
        auto db = Database::open(file_, Database::Mode::read);
        auto answer = std::make_shared<base::Result<Answer>>(db ? question(*db)
                                                                : base::Result<Answer>(db.error()));
        if (!*answer && answer->error().code == disk_code::kDamaged)
            found_damage_(answer->error().text);
        mailbox_.post([this, number, answer, done] {
            if (waiting_.erase(number) != 0) done(std::move(*answer));
        });
    });
}

void JournalReader::query(Query query, std::function<void(base::Result<Page>)> done) {
    ask<Page>([query = std::move(query)](Database& db) { return db.query(query); },
              std::move(done));
}

void JournalReader::replay(ReplayQuery query, std::function<void(base::Result<ReplayPage>)> done) {
    ask<ReplayPage>([query = std::move(query)](Database& db) { return db.replay(query); },
                    std::move(done));
}

void JournalReader::state(StateQuery query, std::function<void(base::Result<StatePage>)> done) {
    ask<StatePage>([query = std::move(query)](Database& db) { return state_page(db, query); },
                   std::move(done));
}

void JournalReader::span(SpanQuery query, std::function<void(base::Result<SpanPage>)> done) {
    ask<SpanPage>([query = std::move(query)](Database& db) { return span_page(db, query); },
                  std::move(done));
}

void JournalReader::oldest(std::function<void(base::Result<int64_t>)> done) {
    ask<int64_t>([](Database& db) { return oldest_ns(db); }, std::move(done));
}

void JournalReader::step_round(std::function<void(std::vector<std::string>)> ended) {
    stepping_ = true;
    worker_.post([this, ended = std::move(ended)] {
        auto db = Database::open(file_, Database::Mode::read);
        const base::Status done = db ? round_.step(*db, base::wall_ns()) : base::Status(db.error());
        if (!done && done.error().code == disk_code::kDamaged) found_damage_(done.error().text);
        const bool last = done && round_.ended();
        mailbox_.post(
            [this, ended, last, unnamed = last ? round_.unnamed() : std::vector<std::string>()] {
                stepping_ = false;
                if (last) ended(unnamed);
            });
    });
}

void JournalReader::tick(int64_t now) {
    while (!waiting_.empty() && waiting_.begin()->second.deadline_ns <= now) {
        const auto give_up = std::move(waiting_.begin()->second.give_up);
        waiting_.erase(waiting_.begin());
        give_up({"timeout", "the disk under the journal does not answer; ask again"});
    }
}

int64_t JournalReader::next_wake_ns() const {
    return waiting_.empty() ? INT64_MAX : waiting_.begin()->second.deadline_ns;
}

}  // namespace bw::hub
