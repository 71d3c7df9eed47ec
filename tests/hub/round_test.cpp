// SPDX-License-Identifier: Apache-2.0
// The look at every row: torn ones are found, and pictures that none names, once two rounds agree.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/hub/blobs.h"
#include "core/hub/journal_round.h"

namespace bw::hub {
namespace {

namespace fs = std::filesystem;

class RoundTest : public testing::Test {
  protected:
    RoundTest() {
        fs::create_directories(pictures_);
        auto db = Database::open(folder_ / "journal.db", Database::Mode::write);
        EXPECT_TRUE(db.ok());
        if (db.ok()) db_.emplace(std::move(*db));
    }
    ~RoundTest() override { fs::remove_all(folder_); }

    void add(const std::string& data) {
        Stored row;
        row.kept = Kept::durable;
        row.space = "live", row.type = "x.still", row.subject = "s", row.source = "test";
        row.sequence = ++sequence_;
        row.id = std::to_string(row.sequence);
        row.json = fmt::format("{{\"data\":\"{}\"}}", data);
        ASSERT_TRUE(db_->append(row).ok());
    }
    /// A picture's name; its file is that old.
    std::string picture(char digit, std::chrono::hours age) const {
        const std::string digest(64, digit);
        std::ofstream(pictures_ / digest) << "picture";
        fs::last_write_time(pictures_ / digest, fs::file_time_type::clock::now() - age);
        return digest;
    }
    base::Status whole_round(JournalRound& round) {
        for (;;) {
            const auto step = round.step(*db_, base::wall_ns());
            if (!step || round.ended()) return step;
        }
    }

    const fs::path folder_ = "/tmp/bw-round-" + base::random_hex(6);
    const fs::path pictures_ = folder_ / "pictures";
    std::optional<Database> db_;
    uint64_t sequence_ = 0;
};

TEST_F(RoundTest, PicturesThatNoRowNamesAreKnownAfterTwoRounds) {
    const auto named = picture('a', std::chrono::hours(48));
    const auto later = picture('b', std::chrono::hours(48));
    const auto unnamed = picture('c', std::chrono::hours(48));
    picture('d', std::chrono::hours(1));
    ASSERT_TRUE(db_->begin().ok());
    for (int i = 0; i < 3000; ++i) add("nothing");
    ASSERT_TRUE(db_->commit().ok());
    add("sha256:" + named + ", and more");
    JournalRound round(pictures_);
    ASSERT_TRUE(whole_round(round).ok());
    EXPECT_EQ(round.rows(), 3001u);
    EXPECT_TRUE(round.unnamed().empty());
    add("0" + later + "0");  // longer, and in it the name
    ASSERT_TRUE(whole_round(round).ok());
    EXPECT_EQ(round.unnamed(), std::vector<std::string>{unnamed});
}

TEST_F(RoundTest, ARowThatIsNotWhatWasWrittenIsDamage) {
    ASSERT_TRUE(db_->begin().ok());
    for (int i = 0; i < 1500; ++i) add("fine");
    ASSERT_TRUE(db_->commit().ok());
    ASSERT_TRUE(db_->run("UPDATE journal SET event = replace(event, 'fine', 'line') WHERE row = "
                         "1200")
                    .ok());
    JournalRound round(pictures_);
    ASSERT_TRUE(round.step(*db_, base::wall_ns()).ok());
    const auto torn = round.step(*db_, base::wall_ns());
    ASSERT_FALSE(torn.ok());
    EXPECT_EQ(torn.error().code, disk_code::kDamaged);
}

TEST_F(RoundTest, RowsOfOlderHubsHaveNoSumAndAreFine) {
    add("fine");
    ASSERT_TRUE(db_->run("UPDATE journal SET sum = NULL").ok());
    JournalRound round(pictures_);
    EXPECT_TRUE(whole_round(round).ok());
}

TEST_F(RoundTest, APictureThatWasPutAgainStays) {
    const auto old = picture('a', std::chrono::hours(48));
    const auto again = picture('b', std::chrono::hours(0));
    {
        Mailbox mailbox;
        Blobs blobs(pictures_, mailbox);
        blobs.forget({old, again, "../journal.db", std::string(64, 'e')});
    }
    EXPECT_FALSE(fs::exists(pictures_ / old));
    EXPECT_TRUE(fs::exists(pictures_ / again));
    EXPECT_TRUE(fs::exists(folder_ / "journal.db"));
}

}  // namespace
}  // namespace bw::hub
