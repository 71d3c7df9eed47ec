// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/pacer.h"

#include <gtest/gtest.h>

namespace bw::compositor {
namespace {

constexpr int64_t kMs = 1'000'000, kPeriod = 20 * kMs, kStart = 1'000'000 * kMs;

TEST(Pacer, NothingWaitsNothingIsDue) {
    Pacer pacer(kPeriod);
    EXPECT_FALSE(pacer.due(kStart));
    EXPECT_EQ(pacer.wake_ns(), 0);
}

TEST(Pacer, AfterAPauseTheFirstChangeIsDrawnAtOnce) {
    Pacer pacer(kPeriod);
    pacer.want(kStart);
    EXPECT_TRUE(pacer.due(kStart));
    EXPECT_EQ(pacer.wake_ns(), kStart);
}

TEST(Pacer, FramesFollowEachOtherByWholePeriods) {
    Pacer pacer(kPeriod);
    pacer.want(kStart);
    pacer.drawn(kStart, kStart + 2 * kMs);
    // Changes come all the time; each frame waits for its refresh.
    int64_t begun = kStart;
    for (int i = 0; i < 50; ++i) {
        pacer.want(begun + kMs);
        const int64_t at = pacer.wake_ns();
        EXPECT_FALSE(pacer.due(at - 1));
        EXPECT_EQ(at, begun + kPeriod);
        begun = at;
        pacer.drawn(begun, begun + 2 * kMs);
    }
    EXPECT_EQ(pacer.missed(), 0u);
    EXPECT_EQ(pacer.lateness_ms(1), 0);
    EXPECT_EQ(pacer.drawing_ms(0.5), 2);
}

TEST(Pacer, ManyChangesBeforeAFrameAreOneFrame) {
    Pacer pacer(kPeriod);
    for (int i = 0; i < 100; ++i) pacer.want(kStart + i);
    pacer.drawn(kStart + 100, kStart + kMs);
    EXPECT_FALSE(pacer.due(kStart + 10 * kPeriod));
    EXPECT_EQ(pacer.wake_ns(), 0);
}

TEST(Pacer, ARefreshThatPassesWithSomethingWaitingIsMissed) {
    Pacer pacer(kPeriod);
    pacer.want(kStart);
    pacer.drawn(kStart, kStart + kPeriod - 1);
    EXPECT_EQ(pacer.missed(), 0u);  // took long, but was there for its refresh
    pacer.want(kStart + kPeriod);
    pacer.drawn(kStart + kPeriod, kStart + kPeriod + 3 * kPeriod + kMs);
    EXPECT_EQ(pacer.missed(), 3u);
}

TEST(Pacer, TimeWithoutChangesIsNotMissed) {
    Pacer pacer(kPeriod);
    for (int i = 0; i < 10; ++i) {
        const int64_t at = kStart + i * 1000 * kPeriod;
        pacer.want(at);
        pacer.drawn(at, at + kMs);
    }
    EXPECT_EQ(pacer.missed(), 0u);
}

TEST(Pacer, LatenessCountsFromWhenTheFrameCouldBegin) {
    Pacer pacer(kPeriod);
    for (int i = 0; i < 100; ++i) {
        const int64_t at = kStart + i * 10 * kPeriod;
        const int64_t late = i == 50 ? 7 * kMs : kMs;
        pacer.want(at);
        pacer.drawn(at + late, at + late + kMs);
    }
    EXPECT_EQ(pacer.lateness_ms(0.5), 1);
    EXPECT_EQ(pacer.lateness_ms(1), 7);
}

TEST(Pacer, ALateFrameIsCaughtUpButTwoNeverFallTogether) {
    Pacer pacer(kPeriod);
    pacer.want(kStart);
    pacer.drawn(kStart, kStart + kMs);
    pacer.want(kStart);
    const int64_t late = pacer.wake_ns() + 15 * kMs;
    pacer.drawn(late, late + kMs);
    pacer.want(late);
    EXPECT_GE(pacer.wake_ns(), late + kPeriod / 2);
    EXPECT_LT(pacer.wake_ns(), late + kPeriod);
}

TEST(Pacer, WhatNeededNoPixelCostsNoRefresh) {
    Pacer pacer(kPeriod);
    pacer.want(kStart);
    pacer.drop();
    EXPECT_EQ(pacer.wake_ns(), 0);
    pacer.want(kStart + 100 * kPeriod);
    pacer.drawn(kStart + 100 * kPeriod, kStart + 100 * kPeriod + kMs);
    EXPECT_EQ(pacer.missed(), 0u);
    EXPECT_EQ(pacer.lateness_ms(1), 0);
}

}  // namespace
}  // namespace bw::compositor
