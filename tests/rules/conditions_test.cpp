// SPDX-License-Identifier: Apache-2.0
// Each clause that looks at time and at many events.
#include "core/rules/conditions.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/rules/trial.h"

namespace bw::rules::test {
namespace {

using What = Conditions::Change::What;

/// "began s/1", "over s/1", "again s/1", in order.
class Told {
  public:
    explicit Told(config::Rule rule) : site_(site_of({std::move(rule)})), conditions(*site_) {}
    std::vector<std::string> hear(Fact fact) {
        std::vector<Conditions::Change> changes;
        conditions.hear(fact, changes);
        return words(changes);
    }
    std::vector<std::string> tick(double second) {
        std::vector<Conditions::Change> changes;
        conditions.tick(at(second), changes);
        return words(changes);
    }
    static std::vector<std::string> words(const std::vector<Conditions::Change>& changes) {
        std::vector<std::string> out;
        for (const auto& c : changes) {
            const char* word = c.what == What::began  ? (c.old ? "old " : "began ")
                               : c.what == What::over ? "over "
                                                      : "again ";
            out.push_back(word + c.subject);
        }
        return out;
    }

  private:
    std::shared_ptr<config::Site> site_;

  public:
    Conditions conditions;
};

using Words = std::vector<std::string>;

TEST(Conditions, each_subject_begins_and_ends_by_itself) {
    Told told(take_rule("r", "flood"));
    EXPECT_EQ(told.hear(level("s/1", 3, 0)), Words{"began s/1"});
    EXPECT_EQ(told.hear(level("s/2", 4, 1)), Words{"began s/2"});
    EXPECT_EQ(told.hear(level("s/1", 4, 2)), Words{"again s/1"});
    EXPECT_EQ(told.hear(level("s/1", 2, 3)), Words{"over s/1"});
    EXPECT_EQ(told.hear(level("s/1", 1, 4)), Words{});
    EXPECT_EQ(told.hear(level("s/2", 0, 5)), Words{"over s/2"});
}

TEST(Conditions, a_tombstone_ends_it) {
    Told told(take_rule("r", "flood"));
    Fact record = level("s/1", 4, 0);
    record.record = true;
    EXPECT_EQ(told.hear(record), Words{"began s/1"});
    record.tombstone = true;
    EXPECT_EQ(told.hear(record), Words{"over s/1"});
}

TEST(Conditions, it_has_to_hold_all_the_time) {
    config::Rule rule = take_rule("r", "flood");
    rule.when.for_ms = 60'000;
    Told told(rule);
    EXPECT_EQ(told.hear(level("s/1", 3, 0)), Words{});
    EXPECT_EQ(told.tick(59), Words{});
    EXPECT_EQ(told.hear(level("s/1", 2, 59)), Words{});
    EXPECT_EQ(told.hear(level("s/1", 3, 70)), Words{});
    EXPECT_EQ(told.hear(level("s/1", 3, 100)), Words{}) << "said again is not begun again";
    EXPECT_EQ(told.conditions.next_wake_ns(at(100)), at(130));
    EXPECT_EQ(told.tick(130), Words{"began s/1"});
}

TEST(Conditions, what_is_told_no_more_is_over_and_a_record_is_not) {
    config::Rule rule = take_rule("r", "flood");
    rule.when.lasts_ms = 30'000;
    Told told(rule);
    told.hear(level("s/1", 3, 0));
    Fact record = level("s/2", 3, 0);
    record.record = true;
    told.hear(record);
    told.hear(level("s/1", 3, 20));
    EXPECT_EQ(told.tick(50), Words{});
    EXPECT_EQ(told.tick(51), Words{"over s/1"});
}

TEST(Conditions, it_counts_events_in_a_window) {
    config::Rule rule = take_rule("r", "flood");
    rule.when.count = 3;
    rule.when.within_ms = 60'000;
    Told told(rule);
    EXPECT_EQ(told.hear(level("s/1", 3, 0)), Words{});
    EXPECT_EQ(told.hear(level("s/1", 3, 10)), Words{});
    EXPECT_EQ(told.hear(level("s/1", 1, 15)), Words{}) << "this one is none";
    EXPECT_EQ(told.hear(level("s/1", 3, 61)), Words{}) << "the first has left the window";
    EXPECT_EQ(told.hear(level("s/2", 3, 62)), Words{"began "});
    EXPECT_EQ(told.conditions.next_wake_ns(at(62)), at(70));
    EXPECT_EQ(told.tick(70), Words{"over "});
}

TEST(Conditions, it_counts_subjects_in_a_window) {
    config::Rule rule = take_rule("r", "flood");
    rule.when.count = 2;
    rule.when.within_ms = 60'000;
    rule.when.subjects = true;
    Told told(rule);
    for (int second = 0; second < 10; ++second)
        EXPECT_EQ(told.hear(level("s/1", 3, second)), Words{});
    EXPECT_EQ(told.hear(level("s/2", 3, 10)), Words{"began "});
    EXPECT_EQ(told.tick(69), Words{"over "}) << "s/1 was last told at 9";
}

TEST(Conditions, hours_begin_it_and_end_it) {
    config::Rule rule = take_rule("r", "flood");
    rule.when.between = config::RuleHours{22 * 60, 6 * 60};
    rule.when.for_ms = 60'000;
    rule.when.lasts_ms = int64_t{24} * 3'600'000;
    Told told(rule);
    EXPECT_EQ(told.hear(level("s/1", 3, 21 * 3600)), Words{});
    EXPECT_EQ(told.conditions.next_wake_ns(at(21 * 3600)), at(22 * 3600));
    EXPECT_EQ(told.tick(22 * 3600), Words{}) << "so long it has to hold within the hours";
    EXPECT_EQ(told.tick(22 * 3600 + 60), Words{"began s/1"});
    EXPECT_EQ(told.tick(30 * 3600), Words{"over s/1"});
}

TEST(Conditions, a_last_value_is_no_news_to_who_remembers_nothing) {
    Told told(take_rule("r", "flood"));
    Fact value = level("s/1", 3, 0);
    value.replayed = true;
    EXPECT_EQ(told.hear(value), Words{"old s/1"});
    EXPECT_EQ(told.hear(level("s/1", 1, 10)), Words{"over s/1"});
    EXPECT_EQ(told.hear(level("s/1", 3, 20)), Words{"began s/1"});
}

TEST(Conditions, a_new_life_knows_what_began_and_since_when) {
    config::Rule rule = take_rule("r", "flood");
    rule.when.for_ms = 60'000;
    Told before(rule), after(rule);
    before.hear(level("s/1", 3, 0));
    before.tick(60);
    before.hear(level("s/2", 3, 50));
    after.conditions.restore(before.conditions.save(), at(70));
    Fact first = level("s/1", 3, 70), second = level("s/2", 4, 70), third = level("s/3", 3, 70);
    for (Fact* value : {&first, &second, &third}) value->replayed = true;
    EXPECT_EQ(after.hear(first), Words{}) << "it was told in the life before";
    EXPECT_EQ(after.hear(second), Words{});
    EXPECT_EQ(after.hear(third), Words{});
    EXPECT_EQ(after.tick(110), Words{"began s/2"}) << "60 s after 50";
    EXPECT_EQ(after.tick(130), Words{"began s/3"}) << "began while nobody listened";
}

TEST(Conditions, what_began_while_nobody_listened_is_news_to_who_remembers) {
    Told told(take_rule("r", "flood"));
    told.conditions.restore(nlohmann::json::object(), at(0));
    Fact value = level("s/1", 3, 0);
    value.replayed = true;
    EXPECT_EQ(told.hear(value), Words{"began s/1"});
}

TEST(Conditions, a_flood_of_subjects_costs_no_memory_without_end) {
    Told told(take_rule("r", "flood"));
    for (size_t i = 0; i < Conditions::kMaxSubjects + 5; ++i)
        told.hear(level("s/" + std::to_string(i), 3, 0));
    EXPECT_EQ(told.conditions.dropped(), 5u);
}

TEST(Conditions, changed_rules_end_and_others_go_on) {
    config::Rule kept = take_rule("kept", "flood"), changed = take_rule("changed", "fire");
    const auto site = site_of({kept, changed});
    Conditions conditions(*site);
    std::vector<Conditions::Change> out;
    conditions.hear(level("s/1", 3, 0), out);
    ASSERT_EQ(out.size(), 2u);
    changed.when.level = 4;
    out.clear();
    conditions.set_site(*site_of({kept, changed}), at(1), out);
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].rule + " " + Told::words(out)[0], "changed over s/1");
    out.clear();
    conditions.hear(level("s/1", 2, 2), out);
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].rule + " " + Told::words(out)[0], "kept over s/1");
}

}  // namespace
}  // namespace bw::rules::test
