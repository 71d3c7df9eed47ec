// SPDX-License-Identifier: Apache-2.0
// Priority, dwell, hold, return, limits, persons and holds, on a wall that obeys at once.
#include "core/rules/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/trial.h"

namespace bw::rules::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Planner, takes_and_returns_to_what_was_before) {
    Hall hall(site_of({take_rule("river", "flood")}));
    hall.hear(level("s/1", 3, 0));
    EXPECT_THAT(hall.done, ElementsAre("river takes flood"));
    hall.hear(level("s/1", 1, 90));
    EXPECT_THAT(hall.done, ElementsAre("river takes flood", "river goes back 1"));
    EXPECT_EQ(hall.on_air(), "normal");
}

TEST(Planner, stays_for_the_dwell_and_for_the_hold) {
    config::Rule rule = take_rule("river", "flood");
    rule.then.dwell_ms = 60'000;
    Hall dwelling(site_of({rule}));
    dwelling.hear(level("s/1", 3, 0));
    dwelling.hear(level("s/1", 1, 10));
    dwelling.go_to(59);
    EXPECT_EQ(dwelling.on_air(), "flood");
    dwelling.go_to(61);
    EXPECT_EQ(dwelling.on_air(), "normal");

    rule.then.hold_ms = 120'000;
    Hall holding(site_of({rule}));
    holding.hear(level("s/1", 3, 0));
    holding.hear(level("s/1", 1, 10));
    holding.go_to(129);
    EXPECT_EQ(holding.on_air(), "flood");
    holding.go_to(131);
    EXPECT_EQ(holding.on_air(), "normal");
}

TEST(Planner, begun_again_within_the_hold_is_no_second_take) {
    config::Rule rule = take_rule("river", "flood");
    rule.then.hold_ms = 120'000;
    Hall hall(site_of({rule}));
    hall.hear(level("s/1", 3, 0));
    hall.hear(level("s/1", 1, 10));
    hall.hear(level("s/1", 3, 60));
    hall.hear(level("s/1", 1, 70));
    hall.go_to(189);
    EXPECT_THAT(hall.done, ElementsAre("river takes flood"));
    hall.go_to(191);
    EXPECT_EQ(hall.on_air(), "normal");
}

TEST(Planner, leaves_it_on_air_where_it_shall_not_return) {
    config::Rule rule = take_rule("river", "flood");
    rule.then.returns = false;
    Hall hall(site_of({rule}));
    hall.hear(level("s/1", 3, 0));
    hall.hear(level("s/1", 1, 90));
    hall.go_to(1000);
    EXPECT_THAT(hall.done, ElementsAre("river takes flood"));
}

TEST(Planner, a_higher_priority_goes_over_a_lower_one_and_back_step_by_step) {
    config::Rule river = take_rule("river", "flood", 50), fire = take_rule("fire", "fire", 80);
    fire.when.type = "x.fire.v1";
    Hall hall(site_of({river, fire}));
    hall.hear(level("s/1", 3, 0));
    hall.hear(fact("x.fire.v1", "f/1", R"({"level":4})", 5));
    EXPECT_THAT(hall.done, ElementsAre("river takes flood", "fire takes fire"))
        << "a higher one does not wait for the dwell";
    hall.hear(fact("x.fire.v1", "f/1", R"({"level":0})", 10));
    hall.go_to(64);
    EXPECT_EQ(hall.on_air(), "fire");
    hall.go_to(66);
    EXPECT_EQ(hall.on_air(), "flood") << "the river still wants it";
    hall.hear(level("s/1", 0, 70));
    EXPECT_EQ(hall.on_air(), "normal");
    EXPECT_THAT(hall.done, ElementsAre("river takes flood", "fire takes fire", "fire goes back 1",
                                       "river goes back 1"));
}

TEST(Planner, both_over_goes_back_in_one_step) {
    config::Rule river = take_rule("river", "flood", 50), fire = take_rule("fire", "fire", 80);
    fire.when.type = "x.fire.v1";
    Hall hall(site_of({river, fire}));
    hall.hear(level("s/1", 3, 0));
    hall.hear(fact("x.fire.v1", "f/1", R"({"level":4})", 5));
    hall.hear(level("s/1", 0, 10));
    hall.hear(fact("x.fire.v1", "f/1", R"({"level":0})", 100));
    EXPECT_EQ(hall.done.back(), "fire goes back 2");
    EXPECT_EQ(hall.on_air(), "normal");
}

TEST(Planner, a_lower_or_equal_one_waits_until_the_other_is_over_and_has_dwelt) {
    config::Rule river = take_rule("river", "flood", 50), fire = take_rule("fire", "fire", 50);
    fire.when.type = "x.fire.v1";
    Hall hall(site_of({river, fire}));
    hall.hear(level("s/1", 3, 0));
    hall.hear(fact("x.fire.v1", "f/1", R"({"level":4})", 5));
    hall.go_to(100);
    EXPECT_EQ(hall.on_air(), "flood");
    hall.hear(level("s/1", 0, 110));
    EXPECT_EQ(hall.on_air(), "fire");
}

TEST(Planner, takes_no_more_than_the_limit_and_goes_on_when_the_window_has_passed) {
    auto site = site_of({take_rule("river", "flood")});
    site->rules.takes = 2;
    site->rules.takes_within_ms = 600'000;
    Hall hall(site);
    for (const int begin : {0, 100, 200, 300}) {
        hall.hear(level("s/1", 3, begin));
        if (begin < 300) hall.hear(level("s/1", 1, begin + 70));
    }
    EXPECT_THAT(hall.done, ElementsAre("river takes flood", "river goes back 1",
                                       "river takes flood", "river goes back 1"));
    for (int second = 310; second <= 590; second += 10) hall.hear(level("s/1", 3, second));
    hall.go_to(599);
    EXPECT_EQ(hall.on_air(), "normal");
    hall.go_to(601);
    EXPECT_EQ(hall.on_air(), "flood") << "it still holds, and the first take is 10 minutes old";
}

TEST(Planner, a_persons_take_ends_the_way_back_and_is_not_taken_away) {
    Hall hall(site_of({take_rule("river", "flood")}));
    hall.hear(level("s/1", 3, 0));
    hall.go_to(10);
    hall.person_takes("fire");
    hall.hear(level("s/1", 4, 20));
    hall.hear(level("s/1", 1, 100));
    hall.go_to(1000);
    EXPECT_EQ(hall.on_air(), "fire");
    EXPECT_THAT(hall.done, ElementsAre("river takes flood"));
}

TEST(Planner, leaves_a_person_in_peace_for_a_while_and_takes_for_news_after_it) {
    auto site = site_of({take_rule("river", "flood")});
    site->rules.after_person_ms = 120'000;
    Hall hall(site);
    hall.go_to(10);
    hall.person_takes("fire");
    hall.hear(level("s/1", 3, 100));
    hall.go_to(300);
    EXPECT_THAT(hall.done, IsEmpty());
    hall.hear(level("s/2", 3, 310));
    EXPECT_THAT(hall.done, ElementsAre("river takes flood"));
}

TEST(Planner, what_a_person_shows_already_is_not_taken_and_not_taken_back) {
    Hall hall(site_of({take_rule("river", "flood")}));
    hall.person_takes("flood");
    hall.go_to(200);
    hall.hear(level("s/1", 3, 200));
    hall.hear(level("s/1", 1, 300));
    hall.go_to(1000);
    EXPECT_THAT(hall.done, IsEmpty());
    EXPECT_EQ(hall.on_air(), "flood");
}

TEST(Planner, a_hold_is_waited_for_and_then_what_still_holds_is_taken) {
    Hall hall(site_of({take_rule("river", "flood")}));
    hall.hold(true);
    hall.hear(level("s/1", 3, 0));
    hall.go_to(100);
    EXPECT_THAT(hall.done, ElementsAre("river is refused"));
    hall.hold(false);
    hall.go_to(103);
    EXPECT_EQ(hall.on_air(), "flood");
}

TEST(Planner, the_way_back_waits_for_a_hold_too) {
    Hall hall(site_of({take_rule("river", "flood")}));
    hall.hear(level("s/1", 3, 0));
    hall.hold(true);
    hall.hear(level("s/1", 1, 100));
    hall.go_to(500);
    EXPECT_EQ(hall.on_air(), "flood");
    hall.hold(false);
    hall.go_to(503);
    EXPECT_EQ(hall.on_air(), "normal");
}

TEST(Planner, two_rules_of_one_layout_share_the_stay) {
    config::Rule river = take_rule("river", "flood"), rain = take_rule("rain", "flood", 60);
    rain.when.type = "x.rain.v1";
    Hall hall(site_of({river, rain}));
    hall.hear(level("s/1", 3, 0));
    hall.hear(fact("x.rain.v1", "r/1", R"({"level":3})", 5));
    hall.hear(level("s/1", 1, 100));
    EXPECT_EQ(hall.on_air(), "flood");
    hall.hear(fact("x.rain.v1", "r/1", R"({"level":0})", 200));
    EXPECT_EQ(hall.on_air(), "normal");
    EXPECT_THAT(hall.done, ElementsAre("river takes flood", "rain goes back 1"));
}

TEST(Planner, an_answer_that_is_lost_is_asked_for_again_and_nothing_is_taken_twice) {
    Hall hall(site_of({take_rule("river", "flood")}));
    hall.answers = false;
    hall.hear(level("s/1", 3, 0));
    EXPECT_THAT(hall.done, ElementsAre("river takes flood"));
    hall.engine().answer_lost();
    hall.answers = true;
    hall.go_to(5);
    hall.hear(level("s/1", 1, 100));
    EXPECT_THAT(hall.done, ElementsAre("river takes flood", "river goes back 1"));
    EXPECT_EQ(hall.on_air(), "normal");
}

TEST(Planner, whose_take_it_was_decides_when_the_hub_has_forgotten) {
    const auto site = site_of({take_rule("river", "flood")});
    for (const bool ours : {true, false}) {
        Planner planner(site->rules);
        planner.on_air(1, "normal", at(0));
        planner.began("river", "e", at(0));
        const auto order = planner.next(at(0));
        ASSERT_TRUE(order);
        planner.answered(order->id, {false, "timeout", "", 0}, at(2));
        planner.on_air(2, "flood", at(2));
        const auto again = planner.next(at(4));
        ASSERT_TRUE(again);
        EXPECT_EQ(again->id, order->id);
        planner.answered(order->id, {false, "conflict", "", 0}, at(4));
        planner.taken(2, ours ? "rule:river" : "li", at(5));
        planner.over("river", at(100));
        const auto back = planner.next(at(100));
        EXPECT_EQ(back.has_value(), ours) << "what a person took is not taken back";
    }
}

TEST(Planner, a_person_who_takes_before_the_answer_comes_keeps_it) {
    const auto site = site_of({take_rule("river", "flood")});
    Planner planner(site->rules);
    planner.on_air(1, "normal", at(0));
    planner.began("river", "e", at(0));
    const auto order = planner.next(at(0));
    ASSERT_TRUE(order);
    planner.on_air(2, "flood", at(0));
    planner.on_air(3, "fire", at(1));
    planner.answered(order->id, {true, "", "", 2}, at(1));
    planner.over("river", at(100));
    EXPECT_FALSE(planner.next(at(200)));
}

TEST(Planner, what_is_refused_for_good_is_given_up) {
    const auto site = site_of({take_rule("river", "flood")});
    Planner planner(site->rules);
    planner.on_air(1, "normal", at(0));
    planner.began("river", "e", at(0));
    int tries = 0;
    for (int second = 0; second < 60; ++second) {
        const auto order = planner.next(at(second));
        if (!order) continue;
        ++tries;
        planner.answered(order->id, {false, "refused", "rule:river may not take", 0}, at(second));
    }
    EXPECT_EQ(tries, 3);
}

TEST(Planner, where_undo_cannot_the_layout_itself_is_taken) {
    const auto site = site_of({take_rule("river", "flood")});
    Planner planner(site->rules);
    planner.on_air(1, "normal", at(0));
    planner.began("river", "e", at(0));
    planner.answered(planner.next(at(0))->id, {true, "", "", 2}, at(0));
    planner.over("river", at(100));
    auto back = planner.next(at(100));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->what, Order::What::undo);
    planner.answered(back->id, {false, "refused", "there is nothing to undo", 0}, at(100));
    back = planner.next(at(103));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->what, Order::What::take);
    EXPECT_EQ(back->target, "normal");
}

TEST(Planner, every_order_has_an_id_of_its_own_that_its_event_decides) {
    const auto site = site_of({take_rule("river", "flood")});
    Planner one(site->rules), two(site->rules);
    for (Planner* planner : {&one, &two}) {
        planner->on_air(1, "normal", at(0));
        planner->began("river", "event-1", at(0));
    }
    const auto first = one.next(at(0)), second = two.next(at(0));
    EXPECT_EQ(first->id, second->id);
    EXPECT_THAT(first->id, testing::HasSubstr("event-1"));
    Planner three(site->rules);
    three.on_air(1, "normal", at(0));
    three.began("river", std::string(256, 'x'), at(0));
    EXPECT_LE(three.next(at(0))->id.size(), 256u);
}

}  // namespace
}  // namespace bw::rules::test
