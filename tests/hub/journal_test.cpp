// SPDX-License-Identifier: Apache-2.0
#include "core/hub/journal.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <cstdlib>
#include <optional>
#include <thread>

#include "core/base/ids.h"
#include "core/hub/damaged_files.h"
#include "core/hub/database.h"
#include "tests/hub/stored_row.h"

namespace bw::hub {
namespace {

class JournalTest : public testing::Test {
  protected:
    JournalTest() { std::filesystem::create_directories(folder_); }
    ~JournalTest() override { std::filesystem::remove_all(folder_); }

    static Remembered past_of(Journal& journal) {
        auto past = journal.remember([](const Remembered&) {});
        EXPECT_TRUE(past.has_value());
        return past.value_or(Remembered{});
    }
    void run_until(const std::function<bool()>& done) {
        for (int i = 0; i < 600 && !done(); ++i) {
            pollfd wait{mailbox_.fd(), POLLIN, 0};
            ::poll(&wait, 1, 100);
            mailbox_.run();
        }
        ASSERT_TRUE(done());
    }

    const std::filesystem::path folder_ = "/tmp/bw-journal-" + base::random_hex(6);
    Mailbox mailbox_;
};

// The writer has all the time for the first of them, and the loop all the time for its outcome.
TEST_F(JournalTest, WhatIsHeldIsOneGroupCommit) {
    constexpr uint64_t kCount = 100;
    uint64_t kept = 0;
    const auto note = [&kept](const Outcome& outcome) { kept += outcome.ok ? 1 : 0; };
    {
        Journal journal(folder_, mailbox_);
        past_of(journal);
        journal.hold();
        for (uint64_t i = 1; i <= kCount; ++i) {
            auto large = std::make_shared<Stored>(*row(i));
            large->json = "{\"pad\":\"" + std::string(200'000, 'x') + "\"}";
            ASSERT_TRUE(journal.append({std::move(large)}, note));
            mailbox_.run();
            ASSERT_EQ(kept, 0U);
        }
        const int64_t released_ns = base::mono_ns();
        journal.release();
        run_until([&] { return kept > 0; });
        EXPECT_EQ(kept, kCount);
        EXPECT_LT(base::mono_ns() - released_ns, 5 * base::kSecond) << "it rests for ten seconds";
        ASSERT_TRUE(journal.append({row(kCount + 1)}, note));
        run_until([&] { return kept > kCount; });
        journal.hold();
        ASSERT_TRUE(journal.append({row(kCount + 2)}, note));
    }
    // Whoever ends while it holds loses nothing.
    mailbox_.run();
    EXPECT_EQ(kept, kCount + 2);
}

TEST_F(JournalTest, WhatIsTooMuchIsLeftToWhoeverBringsIt) {
    constexpr size_t kBytes = 8 * 1024 * 1024;
    constexpr uint64_t kMost = JournalWriter::kMaxQueuedBytes / kBytes;
    uint64_t kept = 0;
    const auto note = [&kept](const Outcome& outcome) { kept += outcome.ok ? 1 : 0; };
    Journal journal(folder_, mailbox_);
    past_of(journal);
    journal.hold();
    std::vector<StoredPtr> rows;
    for (uint64_t i = 1; i <= kMost + 1; ++i) {
        auto large = std::make_shared<Stored>(*row(i));
        large->json = std::string(kBytes, ' ');
        rows = {std::move(large)};
        EXPECT_EQ(journal.append(rows, note), i <= kMost);
        EXPECT_EQ(rows.empty(), i <= kMost);
    }
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows.front()->sequence, kMost + 1);
    ASSERT_TRUE(journal.refusal());
    EXPECT_EQ(journal.refusal()->code, "full");
    journal.release();
    run_until([&] { return kept == kMost; });
    journal.tick(base::mono_ns());
    EXPECT_TRUE(journal.append(rows, note));
    run_until([&] { return kept == kMost + 1; });
}

TEST_F(JournalTest, OutcomesComeInTheOrderOfTheWritesAndRowsAreKept) {
    std::vector<uint64_t> committed;
    {
        Journal journal(folder_, mailbox_);
        EXPECT_EQ(past_of(journal).sequence, 0u);
        for (uint64_t i = 1; i <= 500; ++i) {
            journal.append({row(i)}, [&committed, i](const Outcome& outcome) {
                if (outcome.ok) committed.push_back(i);
            });
            journal.append_behind(row(i, Kept::telemetry));
        }
        run_until([&] { return committed.size() == 500; });
        EXPECT_TRUE(std::is_sorted(committed.begin(), committed.end()));
        run_until([&] { return journal.bytes() > 0; });
    }
    Journal again(folder_, mailbox_);
    const Remembered remembered = past_of(again);
    EXPECT_EQ(remembered.sequence, 500u);
    EXPECT_EQ(remembered.recent.size(), 500u);
    EXPECT_EQ(remembered.telemetry.size(), 1u);
}

TEST_F(JournalTest, TheSameSourceAndIdIsKeptOnceAndNamesItsSequence) {
    Journal journal(folder_, mailbox_);
    std::vector<Outcome> outcomes;
    const auto note = [&](const Outcome& outcome) { outcomes.push_back(outcome); };
    journal.append({row(1, Kept::durable, "same")}, note);
    journal.append({row(2, Kept::durable, "same")}, note);
    journal.append({row(3)}, note);
    run_until([&] { return outcomes.size() == 3; });
    EXPECT_EQ(outcomes[0].already, 0u);
    EXPECT_EQ(outcomes[1].already, 1u);
    EXPECT_TRUE(outcomes[2].ok && outcomes[2].already == 0);
    size_t found = 0;
    journal.query({0, "x.", "live", 10, 1000}, [&](base::Result<Page> page) {
        ASSERT_TRUE(page.ok());
        found = page->events.size();
        EXPECT_EQ(page->next, 3u);
    });
    run_until([&] { return found != 0; });
    EXPECT_EQ(found, 2u);
}

TEST_F(JournalTest, ADiskThatComesBackIsUsedAgain) {
    std::filesystem::create_directories(folder_ / "journal.db");
    Journal journal(folder_, mailbox_);
    std::vector<bool> outcomes;
    const auto note = [&](const Outcome& outcome) { outcomes.push_back(outcome.ok); };
    journal.append({row(1)}, note);
    run_until([&] { return outcomes.size() == 1; });
    std::filesystem::remove(folder_ / "journal.db");
    journal.append({row(1)}, note);
    run_until([&] { return outcomes.size() == 2; });
    EXPECT_EQ(outcomes, (std::vector<bool>{false, true}));
}

/// Older than anything that is made at its first use: it is given back after all of that.
std::optional<Database> closed_last;

TEST(JournalDeathTest, AJournalMayBeClosedAsTheLastOfItsProcess) {
    // The process that ends comes here from the beginning: nothing has been used in it before.
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    ::setenv("BW_CLOSED_LAST", ("/tmp/bw-journal-" + base::random_hex(6)).c_str(), 0);
    const std::filesystem::path folder = std::getenv("BW_CLOSED_LAST");
    std::filesystem::create_directories(folder);
    EXPECT_EXIT(
        {
            auto db = Database::open(journal_file(folder), Database::Mode::write);
            if (!db || !db->begin().ok() || !db->append(*row(1)).ok() || !db->commit().ok())
                std::_Exit(2);
            closed_last = std::move(*db);
            std::exit(0);
        },
        testing::ExitedWithCode(0), "");
    std::filesystem::remove_all(folder);
}

TEST(MailboxTest, TasksOfManyThreadsAllRunOnTheLoop) {
    Mailbox mailbox;
    int count = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 1000; ++i) mailbox.post([&count] { ++count; });
        });
    for (std::thread& thread : threads) thread.join();
    mailbox.run();
    EXPECT_EQ(count, 4000);
}

}  // namespace
}  // namespace bw::hub
