// SPDX-License-Identifier: Apache-2.0
#include "core/media/source.h"

#include <gtest/gtest.h>

namespace bw::media {
namespace {

using base::kMillisecond;
using base::kSecond;
using surface::Reason;
using surface::SourceState;

class SourceMachineTest : public testing::Test {
  protected:
    SourceState state() { return machine.view(now).state; }
    Reason reason() { return machine.view(now).reason; }
    /// Acts on what is due until nothing is, as the main loop does; gives how often it opened.
    int settle() {
        int opened = 0;
        for (Order order = machine.step(now); order != Order::nothing; order = machine.step(now)) {
            EXPECT_NE(order == Order::open, open) << "opened twice or closed twice";
            open = order == Order::open;
            opened += open ? 1 : 0;
        }
        return opened;
    }
    void play_for(int64_t time) {
        for (const int64_t end = now + time; now < end; now += 40 * kMillisecond) {
            machine.picture(now);
            EXPECT_EQ(settle(), 0);
        }
    }
    void start() {
        machine.known(true, now);
        machine.demanded(Demand::on_air, now);
        EXPECT_EQ(settle(), 1);
    }

    SourceMachine machine{Timing{}, 7};
    int64_t now = 1000 * kSecond;
    bool open = false;
};

TEST_F(SourceMachineTest, OpensOnlyWithDemandAndAddress) {
    EXPECT_EQ(settle(), 0);
    machine.demanded(Demand::prepared, now);
    EXPECT_EQ(settle(), 0);
    EXPECT_EQ(reason(), Reason::unknown_source);
    machine.known(true, now);
    EXPECT_EQ(settle(), 1);
    EXPECT_EQ(state(), SourceState::connecting);
    machine.connected();
    EXPECT_EQ(state(), SourceState::waiting);
    machine.picture(now);
    EXPECT_EQ(state(), SourceState::playing);
}

TEST_F(SourceMachineTest, ClosesAfterTheGraceAndATakeBackKeepsIt) {
    start();
    play_for(kSecond);
    machine.demanded(Demand::none, now);
    play_for(kSecond);
    EXPECT_TRUE(open);
    machine.demanded(Demand::on_air, now);
    play_for(5 * kSecond);
    EXPECT_TRUE(open) << "taken back within the grace";
    machine.demanded(Demand::none, now);
    now += 2 * kSecond;
    settle();
    EXPECT_FALSE(open);
    EXPECT_EQ(state(), SourceState::idle);
    EXPECT_EQ(machine.reconnects(), 0U);
}

TEST_F(SourceMachineTest, AStallIsLateThenRebuiltAtOnce) {
    start();
    play_for(5 * kSecond);
    now += 1600 * kMillisecond;
    EXPECT_EQ(settle(), 0);
    EXPECT_EQ(state(), SourceState::late);
    EXPECT_EQ(reason(), Reason::stalled);
    now += 1500 * kMillisecond;
    EXPECT_EQ(settle(), 1) << "closed and opened anew";
    EXPECT_EQ(state(), SourceState::late);
    EXPECT_EQ(machine.reconnects(), 1U);
    now += 4 * kSecond;  // no picture from the new one either
    EXPECT_EQ(settle(), 0);
    EXPECT_EQ(state(), SourceState::lost);
    EXPECT_EQ(reason(), Reason::connect_failed);
    EXPECT_GT(machine.view(now).next_try_ns, now);
}

TEST_F(SourceMachineTest, AMachineThatIsBehindDoesNotConnectAnew) {
    start();
    play_for(5 * kSecond);
    for (int i = 0; i < 100; ++i) {  // ten seconds in which what comes waits to be decoded
        now += 100 * kMillisecond;
        machine.behind(now);
        EXPECT_EQ(settle(), 0);
    }
    EXPECT_EQ(state(), SourceState::late) << "what is shown is old, whoever's fault it is";
    now += 2 * kSecond;
    EXPECT_EQ(settle(), 0);
    now = machine.next_wake_ns(now);
    EXPECT_EQ(settle(), 1) << "not behind any more, and still no picture";
    EXPECT_EQ(machine.reconnects(), 1U);
}

TEST_F(SourceMachineTest, AFirstPictureThatWaitsToBeDecodedIsNotGivenUp) {
    start();
    machine.connected();
    for (int i = 0; i < 30; ++i) {
        now += kSecond;
        machine.behind(now);
        EXPECT_EQ(settle(), 0);
    }
    EXPECT_TRUE(open);
    EXPECT_EQ(state(), SourceState::waiting);
    now = machine.next_wake_ns(now);
    settle();
    EXPECT_FALSE(open);
}

TEST_F(SourceMachineTest, ADescribedStreamIsGivenTimeForItsFirstKeyFrame) {
    start();
    machine.connected();
    now += 10 * kSecond;
    EXPECT_EQ(settle(), 0);
    EXPECT_TRUE(open) << "given up before a key frame could come";
    EXPECT_EQ(state(), SourceState::waiting);
    machine.picture(now);
    EXPECT_EQ(state(), SourceState::playing);
    machine.trouble(Reason::ended, now);
    settle();
    now = machine.view(now).next_try_ns;
    EXPECT_EQ(settle(), 1);
    machine.connected();
    now = machine.next_wake_ns(now);
    settle();
    EXPECT_FALSE(open);
    EXPECT_EQ(reason(), Reason::stalled) << "not for ever";
}

TEST_F(SourceMachineTest, BackOffGrowsToItsCapAndIsForgottenAfterPlaying) {
    start();
    int64_t last = 0;
    for (int i = 0; i < 12; ++i) {
        machine.trouble(Reason::connect_failed, now);
        EXPECT_EQ(settle(), 0);
        EXPECT_EQ(state(), SourceState::failed);
        last = machine.view(now).next_try_ns - now;
        EXPECT_LE(last, 6250 * kMillisecond);
        if (i == 0) {
            EXPECT_LE(last, 320 * kMillisecond);
        }
        now = machine.view(now).next_try_ns;
        EXPECT_EQ(settle(), 1);
    }
    EXPECT_GE(last, 3750 * kMillisecond);
    play_for(4 * kSecond);
    machine.trouble(Reason::ended, now);
    EXPECT_LE(machine.view(now).next_try_ns - now, 320 * kMillisecond);
}

TEST_F(SourceMachineTest, RefusedCredentialsAreTriedSeldomButAtOnceWhenAsked) {
    start();
    machine.trouble(Reason::unauthorised, now);
    settle();
    EXPECT_EQ(state(), SourceState::unauthorised);
    EXPECT_GE(machine.view(now).next_try_ns - now, 3 * kSecond);
    machine.retry(now);
    EXPECT_EQ(settle(), 1);
    EXPECT_EQ(state(), SourceState::connecting);
}

TEST_F(SourceMachineTest, NewDemandEndsTheWait) {
    machine.known(true, now);
    machine.demanded(Demand::prepared, now);
    settle();
    for (int i = 0; i < 6; ++i) {
        machine.trouble(Reason::not_found, now);
        settle();
        now = machine.view(now).next_try_ns;
        settle();
    }
    machine.trouble(Reason::not_found, now);
    settle();
    machine.demanded(Demand::on_air, now);
    EXPECT_EQ(settle(), 1);
}

TEST_F(SourceMachineTest, AnotherAddressReopensAtOnce) {
    start();
    play_for(kSecond);
    machine.moved(now);
    EXPECT_EQ(settle(), 1);
    machine.known(false, now);
    settle();
    EXPECT_FALSE(open);
    EXPECT_EQ(reason(), Reason::unknown_source);
}

TEST_F(SourceMachineTest, TheWakeIsNeverMissed) {
    start();
    play_for(4 * kSecond);
    for (int i = 0; i < 20; ++i) {
        const int64_t wake = machine.next_wake_ns(now);
        ASSERT_GT(wake, 0);
        now = std::max(now, wake);
        settle();
    }
    EXPECT_GT(machine.reconnects(), 3U) << "woken only by its own clock it goes on trying";
}

}  // namespace
}  // namespace bw::media
