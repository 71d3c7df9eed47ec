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

}  // namespace bw::base::test
