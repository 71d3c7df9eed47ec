// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <fstream>

#include "core/hub/damaged_files.h"
#include "tests/hub/disk_case.h"

extern std::atomic<int> faulty_disk_opened, faulty_disk_writes;  // faulty_disk.cpp

namespace bw::hub {
namespace {

TEST_F(DiskTest, WhatIsToldAsKeptIsKeptOnceThroughErrorsAndShortWrites) {
    constexpr uint64_t kCount = 600;
    {
        Journal journal(folder_, mailbox_);
        ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
        disk("flaky");
        for (uint64_t i = 1; i <= kCount; ++i) {
            journal.append_behind(row(i, Kept::telemetry));
            while (!written(journal, row(i)).ok) {
            }
        }
        disk("well");
        run_until(journal, [&] { return journal.state().disk == Disk::well; });
    }
    auto db = Database::open(journal_file(folder_), Database::Mode::read);
    ASSERT_TRUE(db.ok());
    Query all;
    all.since = 0, all.limit = 1000;
    const auto page = db->query(all);
    ASSERT_TRUE(page.ok());
    ASSERT_EQ(page->events.size(), kCount);
    for (uint64_t i = 1; i <= kCount; ++i)
        EXPECT_EQ(page->events[i - 1], "{\"n\":" + std::to_string(i) + "}");
}

TEST_F(DiskTest, AFullDiskIsTriedAgainWithoutReadingTheWholeLogEachTime) {
    Journal journal(folder_, mailbox_);
    ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
    ASSERT_TRUE(written(journal, row(1)).ok);
    disk("full");
    ASSERT_FALSE(written(journal, row(2)).ok);
    const int before = faulty_disk_opened;
    for (uint64_t i = 3; i < 10; ++i) EXPECT_FALSE(written(journal, row(i)).ok);
    EXPECT_EQ(faulty_disk_opened, before);
    disk("well");
    for (uint64_t i = 10; i < 12; ++i) EXPECT_TRUE(written(journal, row(i)).ok);
    run_until(journal, [&] { return journal.state().disk == Disk::well; });
}

/// Rows that come to the writer together, and telemetry with them.
class TogetherTest : public DiskTest {
  protected:
    static constexpr uint64_t kCount = 600;
    /// Which of rows 1 to kCount were kept by a disk that is in that mode.
    std::vector<bool> written_together(Journal& journal, const char* mode) {
        std::vector<bool> kept;
        disk("hang");
        for (uint64_t i = 1; i <= kCount; ++i) {
            journal.append_behind(row(i, Kept::telemetry));
            EXPECT_TRUE(journal.append(
                {row(i)}, [&kept](const Outcome& outcome) { kept.push_back(outcome.ok); }));
        }
        disk(mode);
        run_until(journal, [&] { return kept.size() == kCount; });
        return kept;
    }
    uint64_t rows_kept() {
        auto db = Database::open(journal_file(folder_), Database::Mode::read);
        EXPECT_TRUE(db.ok());
        Query all;
        all.since = 0, all.limit = 1000;
        const auto page = db->query(all);
        for (size_t i = 0; i < page->events.size(); ++i)
            EXPECT_EQ(page->events[i], "{\"n\":" + std::to_string(i + 1) + "}");
        return page->events.size();
    }
};

TEST_F(TogetherTest, AsMuchIsKeptAsThereIsRoomForFromTheFirstOn) {
    Journal journal(folder_, mailbox_);
    ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
    const std::vector<bool> kept = written_together(journal, "size-180000");
    EXPECT_TRUE(std::is_sorted(kept.rbegin(), kept.rend()));
    const auto count = static_cast<uint64_t>(std::count(kept.begin(), kept.end(), true));
    EXPECT_GT(count, 0);
    EXPECT_LT(count, kCount);
    EXPECT_EQ(rows_kept(), count);
    EXPECT_EQ(journal.state().disk, Disk::full);
    disk("well");
    EXPECT_TRUE(written(journal, row(kCount + 1)).ok);
    run_until(journal, [&] { return journal.state().disk == Disk::well; });
}

// A commit is many writes: where each third fails, none would ever get through.
TEST_F(TogetherTest, AWriteThatFailsIsWrittenAgain) {
    Journal journal(folder_, mailbox_);
    ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
    EXPECT_EQ(written_together(journal, "third"), std::vector<bool>(kCount, true));
    EXPECT_EQ(rows_kept(), kCount);
    EXPECT_EQ(journal.state().lost, 0);
    // People are told while nothing is lost, and that it is over without another event.
    EXPECT_EQ(journal.state().disk, Disk::scarce);
    EXPECT_NE(journal.state().text.find("only at another try: nothing is lost; make room"),
              std::string::npos)
        << journal.state().text;
    disk("well");
    run_until(journal, [&] { return journal.state().disk == Disk::well; });
}

// One that fails otherwise, too, is not told of with every write: it stays the worse of the two.
TEST_F(DiskTest, WhatIsCalledScarceMayGetWorseAndOnlyBeWellAfterThat) {
    Journal journal(folder_, mailbox_);
    ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
    uint64_t next = 1;
    const auto write_until = [&](Disk wanted) {
        const int64_t end = base::mono_ns() + 60 * base::kSecond;
        while (journal.state().disk != wanted && base::mono_ns() < end)
            EXPECT_TRUE(written(journal, row(next++)).ok);
        EXPECT_EQ(journal.state().disk, wanted) << journal.state().text;
    };
    disk("third");
    write_until(Disk::scarce);
    disk("third-errors");
    write_until(Disk::ailing);
    EXPECT_NE(journal.state().text.find("look after the disk"), std::string::npos);
    disk("third");
    for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(written(journal, row(next++)).ok);
        EXPECT_EQ(journal.state().disk, Disk::ailing);
    }
    disk("well");
    run_until(journal, [&] { return journal.state().disk == Disk::well; });
    disk("third");
    write_until(Disk::scarce);
}

// One that was scarce and takes nothing any more is tried once a second, like any other.
TEST_F(TogetherTest, ADiskThatGetsWorseIsNotTriedWithoutEnd) {
    Journal journal(folder_, mailbox_);
    ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
    written_together(journal, "third");
    ASSERT_EQ(journal.state().disk, Disk::scarce);
    disk("full");
    EXPECT_FALSE(written(journal, row(kCount + 1)).ok);
    const int before = faulty_disk_writes;
    const int64_t end = base::mono_ns() + 5 * base::kSecond;
    run_until(journal, [&] { return base::mono_ns() >= end; });
    EXPECT_GT(faulty_disk_writes, before);
    EXPECT_LT(faulty_disk_writes, before + 100);
}

TEST_F(DiskTest, AHungDiskIsToldAndItsOutcomeComesLater) {
    Journal journal(folder_, mailbox_, 100 * base::kMillisecond);
    ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
    ASSERT_TRUE(written(journal, row(1)).ok);
    std::string told;
    journal.on_hung([&](const std::string& text) { told = text; });
    disk("hang");
    std::optional<Outcome> out;
    ASSERT_TRUE(journal.append({row(2)}, [&](const Outcome& outcome) { out = outcome; }));
    run_until(journal, [&] { return !told.empty(); });
    EXPECT_FALSE(out.has_value());
    EXPECT_EQ(journal.state().disk, Disk::hung);
    EXPECT_TRUE(journal.refusal().has_value());
    EXPECT_FALSE(journal.append({row(3)}, [](const Outcome&) { FAIL(); }));
    disk("well");
    run_until(journal, [&] { return out.has_value() && journal.state().disk == Disk::well; });
    EXPECT_TRUE(out->ok);
    EXPECT_TRUE(written(journal, row(3)).ok);
}

TEST_F(DiskTest, OfADamagedFileWhatCanBeReadComesIntoTheNewOne) {
    constexpr uint64_t kCount = 4000;
    {
        Journal journal(folder_, mailbox_);
        ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
        for (uint64_t i = 1; i < kCount; ++i) journal.append({row(i)}, [](const Outcome&) {});
        ASSERT_TRUE(written(journal, row(kCount)).ok);
    }
    const auto size = std::filesystem::file_size(journal_file(folder_));
    {
        std::fstream file(journal_file(folder_), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(size / 2 / 4096 * 4096));
        file << std::string(4096, 'x');
    }
    Journal journal(folder_, mailbox_);
    ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
    bool renewed = journal.state().set_aside != 0;
    journal.on_renewed([&] { renewed = true; });
    bool asked = false;
    const auto look = [&] {
        asked = false;
        Query all;
        all.since = 0;
        all.limit = 10'000;
        journal.query(all, [&](const base::Result<Page>&) { asked = true; });
        run_until(journal, [&] { return asked; });
    };
    look();
    run_until(journal, [&] { return renewed; });
    EXPECT_EQ(damaged_files(folder_).size(), 1u);
    EXPECT_EQ(journal.state().damaged, damaged_files(folder_));
    ASSERT_TRUE(written(journal, row(kCount + 1)).ok);
    size_t found = 0;
    Query rest;
    rest.since = 0, rest.limit = 10'000;
    journal.query(rest, [&](base::Result<Page> page) {
        ASSERT_TRUE(page.ok());
        found = page->events.size();
        EXPECT_EQ(page->events.back(), "{\"n\":" + std::to_string(kCount + 1) + "}");
        EXPECT_TRUE(std::is_sorted(page->events.begin(), page->events.end(),
                                   [](const std::string& a, const std::string& b) {
                                       return a.size() != b.size() ? a.size() < b.size() : a < b;
                                   }));
    });
    run_until(journal, [&] { return found != 0; });
    EXPECT_GT(found, kCount * 9 / 10);
}

TEST_F(DiskTest, WhereTheJournalIsGoneTheSequenceGoesOnBehindWhatWasGivenOut) {
    {
        Journal journal(folder_, mailbox_);
        ASSERT_TRUE(journal.remember([](const Remembered&) {}).has_value());
        ASSERT_TRUE(written(journal, row(250'000)).ok);
    }
    std::filesystem::remove(journal_file(folder_));
    Journal journal(folder_, mailbox_);
    const auto past = journal.remember([](const Remembered&) {});
    ASSERT_TRUE(past.has_value());
    EXPECT_GE(past->sequence, 250'000u);
}

}  // namespace
}  // namespace bw::hub
