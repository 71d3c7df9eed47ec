// SPDX-License-Identifier: Apache-2.0
// The journal's log and its way into the file: on a disk that is well, on one that is not, and
// beside somebody who reads.
#include "core/hub/checkpoints.h"

#include <sqlite3.h>

#include <memory>

#include "core/hub/damaged_files.h"
#include "tests/hub/disk_case.h"

namespace bw::hub {
namespace {

using Queue = Checkpoints::Queue;

class CheckpointsTest : public DiskTest {
  protected:
    [[nodiscard]] uint64_t log_file_bytes() const {
        std::error_code none;
        const auto bytes =
            std::filesystem::file_size(journal_file(folder_).string() + "-wal", none);
        return none ? 0 : bytes;
    }
    static StoredPtr padded(uint64_t i, size_t bytes) {
        auto what = std::make_shared<Stored>(*row(i));
        what->json =
            "{\"n\":" + std::to_string(i) + ",\"pad\":\"" + std::string(bytes, 'x') + "\"}";
        return what;
    }
    /// Rows `first` to `last`, each in a commit of its own, acknowledged.
    void write(Journal& journal, uint64_t first, uint64_t last, size_t bytes = 100) {
        for (uint64_t i = first; i <= last; ++i) {
            const Outcome outcome = written(journal, padded(i, bytes));
            ASSERT_TRUE(outcome.ok) << i << ": " << outcome.text;
        }
    }
    void write_at_once(Journal& journal, uint64_t rows, size_t bytes) {
        std::vector<StoredPtr> all;
        for (uint64_t i = 1; i <= rows; ++i) all.push_back(padded(i, bytes));
        std::optional<Outcome> outcome;
        ASSERT_TRUE(journal.append(std::move(all), [&](const Outcome& each) { outcome = each; }));
        run_until(journal, [&] { return outcome.has_value(); });
        ASSERT_TRUE(outcome->ok) << outcome->text;
    }
    /// Until the log cannot be moved and that is told; the row that was written last.
    uint64_t write_until_ailing(Journal& journal, uint64_t first, Disk how = Disk::ailing) {
        const int64_t end = base::mono_ns() + 60 * base::kSecond;
        for (; journal.state().disk != how && base::mono_ns() < end; ++first)
            write(journal, first, first);
        EXPECT_EQ(journal.state().disk, how);
        return first - 1;
    }
    /// What is in the file once the writer is gone: every row to `last`, and SQLite is content.
    void expect_whole(uint64_t last) const {
        auto db = Database::open(journal_file(folder_), Database::Mode::read);
        ASSERT_TRUE(db.ok());
        std::string found;
        uint64_t rows = 0;
        ASSERT_TRUE(db->each("PRAGMA integrity_check", {}, [&](sqlite3_stmt* s) {
                          found += reinterpret_cast<const char*>(sqlite3_column_text(s, 0));
                          return true;
                      }).ok());
        EXPECT_EQ(found, "ok");
        ASSERT_TRUE(db->each("SELECT count(DISTINCT sequence) FROM journal WHERE kept = 1", {},
                             [&](sqlite3_stmt* s) {
                                 rows = static_cast<uint64_t>(sqlite3_column_int64(s, 0));
                                 return false;
                             })
                        .ok());
        EXPECT_EQ(rows, last);
    }

    /// Somebody who reads what there is now, and goes on.
    class Reader {
      public:
        explicit Reader(const std::filesystem::path& file) {
            EXPECT_EQ(sqlite3_open_v2(file.c_str(), &db_, SQLITE_OPEN_READONLY, nullptr),
                      SQLITE_OK);
            sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
            EXPECT_EQ(
                sqlite3_exec(db_, "BEGIN; SELECT count(*) FROM journal", nullptr, nullptr, nullptr),
                SQLITE_OK);
        }
        Reader(const Reader&) = delete;
        Reader& operator=(const Reader&) = delete;
        ~Reader() { sqlite3_close(db_); }

      private:
        sqlite3* db_ = nullptr;
    };
};

TEST_F(CheckpointsTest, UnderLoadTheLogStaysBounded) {
    constexpr uint64_t kRows = 3000;
    uint64_t largest = 0;
    {
        Journal journal(folder_, mailbox_);
        ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
        for (uint64_t i = 1; i <= kRows; ++i) {
            write(journal, i, i);
            largest = std::max(largest, log_file_bytes());
        }
        EXPECT_EQ(journal.state().disk, Disk::well);
    }
    // A commit may pass the bound, and one more before the writer comes to move it.
    EXPECT_LE(largest, (Checkpoints::kBound + 100) * Database::kFrameBytes);
    EXPECT_GT(largest, Checkpoints::kIdle * Database::kFrameBytes);  // there was a load
    expect_whole(kRows);
}

// A hundred rows in one commit, more than kIdle and fewer than kReady pages: between two commits a
// slow machine may rest long enough for a part to be moved. It is all in the file then; the log has
// no page that the file lacks.
TEST_F(CheckpointsTest, ALogThatNobodyWritesToIsMovedToo) {
    Journal journal(folder_, mailbox_);
    ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
    write_at_once(journal, 100, 60'000);
    run_until(journal,
              [&] { return std::filesystem::file_size(journal_file(folder_)) > 100 * 60'000; });
}

// Of some 1,600 pages one in fifty cannot be written at the first try.
TEST_F(CheckpointsTest, ALogIsMovedThoughWritesFailNowAndThen) {
    {
        Journal journal(folder_, mailbox_);
        ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
        disk("main-flaky");
        write_at_once(journal, 100, 60'000);
        run_until(journal,
                  [&] { return std::filesystem::file_size(journal_file(folder_)) > 100 * 60'000; });
        disk("well");
    }
    expect_whole(100);
}

TEST_F(CheckpointsTest, OfALogThatCannotBeMovedEventsAreKeptAndPeopleAreTold) {
    uint64_t last = 0;
    {
        Journal journal(folder_, mailbox_);
        ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
        write(journal, 1, 1);
        disk("main-errors");
        last = write_until_ailing(journal, 2);
        const std::string text = journal.state().text;
        EXPECT_NE(text.find("cannot be moved into the journal's file"), std::string::npos) << text;
        EXPECT_NE(text.find("look after the disk of " + folder_.string()), std::string::npos);
        write(journal, last + 1, last + 20);
        last += 20;
        EXPECT_EQ(journal.state().disk, Disk::ailing);
        EXPECT_EQ(journal.state().set_aside, 0u);
        // And nobody has to write anything for it to heal.
        disk("well");
        run_until(journal, [&] { return journal.state().disk == Disk::well; });
        EXPECT_EQ(journal.state().text, "");
    }
    expect_whole(last);
}

TEST_F(CheckpointsTest, WhereTheFileFindsNoRoomRoomIsAskedFor) {
    Journal journal(folder_, mailbox_);
    ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
    disk("main-full");
    write_until_ailing(journal, 1, Disk::scarce);
    EXPECT_NE(journal.state().text.find("make room in " + folder_.string()), std::string::npos)
        << journal.state().text;
    disk("well");
    run_until(journal, [&] { return journal.state().disk == Disk::well; });
}

TEST_F(CheckpointsTest, SomebodyWhoReadsForLongIsNoFaultOfTheDisk) {
    constexpr size_t kBytes = 120'000;
    const uint64_t rows = Checkpoints::kTellBytes / kBytes * 5 / 4;
    {
        Journal journal(folder_, mailbox_);
        ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
        write(journal, 1, 1);
        auto reader = std::make_unique<Reader>(journal_file(folder_));
        for (uint64_t i = 2; i <= rows; ++i) {
            write(journal, i, i, kBytes);
            ASSERT_EQ(journal.state().disk, Disk::well) << journal.state().text;
        }
        // It is told for what it is.
        run_until(journal, [&] { return journal.state().log_held; });
        EXPECT_EQ(journal.state().set_aside, 0u);
        EXPECT_TRUE(damaged_files(folder_).empty());
        reader.reset();
        uint64_t more = rows;
        run_until(journal, [&] {
            write(journal, more + 1, more + 1);
            ++more;
            return !journal.state().log_held && log_file_bytes() <= 17'000'000;
        });
    }
    auto past = Database::open(journal_file(folder_), Database::Mode::read);
    ASSERT_TRUE(past.ok());
    const auto remembered = past->remember();
    ASSERT_TRUE(remembered.ok());
    EXPECT_GE(remembered->sequence, rows);
}

// A kernel that could not write pages says so once, at the sync, and has forgotten them then: also
// those of an earlier checkpoint that a reader cut short.
TEST_F(CheckpointsTest, WhatAFailedSyncForgotIsCopiedAgain) {
    constexpr uint64_t kRows = 400;
    {
        Journal journal(folder_, mailbox_);
        ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
        write(journal, 1, 20, 3000);  // pages of their own, that later rows leave alone
        auto reader = std::make_unique<Reader>(journal_file(folder_));
        write(journal, 21, 80);  // more than kCareful: moved as far as the reader is
        disk("main-forget");
        reader.reset();
        write(journal, 81, kRows);
        EXPECT_EQ(journal.state().disk, Disk::well);
    }
    EXPECT_TRUE(std::filesystem::exists(folder_ / "disk.forgot"));
    expect_whole(kRows);
}

TEST_F(CheckpointsTest, AfterOneThatFailedTheStepsAreSmall) {
    auto db = Database::open(journal_file(folder_), Database::Mode::write);
    ASSERT_TRUE(db.ok());
    Checkpoints checkpoints;
    checkpoints.opened(db->log_frames());
    uint64_t sequence = 0;
    const auto write_frames = [&](int64_t frames) {
        do {
            ASSERT_TRUE(db->append(*row(++sequence)).ok());
            checkpoints.wrote(db->log_frames());
        } while (db->log_frames() < frames);
    };
    const auto due = [&](Queue queue) { return checkpoints.due(queue, base::mono_ns()); };
    // Nobody knows the disk yet.
    write_frames(Checkpoints::kCareful);
    EXPECT_TRUE(due(Queue::busy));
    ASSERT_TRUE(checkpoints.run(*db).ok());
    // It is well: the log may grow, the more the less time there is.
    write_frames(Checkpoints::kIdle);
    EXPECT_FALSE(due(Queue::busy) || due(Queue::empty));
    EXPECT_TRUE(due(Queue::idle));
    write_frames(Checkpoints::kReady);
    EXPECT_FALSE(due(Queue::busy));
    EXPECT_TRUE(due(Queue::empty));
    write_frames(Checkpoints::kBound);
    EXPECT_TRUE(due(Queue::busy));
    // It fails: it is tried again as soon as it may, and is told only when it has lasted.
    disk("main-short");
    EXPECT_FALSE(checkpoints.run(*db).ok());
    const int64_t failed_ns = base::mono_ns();
    EXPECT_TRUE(checkpoints.due(Queue::busy, failed_ns + base::kSecond));
    EXPECT_FALSE(checkpoints.complaint(failed_ns).has_value());
    EXPECT_TRUE(checkpoints.complaint(failed_ns + Checkpoints::kTellAfterNs).has_value());
    disk("well");
    ASSERT_TRUE(checkpoints.run(*db).ok());
    EXPECT_FALSE(checkpoints.complaint(failed_ns + Checkpoints::kTellAfterNs).has_value());
    write_frames(Checkpoints::kCareful);
    EXPECT_TRUE(due(Queue::busy));
}

}  // namespace
}  // namespace bw::hub
