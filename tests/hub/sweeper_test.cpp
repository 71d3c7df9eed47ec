// SPDX-License-Identifier: Apache-2.0
// What goes from the journal with age and size, and what stays whatever its age.
#include "core/hub/sweeper.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/hub/age_clock.h"

namespace bw::hub {
namespace {

constexpr int64_t kSecondNs = base::kSecond, kHourNs = 3600 * kSecondNs, kDayNs = 24 * kHourNs;
constexpr int64_t kNow = int64_t{20'000} * kDayNs;  // midnight

class SweeperTest : public testing::Test {
  protected:
    SweeperTest() {
        std::filesystem::create_directories(folder_);
        auto db = Database::open(folder_ / "journal.db", Database::Mode::write);
        EXPECT_TRUE(db.ok());
        if (db.ok()) db_.emplace(std::move(*db));
    }
    ~SweeperTest() override { std::filesystem::remove_all(folder_); }

    Stored of(Kept kept, int64_t age_ns, const std::string& subject, const std::string& type) {
        Stored row;
        row.kept = kept;
        row.space = "live";
        row.type = type;
        row.subject = subject;
        row.source = "test";
        row.id = fmt::format("id-{}", ++number_);
        row.sequence = number_;
        row.recorded_ns = kNow - age_ns;
        row.json = fmt::format("{{\"n\":{}}}", number_);
        return row;
    }
    /// Its number, by which it is found again.
    uint64_t add(Kept kept, int64_t age_ns, const std::string& subject = "s",
                 const std::string& type = "x.test") {
        EXPECT_TRUE(db_->append(of(kept, age_ns, subject, type)).ok());
        return number_;
    }
    uint64_t add_record(uint64_t revision, int64_t age_ns, bool tombstone = false) {
        Stored row = of(Kept::durable, age_ns, "r", "x.item");
        row.revision = revision;
        row.tombstone = tombstone;
        EXPECT_TRUE(db_->append(row).ok());
        return number_;
    }
    std::set<uint64_t> left() {
        std::set<uint64_t> out;
        Query all;
        all.limit = 1'000'000, all.max_bytes = SIZE_MAX, all.max_rows = INT_MAX;
        all.from_ns = 0;
        const auto page = db_->query(all);
        EXPECT_TRUE(page.ok());
        for (const std::string& event : page->events) out.insert(std::stoull(event.substr(5)));
        return out;
    }
    static JournalPolicy policy() {
        return {90 * kDayNs, kDayNs, 7 * kDayNs, 30 * kDayNs, uint64_t{1} << 40};
    }
    uint64_t sweep(Sweeper& sweeper) {
        uint64_t gone = 0;
        for (int i = 0; i < 100'000; ++i) {
            const auto step = sweeper.step(*db_, kNow, kNow);
            EXPECT_TRUE(step.ok()) << (step.ok() ? "" : step.error().text);
            if (!step.ok()) break;
            EXPECT_LE(*step, static_cast<uint64_t>(Sweeper::kRowsOfStep));
            gone += *step;
            if (sweeper.rests()) return gone;
        }
        ADD_FAILURE() << "it never rests";
        return gone;
    }
    uint64_t sweep(const JournalPolicy& how) {
        Sweeper sweeper;
        sweeper.set_policy(how);
        return sweep(sweeper);
    }

    const std::filesystem::path folder_ = "/tmp/bw-sweep-" + base::random_hex(6);
    std::optional<Database> db_;
    uint64_t number_ = 0;
};

TEST_F(SweeperTest, WithoutAPolicyNothingGoes) {
    add(Kept::telemetry, 1000 * kDayNs);
    Sweeper sweeper;
    EXPECT_FALSE(sweeper.has_policy());
}

TEST_F(SweeperTest, ReadingsAreAllThereForADayThenOnePerMinuteThenPerHour) {
    std::set<uint64_t> expected;
    ASSERT_TRUE(db_->begin().ok());
    for (int s = 0; s < 300; ++s) expected.insert(add(Kept::telemetry, kHourNs + s * kSecondNs));
    // Between a day and a week: the last of each minute of a subject. Added the newest first.
    for (int s = 1; s <= 300; ++s) {
        for (const char* subject : {"s", "t"}) {
            const uint64_t n = add(Kept::telemetry, 2 * kDayNs + s * kSecondNs, subject);
            if (s % 60 == 1) expected.insert(n);
        }
    }
    // Between a week and a month: the last of each hour.
    for (int m = 1; m <= 240; ++m) {
        const uint64_t n = add(Kept::telemetry, 10 * kDayNs + m * 60 * kSecondNs);
        if (m % 60 == 1) expected.insert(n);
    }
    // Then none, but for the newest of a subject.
    for (int d = 40; d < 50; ++d) add(Kept::telemetry, d * kDayNs);
    expected.insert(add(Kept::telemetry, 39 * kDayNs, "a rare one"));
    add(Kept::telemetry, 40 * kDayNs, "a rare one");
    ASSERT_TRUE(db_->commit().ok());
    EXPECT_GT(sweep(policy()), 700u);
    EXPECT_EQ(left(), expected);
    EXPECT_EQ(sweep(policy()), 0u);
    const auto past = db_->remember();
    ASSERT_TRUE(past.ok());
    EXPECT_EQ(past->telemetry.size(), 3u);
}

TEST_F(SweeperTest, EventsAndCommandsGoWithAgeAndWhatIsNeededStays) {
    std::set<uint64_t> expected;
    add(Kept::durable, 100 * kDayNs);
    add(Kept::command, 100 * kDayNs);
    add(Kept::telemetry, 100 * kDayNs, "gone for good");
    expected.insert(add(Kept::durable, 80 * kDayNs));
    expected.insert(add(Kept::command, 80 * kDayNs));
    expected.insert(add(Kept::durable, 200 * kDayNs, "wall", "beaconwall.audit.head.v1"));
    add(Kept::durable, 300 * kDayNs, "wall", "beaconwall.wall.taken.v1");
    expected.insert(add(Kept::durable, 200 * kDayNs, "wall", "beaconwall.wall.taken.v1"));
    add_record(1, 300 * kDayNs);
    add_record(2, 250 * kDayNs);
    expected.insert(add_record(3, 200 * kDayNs, true));
    EXPECT_EQ(sweep(policy()), 6u);
    EXPECT_EQ(left(), expected);
    const auto past = db_->remember();
    ASSERT_TRUE(past.ok());
    ASSERT_EQ(past->records.size(), 1u);
    EXPECT_EQ(past->records[0]->revision, 3u);
    ASSERT_NE(past->last_taken, nullptr);
}

TEST_F(SweeperTest, ASweepGoesOnWhereItWasAndMissesNothingThatGrowsOld) {
    Sweeper sweeper;
    sweeper.set_policy(policy());
    for (int s = 0; s < 120; ++s) add(Kept::telemetry, kDayNs - s * kSecondNs);
    EXPECT_EQ(sweep(sweeper), 0u);
    // A day later all of them are old enough.
    uint64_t gone = 0;
    do gone += sweeper.step(*db_, kNow + kDayNs, kNow + kDayNs).value();
    while (!sweeper.rests());
    EXPECT_GE(gone, 116u);
}

TEST_F(SweeperTest, AFileThatIsTooLargeLosesReadingsFirstThenEventsTheOldestFirst) {
    const std::string big(2000, 'x');
    std::set<uint64_t> events;
    ASSERT_TRUE(db_->begin().ok());
    for (int i = 0; i < 2000; ++i) {
        Stored reading = of(Kept::telemetry, 20 * kHourNs - i, "s", "x.test");
        reading.json = fmt::format("{{\"n\":{},\"pad\":\"{}\"}}", number_, big);
        ASSERT_TRUE(db_->append(reading).ok());
        events.insert(add(Kept::durable, 10 * kHourNs - i * kSecondNs));
    }
    ASSERT_TRUE(db_->commit().ok());
    JournalPolicy small = policy();
    small.max_bytes = 3'000'000;
    EXPECT_GT(sweep(small), 500u);
    auto rest = left();
    for (const uint64_t event : events) EXPECT_TRUE(rest.contains(event));
    EXPECT_GT(rest.size(), events.size());
    small.max_bytes = 300'000;
    sweep(small);
    rest = left();
    EXPECT_LT(rest.size(), events.size());
    EXPECT_FALSE(rest.contains(*events.begin()));
    EXPECT_TRUE(rest.contains(*events.rbegin()));
    // And the file itself has become smaller.
    ASSERT_TRUE(db_->run("PRAGMA wal_checkpoint(TRUNCATE)").ok());
    EXPECT_LT(std::filesystem::file_size(folder_ / "journal.db"), 5'500'000u);
}

class AgeClockTest : public SweeperTest {
  protected:
    /// As a hub that begins at `mono_ns`.
    AgeClock begun(int64_t wall_ns, int64_t mono_ns = 0) {
        AgeClock clock;
        EXPECT_TRUE(clock.begin(*db_, wall_ns, mono_ns).ok());
        return clock;
    }
    static constexpr int64_t kThenNs = int64_t{30'000} * kDayNs;  // after any hub was made
};

TEST_F(AgeClockTest, GoesWithTheWallClock) {
    AgeClock clock = begun(kThenNs);
    for (int64_t at : {kSecondNs, kHourNs, 400 * kDayNs})
        EXPECT_EQ(clock.now_ns(kThenNs + at, at), kThenNs + at);
}

TEST_F(AgeClockTest, AClockThatIsYearsAheadForAnHourCostsADay) {
    AgeClock clock = begun(kThenNs);
    int64_t aged = 0;
    for (int64_t at = 0; at <= kHourNs; at += kSecondNs)
        aged = clock.now_ns(kThenNs + 4000 * kDayNs + at, at);
    EXPECT_EQ(aged, kThenNs + AgeClock::kTimes * kHourNs);
    EXPECT_GT(clock.behind_ns(kThenNs + 4000 * kDayNs), 3990 * kDayNs);
    // Put right again, it is believed at once.
    EXPECT_EQ(clock.now_ns(kThenNs + kHourNs, kHourNs), kThenNs + kHourNs);
    EXPECT_EQ(clock.now_ns(0, kHourNs), 0);
}

TEST_F(AgeClockTest, GoesOnWhereTheHubBeforeItWas) {
    AgeClock first = begun(kThenNs);
    (void)first.now_ns(kThenNs + kHourNs, kHourNs);
    ASSERT_TRUE(first.keep(*db_, kHourNs).ok());
    AgeClock next = begun(kThenNs + 4000 * kDayNs);
    EXPECT_EQ(next.now_ns(kThenNs + 4000 * kDayNs, 0), kThenNs + kHourNs);
    // A night without power is caught up with in half an hour.
    AgeClock morning = begun(kThenNs + 13 * kHourNs);
    EXPECT_EQ(morning.now_ns(kThenNs + 14 * kHourNs, kHourNs), kThenNs + 14 * kHourNs);
}

TEST_F(AgeClockTest, BeginsWithTheNewestRowOfAHubThatKeptNone) {
    add(Kept::durable, kNow - kThenNs + kDayNs);
    EXPECT_EQ(begun(kThenNs).now_ns(kThenNs, 0), kThenNs - kDayNs);
}

TEST_F(AgeClockTest, ABatteryThatIsEmptyStopsNoClockForYears) {
    AgeClock clock = begun(0);  // 1970, and nothing kept
    EXPECT_EQ(clock.now_ns(0, 0), 0);
    ASSERT_TRUE(clock.keep(*db_, 0).ok());
    // The earliest that a hub of this kind can be.
    EXPECT_GE(begun(kThenNs).now_ns(kThenNs, 0), int64_t{20'000} * kDayNs);
}

TEST_F(SweeperTest, WhatIsOldByAClockThatNobodyBelievesStays) {
    const auto alarm = add(Kept::durable, kHourNs), reading = add(Kept::telemetry, kHourNs);
    add(Kept::telemetry, kHourNs - 1);
    Sweeper sweeper;
    sweeper.set_policy(policy());
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(sweeper.step(*db_, kNow + 4000 * kDayNs, kNow).value(), 0U);
    EXPECT_TRUE(left().contains(alarm) && left().contains(reading));
}

TEST_F(SweeperTest, OfAClockThatWasPutBackTheNewestReadingIsWhatCameLast) {
    const int64_t now = base::wall_ns();
    const auto at = [&](int64_t when, const char* subject) {
        return add(Kept::telemetry, kNow - when, subject);
    };
    at(now - kHourNs, "both"), at(now + kDayNs, "both");
    const auto both = at(now - kSecondNs, "both"), ahead = at(now + kDayNs, "ahead");
    at(now - 2 * kSecondNs, "behind");
    const auto behind = at(now + kDayNs, "behind");  // the clock is behind now
    const auto past = db_->remember();
    ASSERT_TRUE(past.ok());
    std::set<uint64_t> newest;
    for (const StoredPtr& row : past->telemetry) newest.insert(row->sequence);
    EXPECT_EQ(newest, (std::set<uint64_t>{both, ahead, behind}));
}

}  // namespace
}  // namespace bw::hub
