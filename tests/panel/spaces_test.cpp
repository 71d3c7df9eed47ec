// SPDX-License-Identifier: Apache-2.0
// One panel process, one connection, several spaces: what is of one never reaches a pane of
// another.
#include <beaconwall/panel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/clock.h"
#include "plain_list.h"
#include "rig.h"

namespace bw::test {
namespace {

using nlohmann::json;
using surface::DrawList;
using ::testing::Contains;

constexpr const char* kPrefix = "x.plain.v1/";

class PanelSpaces : public ::testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(rig_.until([&] { return rig_.ready && rig_.hub->greeted; })) << rig_.failure;
        rig_.link();
    }
    static json space(const char* name, int64_t wall_ns = 1, int64_t space_ns = 1,
                      double rate = 1) {
        return {{"space", name},
                {"clock", {{"wall_ns", wall_ns}, {"space_ns", space_ns}, {"rate", rate}}}};
    }
    long subscriptions(const char* space) {
        const auto& all = rig_.hub->elsewhere[space];
        return std::count(all.begin(), all.end(), kPrefix);
    }
    bool shows(uint32_t surface, float count) {
        return rig_.picture(surface, [&](const DrawList& l) { return events(l) == count; })
            .has_value();
    }
    Rig rig_{build_folder() / "tests/panel/plain_panel.so"};
};

TEST_F(PanelSpaces, AnEventReachesThePanesOfItsOwnSpaceAlone) {
    const uint32_t live = rig_.configure("a", "plain");
    const uint32_t drill = rig_.configure_with("a", "plain", space("drill"));
    ASSERT_TRUE(rig_.picture(live, any));
    ASSERT_TRUE(rig_.until([&] { return subscriptions("drill") == 1; }));
    EXPECT_THAT(rig_.hub->elsewhere["drill"], Contains("beaconwall.pane.view.v1/"));
    EXPECT_THAT(rig_.hub->prefixes, Contains(kPrefix));

    rig_.hub->deliver("x.plain.v1", "thing/1", {{"v", 1}});
    ASSERT_TRUE(shows(live, 1));
    rig_.hub->deliver("x.plain.v1", "thing/1", {{"v", 1}}, true, "drill");
    rig_.hub->deliver("x.plain.v1", "thing/2", {{"v", 2}}, false, "drill");
    ASSERT_TRUE(shows(drill, 2));
    rig_.hub->deliver("x.plain.v1", "thing/9", {{"v", 9}}, false, "nobody-is-there");
    rig_.hub->deliver("x.plain.v1", "thing/1", {{"v", 3}});
    ASSERT_TRUE(shows(live, 2));
    rig_.turn_for(200);
    EXPECT_FALSE(rig_.take(drill)) << "what is live changed a pane of the exercise";

    // A pane that is made later has the last values of its own space.
    const auto late = rig_.picture(rig_.configure_with("b", "plain", space("drill")),
                                   [](const DrawList& l) { return events(l) > 0; });
    ASSERT_TRUE(late);
    EXPECT_EQ(events(*late), 2);
    EXPECT_EQ(replayed(*late), 2);
    const auto other = rig_.picture(rig_.configure_with("b", "plain", space("replay")), any);
    ASSERT_TRUE(other);
    EXPECT_EQ(events(*other), 0);
}

TEST_F(PanelSpaces, ASpaceIsForgottenWithItsLastPaneAndEnteredAnew) {
    uint32_t drill = rig_.configure_with("a", "plain", space("drill"));
    ASSERT_TRUE(rig_.until([&] { return subscriptions("drill") == 1; }));
    rig_.hub->deliver("x.plain.v1", "thing/1", {{"v", 1}}, false, "drill");
    ASSERT_TRUE(shows(drill, 1));
    rig_.consumer->release(drill);
    rig_.turn_for(100);
    drill = rig_.configure_with("a", "plain", space("drill"));
    const auto list = rig_.picture(drill, any);
    ASSERT_TRUE(list);
    EXPECT_EQ(events(*list), 0) << "the facts of an exercise that is over";
    EXPECT_TRUE(rig_.until([&] { return subscriptions("drill") == 2; }));
    // Another run under that name, while the pane of the first is still shown.
    rig_.hub->deliver("x.plain.v1", "thing/1", {{"v", 1}}, false, "drill");
    ASSERT_TRUE(shows(drill, 1));
    const auto next = rig_.picture(rig_.configure_with("a", "plain", space("drill", 2, 5)), any);
    ASSERT_TRUE(next);
    EXPECT_EQ(events(*next), 0);
    EXPECT_TRUE(rig_.until([&] { return subscriptions("drill") == 3; }));
}

// A compositor that starts again during an exercise shows it at once.
TEST_F(PanelSpaces, ANewCompositorFindsTheFactsOfTheSpaceThere) {
    uint32_t drill = rig_.configure_with("a", "plain", space("drill"));
    ASSERT_TRUE(rig_.until([&] { return subscriptions("drill") == 1; }));
    rig_.hub->deliver("x.plain.v1", "thing/1", {{"v", 1}}, false, "drill");
    ASSERT_TRUE(shows(drill, 1));
    rig_.link();
    drill = rig_.configure_with("a", "plain", space("drill"));
    const auto list = rig_.picture(drill, any);
    ASSERT_TRUE(list);
    EXPECT_EQ(events(*list), 1);
    EXPECT_EQ(subscriptions("drill"), 1);
}

TEST_F(PanelSpaces, EachPaneReadsTheClockOfItsSpace) {
    constexpr int64_t kThen = 1'012'345 * base::kSecond;  // 12345 modulo 100000
    const auto stands = rig_.picture(
        rig_.configure_with("a", "plain", space("over", base::wall_ns(), kThen, 0)), any);
    ASSERT_TRUE(stands);
    EXPECT_EQ(seconds(*stands), 12345);
    const int64_t began = base::wall_ns() - 100 * base::kSecond;
    const auto fast =
        rig_.picture(rig_.configure_with("a", "plain", space("fast", began, kThen, 60)), any);
    ASSERT_TRUE(fast);
    const auto passed = static_cast<float>((base::wall_ns() - began) / base::kSecond);
    EXPECT_GE(seconds(*fast), 12345 + 60 * 100);
    EXPECT_LE(seconds(*fast), 12345 + 60 * (passed + 1));
    const int64_t before = base::wall_ns() / base::kSecond;
    const auto live = rig_.picture(rig_.configure("a", "plain"), any);
    ASSERT_TRUE(live);
    const auto since =
        (static_cast<int64_t>(seconds(*live)) - before % 100'000 + 100'000) % 100'000;
    EXPECT_LE(since, base::wall_ns() / base::kSecond - before + 1);
}

TEST_F(PanelSpaces, ViewsAndCommandsAreOfThePanesSpace) {
    const uint32_t live = rig_.configure("a", "plain");
    const uint32_t drill = rig_.configure_with("a", "plain", space("drill"));
    ASSERT_TRUE(rig_.picture(live, any));
    ASSERT_TRUE(rig_.picture(drill, any));
    rig_.input(drill, BW_INPUT_PRESS, 5, 5);
    ASSERT_TRUE(rig_.until([&] { return !rig_.hub->puts.empty() && !rig_.hub->commands.empty(); }));
    EXPECT_EQ(rig_.hub->puts[0].value("space", ""), "drill");
    EXPECT_EQ(rig_.hub->commands[0].value("space", ""), "drill");
    EXPECT_EQ(rig_.hub->commands[0]["event"]["space"], "drill");
    rig_.input(live, BW_INPUT_PRESS, 5, 5);
    ASSERT_TRUE(
        rig_.until([&] { return rig_.hub->puts.size() == 2 && rig_.hub->commands.size() == 2; }));
    EXPECT_FALSE(rig_.hub->puts[1].contains("space"));
    EXPECT_FALSE(rig_.hub->commands[1].contains("space"));
    EXPECT_EQ(rig_.hub->commands[1]["event"]["space"], "live");
    // Somebody else turns the page in the exercise: the live pane keeps its own.
    rig_.hub->deliver("beaconwall.pane.view.v1", "pane/a", {{"n", 9}}, false, "drill");
    ASSERT_TRUE(rig_.picture(drill, [](const DrawList& l) { return view(l) == 9; }).has_value());
    rig_.turn_for(100);
    if (const auto list = rig_.take(live)) {
        EXPECT_NE(view(*list), 9);
    }
}

TEST_F(PanelSpaces, AClockThatCannotBeGetsACard) {
    const uint32_t bad = rig_.configure_with("a", "plain", space("drill", -5));
    ASSERT_TRUE(rig_.until([&] { return !rig_.refusals.empty(); }));
    EXPECT_EQ(rig_.refusals[0].surface, bad);
    EXPECT_EQ(rig_.refusals[0].reason, surface::Reason::bad_settings);
    EXPECT_TRUE(rig_.picture(rig_.configure("b", "plain"), any));
}

}  // namespace
}  // namespace bw::test
