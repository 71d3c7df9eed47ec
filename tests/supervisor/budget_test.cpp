// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/budget.h"

#include <gtest/gtest.h>

#include "core/base/clock.h"

namespace bw::supervisor {
namespace {

constexpr int64_t kMs = base::kMillisecond;

TEST(RestartPolicy, quick_deaths_wait_longer_up_to_a_second) {
    RestartPolicy policy{Budget{}};
    int64_t now = 0;
    for (int64_t expected : {0, 100, 250, 500, 1000, 1000, 1000}) {
        now += 10 * kMs;
        EXPECT_EQ(policy.died(now, 10 * kMs), expected * kMs);
    }
}

TEST(RestartPolicy, a_longer_life_starts_anew) {
    RestartPolicy policy{Budget{}};
    for (int i = 0; i < 4; ++i) (void)policy.died(i, 0);
    EXPECT_EQ(policy.died(10, 250 * kMs), 0);
    EXPECT_EQ(policy.died(11, 0), 100 * kMs);
}

TEST(RestartPolicy, what_has_no_budget_is_never_given_up) {
    RestartPolicy policy{Budget{}};
    for (int i = 0; i < 10000; ++i) ASSERT_TRUE(policy.died(i, 0).has_value());
}

TEST(RestartPolicy, one_death_more_than_the_budget_within_the_window_is_quarantine) {
    RestartPolicy policy{Budget{5, 60 * base::kSecond}};
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(policy.died(i * base::kSecond, 2 * base::kSecond).has_value()) << i;
    EXPECT_FALSE(policy.died(59 * base::kSecond, 2 * base::kSecond).has_value());
}

TEST(RestartPolicy, deaths_leave_the_window) {
    RestartPolicy policy{Budget{2, 60 * base::kSecond}};
    for (int64_t minute = 0; minute < 100; ++minute)
        EXPECT_TRUE(policy.died(minute * 31 * base::kSecond, base::kSecond).has_value()) << minute;
}

TEST(RestartPolicy, a_wish_to_restart_forgets_the_past) {
    RestartPolicy policy{Budget{1, 60 * base::kSecond}};
    EXPECT_TRUE(policy.died(1, 0).has_value());
    EXPECT_FALSE(policy.died(2, 0).has_value());
    policy.clear();
    EXPECT_EQ(policy.died(3, 0), 0);
}

}  // namespace
}  // namespace bw::supervisor
