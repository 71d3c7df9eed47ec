// SPDX-License-Identifier: Apache-2.0
#include "core/access/lock_out.h"

#include <gtest/gtest.h>

namespace bw::access {
namespace {

constexpr int64_t kMinute = int64_t{60} * 1'000'000'000;

/// The fifth wrong password at `now`.
void fail_five(LockOut& desk, const std::string& name, int64_t now) {
    for (int i = 0; i < LockOut::kTries - 1; ++i) EXPECT_FALSE(desk.failed(name, now));
    EXPECT_TRUE(desk.failed(name, now));
}

TEST(LockOut, five_wrong_passwords_lock_for_a_quarter_of_an_hour_then_twice_as_long) {
    LockOut desk;
    int64_t now = kMinute;
    for (const int64_t minutes : {15, 30, 60, 120, 240, 480, 960, 1440, 1440}) {
        fail_five(desk, "li", now);
        EXPECT_EQ(desk.locked_until("li", now), now + minutes * kMinute);
        EXPECT_EQ(desk.locked_until("li", now + minutes * kMinute - 1), now + minutes * kMinute);
        now += minutes * kMinute;
        EXPECT_EQ(desk.locked_until("li", now), 0);
    }
    EXPECT_EQ(desk.locked_until("wang", now), 0);
}

TEST(LockOut, a_right_password_forgets_the_wrong_ones) {
    LockOut desk;
    for (int i = 0; i < LockOut::kTries - 1; ++i) desk.failed("li", 1);
    desk.passed("li");
    fail_five(desk, "li", 2);
    EXPECT_EQ(desk.locked_until("li", 2), 2 + LockOut::kFirstNs);
}

TEST(LockOut, what_is_a_day_old_does_not_count) {
    LockOut desk;
    for (int i = 0; i < LockOut::kTries - 1; ++i) desk.failed("li", 1);
    fail_five(desk, "li", 2 + LockOut::kLongestNs);
}

TEST(LockOut, a_thousand_other_names_free_nobody) {
    LockOut desk;
    fail_five(desk, "li", 1);
    for (size_t i = 0; i < 2 * LockOut::kMaxNames; ++i)
        desk.failed("x" + std::to_string(i), 2 + static_cast<int64_t>(i));
    EXPECT_NE(desk.locked_until("li", kMinute), 0);
}

TEST(LockOut, what_is_kept_counts_in_the_next_life_on_another_clock) {
    constexpr int64_t kWall = int64_t{1'800'000'000} * 1'000'000'000;
    LockOut before;
    fail_five(before, "li", kMinute);
    for (int i = 0; i < LockOut::kTries - 1; ++i) before.failed("wang", 2 * kMinute);
    // Five minutes later, on a machine that has just been started: its clock is at one second.
    const int64_t now = 1'000'000'000;
    LockOut after;
    after.restore(before.rows(kWall), now, kWall + 6 * kMinute - now);
    EXPECT_EQ(after.locked_until("li", now), now + 10 * kMinute);
    EXPECT_TRUE(after.failed("wang", now)) << "the fifth";
    fail_five(after, "li", now + 10 * kMinute);
    EXPECT_EQ(after.locked_until("li", now + 10 * kMinute), now + 40 * kMinute) << "twice as long";
}

TEST(LockOut, a_clock_that_was_set_back_locks_nobody_for_longer_than_the_lock) {
    LockOut before, after;
    fail_five(before, "li", kMinute);
    const int64_t days = int64_t{1000} * 24 * 60 * kMinute;
    after.restore(before.rows(days), 2 * kMinute, 0);
    EXPECT_EQ(after.locked_until("li", 2 * kMinute), 17 * kMinute);
    EXPECT_FALSE(after.failed("li", 17 * kMinute));
}

}  // namespace
}  // namespace bw::access
