// SPDX-License-Identifier: Apache-2.0
#include "plugins/flood_gauges/derive.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace bw::flood {
namespace {

constexpr int64_t kMinute = 60'000'000'000;
constexpr int64_t kBegin = 1'942'351'200'000'000'000;  // on a step of 15 minutes

std::vector<Threshold> thresholds() {
    return {{"attention", "设防", "attention", 1, 10.0},
            {"warning", "警戒", "warning", 2, 11.0},
            {"guarantee", "保证", "guarantee", 3, 12.0}};
}

TEST(Judge, NamesTheReachedAndTheNextThreshold) {
    auto list = thresholds();
    Verdict below = judge(9.58, list);
    EXPECT_EQ(below.level, 0);
    EXPECT_EQ(below.reached, nullptr);
    EXPECT_EQ(below.next->code, "attention");
    EXPECT_NEAR(below.to_next_m, 0.42, 1e-9);
    Verdict between = judge(11.0, list);  // reached means at it
    EXPECT_EQ(between.level, 2);
    EXPECT_EQ(between.reached->code, "warning");
    EXPECT_EQ(between.next->code, "guarantee");
    Verdict above = judge(13, list);
    EXPECT_EQ(above.level, 3);
    EXPECT_EQ(above.next, nullptr);
    EXPECT_EQ(judge(5, {}).level, 0);
}

TEST(Plausible, RefusesJumpsAndNonNumbers) {
    EXPECT_TRUE(plausible(10, 10.4, 0));
    EXPECT_FALSE(plausible(10, 12, 0.01));
    EXPECT_TRUE(plausible(10, 12, 0.2));
    EXPECT_FALSE(plausible(10, std::numeric_limits<double>::quiet_NaN(), 1));
}

TEST(History, RateIsTheSlopeOfTheLastHour) {
    History history;
    for (int minute = 0; minute <= 180; minute += 5) {
        // Two hours at rest, then rising 0.6 m in an hour.
        double level = minute < 120 ? 10.0 : 10.0 + 0.6 * (minute - 120) / 60.0;
        history.add(kBegin + minute * kMinute, level);
    }
    ASSERT_TRUE(history.rate_per_hour());
    EXPECT_NEAR(*history.rate_per_hour(), 0.6, 1e-6);
}

TEST(History, TellsNoRateFromTooLittle) {
    History history;
    EXPECT_FALSE(history.rate_per_hour());
    for (int second = 0; second < 300; second += 30) {
        history.add(kBegin + second * 1'000'000'000LL, 10 + second);
    }
    EXPECT_FALSE(history.rate_per_hour()) << "five minutes are no trend";
}

TEST(History, SeriesLeavesGapsOpen) {
    History history;
    history.add(kBegin, 1);
    history.add(kBegin + 15 * kMinute, 2);
    history.add(kBegin + 60 * kMinute, 5);
    auto points = history.series();
    ASSERT_EQ(points.size(), kPoints);
    EXPECT_EQ(history.end_ns(), kBegin + 60 * kMinute);
    EXPECT_EQ(points[95], 5.0);
    EXPECT_EQ(points[94], std::nullopt);
    EXPECT_EQ(points[93], std::nullopt);
    EXPECT_EQ(points[92], 2.0);
    EXPECT_EQ(points[91], 1.0);
    EXPECT_EQ(points[90], std::nullopt);
}

TEST(History, ALoggersRecordFillsGapsAndOverwritesNothing) {
    History history;
    history.add(kBegin + 60 * kMinute, 5);
    history.fill(kBegin + 60 * kMinute, kStepNs, {1.0, 2.0, std::nullopt, 4.0, 99.0});
    auto points = history.series();
    EXPECT_EQ(points[95], 5.0);
    EXPECT_EQ(points[94], 4.0);
    EXPECT_EQ(points[93], std::nullopt);
    EXPECT_EQ(points[92], 2.0);
    EXPECT_EQ(history.value_at(kBegin + 16 * kMinute), 2.0);
    EXPECT_EQ(history.value_at(kBegin - 60 * kMinute), std::nullopt);
}

TEST(History, AClockThatBeginsAnewDropsTheOldDay) {
    History history;
    for (int i = 0; i < 100; ++i) history.add(kBegin + i * kStepNs, 20);
    history.add(kBegin, 7);
    auto points = history.series();
    EXPECT_EQ(points[95], 7.0);
    EXPECT_EQ(points[94], std::nullopt);
    EXPECT_FALSE(history.rate_per_hour());
}

TEST(History, KeepsOneDay) {
    History history;
    for (int i = 0; i < 300; ++i) history.add(kBegin + i * kStepNs, i);
    auto points = history.series();
    EXPECT_EQ(points.front(), 204.0);
    EXPECT_EQ(points.back(), 299.0);
    EXPECT_EQ(history.value_at(kBegin + (299 - 96) * kStepNs), 203.0) << "rain of 24 hours";
}

TEST(History, ForecastGoesStraightOnAndItsBandWidens) {
    History history;
    for (int minute = 0; minute <= 60; minute += 5) {
        history.add(kBegin + minute * kMinute, 10 + 0.5 * minute / 60.0);
    }
    Forecast forecast = history.extrapolate(4);
    ASSERT_EQ(forecast.points.size(), 4u);
    EXPECT_NEAR(forecast.points[0], 10.5 + 0.125, 1e-6);
    EXPECT_NEAR(forecast.points[3], 11.0, 1e-6);
    EXPECT_LT(forecast.low[0], forecast.points[0]);
    EXPECT_GT(forecast.high[3] - forecast.low[3], forecast.high[0] - forecast.low[0]);
    EXPECT_TRUE(History().extrapolate(4).points.empty());
}

TEST(Storage, ReadsTheCurveAndNothingOutside) {
    std::vector<std::array<double, 2>> curve{{147.0, 23.38}, {149.81, 27.0}};
    EXPECT_NEAR(*storage_at(curve, 148.405), 25.19, 1e-6);
    EXPECT_EQ(storage_at(curve, 140), std::nullopt);
    EXPECT_EQ(storage_at({}, 148), std::nullopt);
}

}  // namespace
}  // namespace bw::flood
