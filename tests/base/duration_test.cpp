// SPDX-License-Identifier: Apache-2.0
#include "core/base/duration.h"

#include <gtest/gtest.h>

namespace bw::base::test {

TEST(Duration, is_written_as_people_say_it) {
    EXPECT_EQ(parse_duration("90s"), 90'000);
    EXPECT_EQ(parse_duration("30m"), 1'800'000);
    EXPECT_EQ(parse_duration("1h30m"), 5'400'000);
    EXPECT_EQ(parse_duration("30d"), int64_t{30} * 86'400'000);
}

TEST(Duration, is_nothing_else) {
    for (const char* text : {"", "30", "m", "0s", "-5m", "1.5h", "1h 30m", "31d", "4294967295h",
                             "99999999999s", "5x", "s5"})
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(TimeFault, says_what_else_is_allowed_but_not_of_a_time_with_a_part_that_is_none) {
    EXPECT_EQ(time_fault("2026-07-01"), "");
    EXPECT_EQ(time_fault("2026-07-01T08:00:00+08:00"), "");
    EXPECT_EQ(time_fault_or("a number, or ", "x"),
              "found \"x\"; allowed: a number, or a day or a time, 2026-07-01 or "
              "2026-07-01T08:00:00Z");
    EXPECT_EQ(time_fault("2026-02-30"),
              "found the day 30 in \"2026-02-30T00:00:00Z\"; allowed: a day from 01 to 28 in that "
              "month");
    EXPECT_NE(time_fault_or("a number, or ", "99999-01-01T00:00:00Z").find("the year 99999"),
              std::string::npos);
}

}  // namespace bw::base::test
