// SPDX-License-Identifier: Apache-2.0
// What of the items of attention the wall strip tells.
#include "core/compositor/attention.h"

#include <gtest/gtest.h>

namespace bw::compositor {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

AttentionItem item(int level, const char* title, const char* since, bool active = true) {
    return {active, level, {title, title}, since};
}

TEST(Attention, tells_how_many_hold_and_the_gravest_of_them_the_newest) {
    Attention all;
    EXPECT_EQ(attention_text(all, "zh"), "");
    EXPECT_TRUE(all.heard("a/1", item(2, "A", "2026-07-01T08:00:00Z")));
    EXPECT_EQ(attention_text(all, "zh"), "关注 1 · III 级 · A");
    EXPECT_TRUE(all.heard("b/1", item(4, "B", "2026-07-01T07:00:00Z")));
    EXPECT_TRUE(all.heard("b/2", item(4, "C", "2026-07-01T07:30:00Z")));
    EXPECT_TRUE(all.heard("a/2", item(1, "D", "2026-07-01T09:00:00Z")));
    EXPECT_EQ(attention_text(all, "en"), "Attention 4 · Level I · C");
    EXPECT_EQ(attention_text(all, "en", true), "LIVE: attention 4 · Level I · C");
    // What is over is kept for the console, and is no longer told here.
    EXPECT_TRUE(all.heard("b/2", item(4, "C", "2026-07-01T07:30:00Z", false)));
    EXPECT_EQ(attention_text(all, "en"), "Attention 3 · Level I · B");
    EXPECT_TRUE(all.heard("b/1", std::nullopt));
    EXPECT_EQ(attention_text(all, "zh"), "关注 2 · III 级 · A");
}

TEST(Attention, what_changes_nothing_that_is_told_is_no_change) {
    Attention all;
    all.heard("a/1", item(3, "A", "2026-07-01T08:00:00Z"));
    EXPECT_FALSE(all.heard("a/1", item(3, "A", "2026-07-01T08:00:00Z")));
    EXPECT_FALSE(all.heard("b/1", item(4, "B", "2026-07-01T08:00:00Z", false)));
    EXPECT_FALSE(all.heard("b/1", std::nullopt));
    EXPECT_FALSE(all.heard("no/such", std::nullopt));
}

TEST(Attention, what_a_hub_that_is_back_does_not_tell_is_gone_after_a_while) {
    Attention all;
    all.heard("a/1", item(3, "A", "2026-07-01T08:00:00Z"));
    all.heard("b/1", item(4, "B", "2026-07-01T08:00:00Z"));
    all.greeted(10 * kSecond);
    EXPECT_EQ(all.count(), 2u) << "it stays until the hub has had its time";
    all.heard("a/1", item(3, "A", "2026-07-01T08:00:00Z"));
    EXPECT_EQ(all.settle(11 * kSecond), 12 * kSecond);
    EXPECT_EQ(all.count(), 2u);
    EXPECT_EQ(all.settle(12 * kSecond), 0);
    EXPECT_EQ(attention_text(all, "zh"), "关注 1 · II 级 · A");
}

TEST(Attention, a_record_is_read_whatever_it_lacks) {
    const auto read = parse_attention(
        R"({"rule":"r","state":"active","title":{"zh":"水","en":"Water"},"level":3,"since":"t"})");
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, (AttentionItem{true, 3, {"水", "Water"}, "t"}));
    EXPECT_EQ(parse_attention(R"({"level":99})")->level, 4);
    EXPECT_EQ(parse_attention(R"({"level":-1,"title":7})")->level, 1);
    EXPECT_FALSE(parse_attention("{}")->active);
    EXPECT_FALSE(parse_attention("[]"));
}

}  // namespace
}  // namespace bw::compositor
