// SPDX-License-Identifier: Apache-2.0
// The parts together: attention, previews, focus, a new life, a changed site, a storm.
#include "core/rules/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "tests/rules/trial.h"

namespace bw::rules::test {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

config::Rule alarm_rule(const std::string& name) {
    config::Rule rule = take_rule(name, "");
    rule.then.does = config::RuleDoes::nothing;
    rule.then.attention = config::RuleAttention{{"水位", "Water"}, 3, 600'000};
    return rule;
}

TEST(Engine, raises_an_item_counts_and_ends_it) {
    Hall hall(site_of({alarm_rule("water")}));
    hall.hear(level("s/1", 3, 0));
    auto writes = hall.engine().attention().writes(10);
    ASSERT_EQ(writes.size(), 1u);
    EXPECT_EQ(writes[0].subject, "water/s/1");
    json data = json::parse(writes[0].data);
    EXPECT_EQ(data["state"], "active");
    EXPECT_EQ(data["level"], 3);
    EXPECT_EQ(data["title"]["en"], "Water");
    EXPECT_EQ(data["since"], "2026-07-01T00:00:00.000Z");
    EXPECT_EQ(data["count"], 1);
    hall.hear(level("s/1", 4, 5));
    hall.hear(level("s/1", 1, 10));
    data = json::parse(hall.engine().attention().writes(10).at(0).data);
    EXPECT_EQ(data["state"], "over");
    EXPECT_EQ(data["count"], 2);
    hall.go_to(609);
    EXPECT_THAT(hall.engine().attention().writes(10), IsEmpty());
    hall.go_to(611);
    writes = hall.engine().attention().writes(10);
    ASSERT_EQ(writes.size(), 1u);
    EXPECT_TRUE(writes[0].tombstone) << "kept for ten minutes";
}

TEST(Engine, an_acknowledged_item_comes_back_only_with_a_new_beginning) {
    Hall hall(site_of({alarm_rule("water")}));
    hall.hear(level("s/1", 3, 0));
    hall.engine().attention().writes(10);
    EXPECT_TRUE(hall.engine().acknowledge("water/s/1"));
    EXPECT_FALSE(hall.engine().acknowledge("water/s/1"));
    EXPECT_TRUE(hall.engine().attention().writes(10).at(0).tombstone);
    hall.hear(level("s/1", 4, 5));
    EXPECT_THAT(hall.engine().attention().writes(10), IsEmpty());
    hall.hear(level("s/1", 1, 10));
    hall.hear(level("s/1", 3, 20));
    EXPECT_EQ(hall.engine().attention().writes(10).size(), 1u);
}

TEST(Engine, prepares_and_shows_panes_in_full) {
    config::Rule prepare = take_rule("prepare", "flood"), pane = take_rule("pane", "cam-03");
    prepare.then.does = config::RuleDoes::preview;
    pane.then.does = config::RuleDoes::focus;
    pane.when.type = "x.fire.v1";
    Hall hall(site_of({prepare, pane}));
    hall.hear(level("s/1", 3, 0));
    hall.hear(level("s/2", 3, 1));
    EXPECT_THAT(hall.done, ElementsAre("prepare prepares flood", "prepare prepares flood"));
    hall.done.clear();
    hall.hear(fact("x.fire.v1", "f/1", R"({"level":4})", 5));
    hall.hear(fact("x.fire.v1", "f/1", R"({"level":0})", 100));
    EXPECT_THAT(hall.done, ElementsAre("pane shows cam-03", "pane goes back 1"));
}

TEST(Engine, a_new_life_takes_nothing_twice_and_finds_the_way_back) {
    Hall hall(site_of({take_rule("river", "flood")}));
    hall.hear(level("s/1", 3, 0));
    hall.go_to(10);
    hall.restart({level("s/1", 4, 10, "another")});
    hall.hear(level("s/1", 3, 20));
    EXPECT_THAT(hall.done, ElementsAre("river takes flood"));
    hall.hear(level("s/1", 1, 100));
    EXPECT_THAT(hall.done, ElementsAre("river takes flood", "river goes back 1"));
}

TEST(Engine, a_new_life_sees_that_it_is_over) {
    Hall hall(site_of({take_rule("river", "flood")}));
    hall.hear(level("s/1", 3, 0));
    hall.go_to(100);
    hall.restart({level("s/1", 1, 100)});
    EXPECT_EQ(hall.on_air(), "normal");
}

TEST(Engine, a_new_life_finishes_what_was_on_its_way_and_does_it_once) {
    Hall hall(site_of({take_rule("river", "flood")}));
    hall.answers = false;  // done, but the old life ends before it hears of it
    hall.hear(level("s/1", 3, 0));
    hall.answers = true;
    hall.restart({level("s/1", 3, 1, "newer")});
    EXPECT_THAT(hall.done, ElementsAre("river takes flood"));
    hall.hear(level("s/1", 1, 100));
    EXPECT_EQ(hall.on_air(), "normal");
}

TEST(Engine, a_new_life_knows_that_a_person_took_meanwhile) {
    Hall hall(site_of({take_rule("river", "flood")}));
    hall.hear(level("s/1", 3, 0));
    auto saved = hall.engine().save();
    Engine next(site_of({take_rule("river", "flood")}));
    EXPECT_TRUE(next.restore(saved, at(10)));
    next.on_air(7, "fire", at(10));
    next.hear(level("s/1", 1, 100));
    next.tick(at(1000));
    EXPECT_THAT(next.orders(at(1000)), IsEmpty());
}

TEST(Engine, what_was_wanted_and_holds_no_more_is_given_back) {
    const auto site = site_of({take_rule("river", "flood")});
    Engine before(site), after(site);
    before.on_air(1, "normal", at(0));
    before.hear(level("s/1", 3, 0));
    before.answered(before.orders(at(0)).at(0).id, {true, "", "", 2}, at(0));
    // Of its memory only what the wall was told is left.
    EXPECT_TRUE(after.restore({{"wall", before.save().at("wall")}}, at(100)));
    after.on_air(2, "flood", at(100));
    EXPECT_THAT(after.orders(at(100)), IsEmpty());
    after.settle(at(100));
    const auto orders = after.orders(at(100));
    ASSERT_EQ(orders.size(), 1u);
    EXPECT_EQ(orders[0].what, Order::What::undo);
}

TEST(Engine, a_memory_that_is_none_is_left_alone) {
    Engine engine(site_of({take_rule("river", "flood")}));
    EXPECT_FALSE(engine.restore({{"wall", R"({"chain":[{"returns":"yes"}]})"}}, at(0)));
    EXPECT_FALSE(engine.restore({{"wall", R"({"takes":7})"}}, at(0)));
    engine.on_air(1, "normal", at(0));
    engine.hear(level("s/1", 3, 0));
    EXPECT_EQ(engine.orders(at(0)).size(), 1u);
}

TEST(Engine, a_rule_that_goes_takes_its_stay_and_its_items_with_it) {
    config::Rule rule = take_rule("river", "flood");
    rule.then.attention = config::RuleAttention{};
    Hall hall(site_of({rule}));
    hall.hear(level("s/1", 3, 0));
    hall.engine().attention().writes(10);
    hall.engine().set_site(site_of({}), at(10));
    EXPECT_EQ(json::parse(hall.engine().attention().writes(10).at(0).data)["state"], "over");
    hall.go_to(70);
    EXPECT_EQ(hall.on_air(), "normal");
}

TEST(Engine, a_storm_takes_as_often_as_it_may_loses_nothing_and_returns) {
    config::Rule river = take_rule("river", "flood", 50), fire = take_rule("fire", "fire", 60);
    river.when.subject = "gauge/";
    fire.when.subject = "camera/";
    for (config::Rule* rule : {&river, &fire}) {
        rule->then.dwell_ms = 1000;
        rule->when.lasts_ms = 20'000;
        rule->then.attention = config::RuleAttention{};
    }
    auto site = site_of({river, fire});
    site->rules.takes = 3;
    Hall hall(site);
    for (int i = 0; i < 500; ++i) {
        const std::string kind = i / 50 % 2 == 0 ? "gauge/" : "camera/";
        hall.go_to(i * 0.12);
        hall.hear(level(kind + std::to_string(i), 4, i * 0.12));
        hall.hear(level(kind + std::to_string(i), 0, i * 0.12 + 0.05));
    }
    size_t takes = 0;
    for (const std::string& what : hall.done)
        if (what.find(" takes ") != std::string::npos) ++takes;
    EXPECT_EQ(takes, 3u);
    EXPECT_EQ(hall.engine().attention().size(), 500u);
    EXPECT_EQ(hall.engine().attention().writes(1000).size(), 500u);
    hall.go_to(200);
    EXPECT_EQ(hall.on_air(), "normal");
}

TEST(Engine, prefixes_do_not_cover_each_other) {
    config::Rule one = take_rule("one", "flood"), two = one, three = one;
    two.name = "two";
    two.when.subject = "gauge/";
    three.name = "three";
    three.when.type = "x.other.v1";
    three.when.place.emplace();
    three.when.place->from = "x.station.v1";
    const Engine engine(site_of({one, two, three}));
    EXPECT_THAT(engine.prefixes(), ElementsAre("x.level.v1/", "x.other.v1/", "x.station.v1/"));
}

}  // namespace
}  // namespace bw::rules::test
