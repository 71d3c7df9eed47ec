// SPDX-License-Identifier: Apache-2.0
// What the rules would have done, from recorded events.
#include "core/rules/rehearsal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/clock.h"
#include "tests/rules/trial.h"

namespace bw::rules::test {
namespace {

events::Event recorded(const std::string& type, const std::string& subject, const std::string& data,
                       double second) {
    events::Event event;
    event.id = subject + std::to_string(second);
    event.source = "test";
    event.type = type;
    event.subject = subject;
    event.data = data;
    event.recordedtime = base::rfc3339(at(second));
    return event;
}

std::string text_of(const std::vector<Note>& notes) {
    std::string out;
    for (const Note& note : notes)
        out += base::rfc3339(note.at_ns).substr(11, 8) + " " + note.rule + ": " + note.text + "\n";
    return out;
}

TEST(Rehearsal, says_what_would_have_been_taken_and_when) {
    config::Rule rule = take_rule("river", "flood");
    rule.when.for_ms = 60'000;
    rule.then.attention = config::RuleAttention{};
    Rehearsal rehearsal(site_of({rule}));
    for (int second = 0; second <= 120; second += 10)
        rehearsal.hear(recorded("x.level.v1", "s/1", R"({"level":3})", second));
    rehearsal.hear(recorded("x.other.v1", "s/1", "{}", 121));
    rehearsal.hear(recorded("x.level.v1", "s/1", R"({"level":1})", 130));
    rehearsal.end(at(500));
    const std::string text = text_of(rehearsal.notes());
    EXPECT_THAT(text, testing::HasSubstr("00:01:00 river: takes flood, in place of normal"));
    EXPECT_THAT(text, testing::HasSubstr("00:01:00 river: raises attention: river/s/1"));
    EXPECT_THAT(text, testing::HasSubstr("00:02:10 river: returns to normal"));
    const auto sum = rehearsal.sum();
    EXPECT_EQ(sum.events, 14u);
    EXPECT_EQ(sum.takes, 1u);
    EXPECT_EQ(sum.returns, 1u);
    EXPECT_EQ(sum.items, 1u);
    EXPECT_EQ(sum.on_air, "normal");
}

TEST(Rehearsal, persons_and_holds_are_those_of_the_recording_and_old_takes_of_rules_are_not) {
    Rehearsal rehearsal(site_of({take_rule("river", "flood")}));
    const char* taken = "beaconwall.wall.taken.v1";
    rehearsal.hear(recorded(
        taken, "wall",
        R"({"layout":"fire","by":"rule:river","history":[{"layout":"normal","edits":[]}]})", 0));
    rehearsal.hear(
        recorded("beaconwall.wall.held.v1", "wall", R"({"holds":[{"zone":"wall","by":"li"}]})", 1));
    rehearsal.hear(recorded("x.level.v1", "s/1", R"({"level":3})", 2));
    rehearsal.hear(recorded("beaconwall.wall.held.v1", "wall", R"({"holds":[]})", 100));
    rehearsal.hear(recorded(taken, "wall", R"({"layout":"fire","by":"li"})", 200));
    rehearsal.end(at(1000));
    const std::string text = text_of(rehearsal.notes());
    EXPECT_THAT(text, testing::HasSubstr("00:00:02 river: was refused: the wall is held"));
    EXPECT_THAT(text, testing::HasSubstr("00:01:40 river: takes flood, in place of normal"));
    EXPECT_THAT(text, testing::HasSubstr("00:03:20 : li took fire"));
    EXPECT_EQ(rehearsal.sum().on_air, "fire");
    EXPECT_EQ(rehearsal.sum().returns, 0u);
}

}  // namespace
}  // namespace bw::rules::test
