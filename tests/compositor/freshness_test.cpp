// SPDX-License-Identifier: Apache-2.0
#include "core/compositor/freshness.h"

#include <gtest/gtest.h>

namespace bw::compositor {
namespace {

using surface::Reason;
using surface::SourceState;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kNow = 1000 * kSecond;

Vouch vouched(int64_t age_ns) {
    Vouch vouch;
    vouch.has_picture = true;
    vouch.as_of_ns = kNow - age_ns;
    return vouch;
}

TEST(Freshness, GoesFromLiveToLateToLostByAgeAlone) {
    EXPECT_EQ(judge(vouched(0), kNow).freshness, Freshness::live);
    EXPECT_EQ(judge(vouched(kLateAfterNs), kNow).freshness, Freshness::live);
    EXPECT_EQ(judge(vouched(kLateAfterNs + 1), kNow).freshness, Freshness::late);
    EXPECT_EQ(judge(vouched(kLostAfterNs), kNow).freshness, Freshness::late);
    EXPECT_EQ(judge(vouched(kLostAfterNs + 1), kNow).freshness, Freshness::lost);
}

TEST(Freshness, SaysWhenItWillChangeSoThatAMarkNeedsNoNews) {
    Verdict live = judge(vouched(kSecond), kNow);
    EXPECT_EQ(judge(vouched(kSecond), live.changes_at_ns).freshness, Freshness::late);
    EXPECT_EQ(judge(vouched(kSecond), live.changes_at_ns - 1).freshness, Freshness::live);
    Verdict late = judge(vouched(3 * kSecond), kNow);
    EXPECT_EQ(judge(vouched(3 * kSecond), late.changes_at_ns).freshness, Freshness::lost);
}

TEST(Freshness, StartsBeforeTheFirstPictureUnlessTheSourceSaysWhyNot) {
    Vouch vouch;
    EXPECT_EQ(judge(vouch, kNow).freshness, Freshness::starting);
    vouch.state = SourceState::connecting;
    EXPECT_EQ(judge(vouch, kNow).freshness, Freshness::starting);
    for (SourceState state : {SourceState::failed, SourceState::unauthorised, SourceState::lost}) {
        vouch.state = state;
        vouch.reason = Reason::not_found;
        EXPECT_EQ(judge(vouch, kNow).freshness, Freshness::lost);
        EXPECT_EQ(judge(vouch, kNow).reason, Reason::not_found);
    }
}

TEST(Freshness, APictureThatNobodyVouchedForIsNotLive) {
    Vouch vouch;
    vouch.has_picture = true;
    EXPECT_EQ(judge(vouch, kNow).freshness, Freshness::starting);
}

TEST(Freshness, BelievesASourceThatSaysFrozenOrLost) {
    Vouch vouch = vouched(0);
    vouch.state = SourceState::frozen;
    EXPECT_EQ(judge(vouch, kNow).freshness, Freshness::frozen);
    vouch.state = SourceState::late;
    EXPECT_EQ(judge(vouch, kNow).freshness, Freshness::late);
    vouch.state = SourceState::failed;
    EXPECT_EQ(judge(vouch, kNow).freshness, Freshness::lost);
}

TEST(Freshness, MarksAPictureWhoseProcessIsGoneAndGivesItTwoSecondsToComeBack) {
    Vouch vouch = vouched(0);
    vouch.gone_since_ns = kNow;
    EXPECT_EQ(judge(vouch, kNow).freshness, Freshness::late);
    EXPECT_EQ(judge(vouch, kNow).reason, Reason::process_gone);
    vouch.gone_since_ns = kNow - kGoneAfterNs + 1;
    EXPECT_EQ(judge(vouch, kNow).freshness, Freshness::late);
    EXPECT_EQ(judge(vouch, kNow).changes_at_ns, kNow + 1);
    EXPECT_EQ(judge(vouch, kNow + 1).freshness, Freshness::lost);
    EXPECT_EQ(judge(vouch, kNow + 1).reason, Reason::process_gone);
}

TEST(Freshness, BelievesNobodyWhoVouchesForTheFuture) {
    EXPECT_EQ(judge(vouched(-900'000'000), kNow).freshness, Freshness::live);
    EXPECT_EQ(judge(vouched(-3600 * kSecond), kNow).freshness, Freshness::late);
    EXPECT_EQ(judge(vouched(-3600 * kSecond), kNow).reason, Reason::panel_failed);
    Vouch camera = vouched(-3600 * kSecond);
    camera.fault = Reason::bad_stream;
    EXPECT_EQ(judge(camera, kNow).freshness, Freshness::late);
    EXPECT_EQ(judge(camera, kNow).reason, Reason::bad_stream);
}

TEST(Freshness, ARefusalIsAnErrorWhateverTheAge) {
    Vouch vouch = vouched(0);
    vouch.refused = true;
    vouch.reason = Reason::bad_settings;
    EXPECT_EQ(judge(vouch, kNow).freshness, Freshness::error);
}

// As the compositor judges, `now_ns` being its clock.
Freshness judged(const Vouch& vouch, const StallGuard& guard, int64_t now_ns) {
    return judge(vouch, now_ns, guard.forgiven_ns(now_ns)).freshness;
}

TEST(StallGuard, ForgivesNoLatenessThatIsNotAStall) {
    StallGuard guard;
    guard.turn(kNow, kNow + kSecond);  // woken early, by news
    guard.turn(kNow, kNow - kSecond);  // a second late: just busy
    EXPECT_EQ(guard.until_ns(), 0);
    EXPECT_EQ(judged(vouched(kLateAfterNs + 1), guard, kNow), Freshness::late);
    // A stall, and nothing more than it: what was older before stays as old.
    guard.turn(kNow, kNow - 5 * kSecond);
    EXPECT_EQ(guard.forgiven_ns(kNow), 5 * kSecond);
    EXPECT_EQ(judged(vouched(8 * kSecond), guard, kNow), Freshness::late);
    // The next turn, in time, does not take the pardon back.
    guard.turn(kNow + kSecond / 2, kNow + kSecond / 2);
    EXPECT_EQ(guard.forgiven_ns(kNow + kSecond / 2), 5 * kSecond);
}

TEST(StallGuard, ForgivesTheTimeTheMachineStoodStill) {
    StallGuard guard;
    guard.turn(kNow, kNow - kSecond / 2);
    EXPECT_EQ(guard.forgiven_ns(kNow), 0);
    guard.turn(kNow, kNow - 30 * kSecond);
    EXPECT_EQ(judged(vouched(30 * kSecond), guard, kNow), Freshness::live);
    // Judged again when that would be late, by the clock that goes on.
    EXPECT_EQ(judge(vouched(30 * kSecond), kNow, guard.forgiven_ns(kNow)).changes_at_ns,
              kNow + kLateAfterNs + 1);
    const int64_t over = guard.until_ns();
    EXPECT_EQ(guard.forgiven_ns(over), 0);
    EXPECT_EQ(judged(vouched(30 * kSecond), guard, over), Freshness::lost);
}

TEST(StallGuard, APictureThatIsNewAfterAStallIsOfNow) {
    StallGuard guard;
    guard.turn(kNow, kNow - 30 * kSecond);
    EXPECT_EQ(judge(vouched(0), kNow, guard.forgiven_ns(kNow)).freshness, Freshness::live);
    EXPECT_EQ(judge(vouched(0), kNow, guard.forgiven_ns(kNow)).reason, Reason::none);
    EXPECT_EQ(judged(vouched(-2 * kSecond), guard, kNow), Freshness::late);  // still to come
}

}  // namespace
}  // namespace bw::compositor
