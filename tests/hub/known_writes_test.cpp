// SPDX-License-Identifier: Apache-2.0
// A write that is sent again counts once, and everybody who waits for it is told the same.
#include "core/hub/known_writes.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace bw::hub {
namespace {

using nlohmann::json;

class KnownWritesTest : public testing::Test {
  protected:
    ReplyFn reply(std::string who) {
        return [this, who = std::move(who)](const json&) { told_.push_back(who); };
    }
    std::vector<std::string> tell(const std::vector<ReplyFn>& waiting) {
        told_.clear();
        for (const ReplyFn& each : waiting) each(json::object());
        return told_;
    }
    KnownWrites known_;
    std::vector<std::string> told_;
};

using Names = std::vector<std::string>;

TEST_F(KnownWritesTest, senders_do_not_share_names) {
    EXPECT_NE(KnownWrites::key("a", "b"), KnownWrites::key("", "ab"));
    known_.begin(KnownWrites::key("a", "1"), 1, reply("first"));
    EXPECT_NE(known_.find(KnownWrites::key("a", "1")), nullptr);
    EXPECT_EQ(known_.find(KnownWrites::key("b", "1")), nullptr);
}

TEST_F(KnownWritesTest, all_who_wait_are_told_and_it_stays_known) {
    auto& write = known_.begin("a", 1, reply("first"));
    ASSERT_EQ(known_.find("a")->sequence, 0U);
    known_.find("a")->waiting.push_back(reply("again"));
    EXPECT_EQ(tell(known_.kept(write, 7)), (Names{"first", "again"}));
    ASSERT_NE(known_.find("a"), nullptr);
    EXPECT_EQ(known_.find("a")->sequence, 7U);
    EXPECT_TRUE(known_.find("a")->waiting.empty());
}

TEST_F(KnownWritesTest, one_that_failed_never_was) {
    auto& write = known_.begin("a", 1, reply("first"));
    EXPECT_EQ(tell(known_.failed(write)), Names{"first"});
    EXPECT_EQ(known_.find("a"), nullptr);
}

TEST_F(KnownWritesTest, those_on_their_way_are_told_early_and_stay_known) {
    known_.kept(known_.begin("old", 1, reply("old")), 3);
    auto& write = known_.begin("a", 1, reply("first"));
    EXPECT_EQ(tell(known_.take_waiting()), Names{"first"});
    ASSERT_NE(known_.find("a"), nullptr);
    EXPECT_EQ(tell(known_.kept(write, 4)), Names{});
    EXPECT_EQ(known_.find("a")->sequence, 4U);
}

TEST_F(KnownWritesTest, the_oldest_on_the_disk_are_forgotten_but_none_on_its_way) {
    auto& slow = known_.begin("slow", 1, reply("slow"));
    known_.restore("oldest", 1);
    for (size_t i = 2; i <= KnownWrites::kMax; ++i)
        known_.kept(known_.begin(std::to_string(i), 1, {}), i);
    EXPECT_NE(known_.find("oldest"), nullptr);
    known_.kept(known_.begin("newest", 1, {}), KnownWrites::kMax + 1);
    EXPECT_EQ(known_.find("oldest"), nullptr);
    EXPECT_NE(known_.find("2"), nullptr);
    EXPECT_EQ(tell(known_.kept(slow, KnownWrites::kMax + 2)), Names{"slow"});
    EXPECT_EQ(known_.find("2"), nullptr);
    EXPECT_EQ(known_.find("slow")->sequence, KnownWrites::kMax + 2);
}

TEST_F(KnownWritesTest, one_of_an_earlier_life_that_comes_again_stays_known_until_its_outcome_is) {
    known_.restore("a", 1);
    known_.restore("b", 2);
    ASSERT_NE(known_.find("a"), nullptr);
    EXPECT_EQ(known_.find_anew("a"), nullptr);
    EXPECT_EQ(known_.find("a"), nullptr);
    auto& again = known_.begin("a", 9, reply("again"));
    EXPECT_NE(known_.find_anew("a"), nullptr) << "it is on its way";
    for (size_t i = 3; i <= KnownWrites::kMax + 2; ++i)
        known_.kept(known_.begin(std::to_string(i), 1, {}), i);
    EXPECT_EQ(known_.find("b"), nullptr);
    ASSERT_NE(known_.find("a"), nullptr);
    EXPECT_EQ(known_.find("a")->content, 9U);
    EXPECT_EQ(tell(known_.kept(again, 1)), Names{"again"});
    EXPECT_NE(known_.find_anew("a"), nullptr) << "what it says is known now";
}

}  // namespace
}  // namespace bw::hub
