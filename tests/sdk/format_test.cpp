// SPDX-License-Identifier: Apache-2.0
#include <beaconwall/sdk/format.h>
#include <beaconwall/sdk/geometry.h>
#include <gtest/gtest.h>

#include <limits>

namespace bw::sdk {
namespace {

TEST(Format, Numbers) {
    EXPECT_EQ(number_text(152.375, 2), "152.38");
    EXPECT_EQ(number_text(-0.5, 1), "−0.5");
    EXPECT_EQ(number_text(-0.001, 2), "0.00");
    EXPECT_EQ(number_text(std::numeric_limits<double>::quiet_NaN(), 1), "–");
    EXPECT_EQ(signed_text(0.12, 2), "+0.12");
    EXPECT_EQ(signed_text(-0.12, 2), "−0.12");
    EXPECT_EQ(signed_text(0, 2), "0.00");
    EXPECT_EQ(count_text(500000), "500,000");
    EXPECT_EQ(count_text(-1234), "−1,234");
    EXPECT_EQ(count_text(999), "999");
    EXPECT_EQ(count_text(std::numeric_limits<int64_t>::min()), "−9,223,372,036,854,775,808");
}

TEST(Format, TimesOfTheHall) {
    constexpr int64_t kNs = 1'000'000'000;
    EXPECT_EQ(clock_text(1'782'892'800 * kNs), "16:00");
    EXPECT_EQ(date_clock_text(1'782'892'800 * kNs), "07-01 16:00");
    EXPECT_EQ(clock_text(-kNs / 2), "07:59");
    EXPECT_EQ(age_text(192 * kNs, true), "3 分 12 秒");
    EXPECT_EQ(age_text(192 * kNs, false), "3 min 12 s");
    EXPECT_EQ(age_text(-5, true), "0 秒");
    EXPECT_EQ(age_text((2 * 3600 + 300) * kNs, true), "2 小时 5 分");
    EXPECT_EQ(age_text((3 * 86400 + 4 * 3600) * kNs, false), "3 d 4 h");
}

TEST(Format, TrendsAndLevels) {
    EXPECT_EQ(trend_of(0.2, 0.05), Trend::rising);
    EXPECT_EQ(trend_of(-0.2, 0.05), Trend::falling);
    EXPECT_EQ(trend_of(0.01, 0.05), Trend::steady);
    EXPECT_EQ(trend_of(std::numeric_limits<double>::quiet_NaN(), 0.05), Trend::none);
    EXPECT_EQ(level_from("red"), Level::red);
    EXPECT_EQ(level_from("IV"), Level::blue);
    EXPECT_EQ(level_from("pink"), Level::none);
    EXPECT_EQ(level_name(Level::orange, true), "橙色");
}

TEST(Rect, CutsNeverGoBeyondWhatIsThere) {
    Rect area{10, 10, 100, 50};
    Rect top = area.cut_top(20, 5);
    EXPECT_EQ(top.h, 20);
    EXPECT_EQ(area.y, 35);
    EXPECT_EQ(area.h, 25);
    Rect rest = area.cut_bottom(1000, 5);
    EXPECT_EQ(rest.h, 25);
    EXPECT_EQ(area.h, 0);
    Rect row{0, 0, 100, 10};
    EXPECT_EQ(row.cut_left(-5).w, 0);
    EXPECT_EQ(row.cut_right(30, 10).x, 70);
    EXPECT_EQ(row.w, 60);
    Rect cell = Rect{0, 0, 100, 100}.cell(1, 1, 2, 2, 10);
    EXPECT_EQ(cell.x, 55);
    EXPECT_EQ(cell.w, 45);
}

}  // namespace
}  // namespace bw::sdk
