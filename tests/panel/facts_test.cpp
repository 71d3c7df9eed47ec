// SPDX-License-Identifier: Apache-2.0
#include "core/panel/facts.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/panel/pane.h"

namespace bw::panel {
namespace {

events::Event event(const std::string& type, const std::string& subject, const std::string& data) {
    events::Event e;
    e.type = type;
    e.subject = subject;
    e.data = data;
    return e;
}

TEST(LastValues, KeepsTheNewestAndForgetsTombstones) {
    LastValues values;
    values.keep(event("x.a.v1", "g/1", "1"));
    values.keep(event("x.a.v1", "g/1", "2"));
    values.keep(event("x.a.v1", "g/2", "3"));
    values.keep(event("x.ab.v1", "g/1", "4"));
    auto gone = event("x.a.v1", "g/2", "{}");
    gone.tombstone = true;
    values.keep(gone);
    std::vector<std::string> seen;
    values.replay("x.a.", [&](const events::Event& e) { seen.push_back(e.data); });
    EXPECT_EQ(seen, std::vector<std::string>{"2"});
    seen.clear();
    values.replay("", [&](const events::Event& e) { seen.push_back(e.data); });
    EXPECT_EQ(seen, (std::vector<std::string>{"2", "4"}));
}

TEST(Views, OwnSavesThatComeBackAreNoNews) {
    Views views;
    EXPECT_EQ(views.of("a"), "{}");
    EXPECT_TRUE(views.saved("a", R"({"page": 1})"));
    EXPECT_TRUE(views.saved("a", R"({"page": 2})"));
    EXPECT_FALSE(views.saved("a", R"({ "page":2 })"));  // the same
    EXPECT_FALSE(views.arrived("a", event("t", "pane/a", R"({"page":1})")));
    EXPECT_EQ(views.of("a"), R"({"page":2})");  // not thrown back
    EXPECT_FALSE(views.arrived("a", event("t", "pane/a", R"({"page":2})")));
    EXPECT_TRUE(views.arrived("a", event("t", "pane/a", R"({"page":1})")));
    EXPECT_EQ(views.of("a"), R"({"page":1})");
    auto gone = event("t", "pane/a", "{}");
    gone.tombstone = true;
    EXPECT_TRUE(views.arrived("a", gone));
    EXPECT_EQ(views.of("a"), "{}");
}

TEST(Views, RefusesWhatIsTooLongOrNoObject) {
    Views views;
    EXPECT_FALSE(views.saved("a", "[1]"));
    EXPECT_FALSE(views.saved("a", "{"));
    EXPECT_FALSE(views.saved("a", R"({"x": ")" + std::string(5000, 'x') + R"("})"));
    EXPECT_EQ(views.of("a"), "{}");
}

TEST(Wish, NeedsAPaneAndAPanel) {
    auto wish =
        parse_wish(R"({"pane": "a", "panel": "b", "settings": {"x": 1}, "language": "en"})");
    ASSERT_TRUE(wish);
    EXPECT_EQ(wish->settings, R"({"x":1})");
    EXPECT_EQ(wish->language, "en");
    EXPECT_EQ(wish->space, "live");
    EXPECT_FALSE(parse_wish(R"({"pane": "a"})"));
    EXPECT_FALSE(parse_wish("[]"));
    EXPECT_FALSE(parse_wish(""));
}

TEST(Wish, NamesASpaceAndItsClock) {
    const auto with = [](const std::string& more) {
        return parse_wish(R"({"pane": "a", "panel": "b")" + more + "}");
    };
    auto wish = with(R"(, "space": "drill", "clock": {"wall_ns": 5, "space_ns": 7, "rate": 10})");
    ASSERT_TRUE(wish);
    EXPECT_EQ(wish->space, "drill");
    EXPECT_EQ(wish->clock, (base::SpaceClock{5, 7, 10}));
    EXPECT_EQ(with("")->clock, base::SpaceClock{});
    for (const char* bad : {R"("x")", "{}", R"({"wall_ns": 5, "space_ns": 7})",
                            R"({"wall_ns": -5, "space_ns": 7, "rate": 1})",
                            R"({"wall_ns": 5, "space_ns": 4000000000000000001, "rate": 1})",
                            R"({"wall_ns": 18446744073709551615, "space_ns": 7, "rate": 1})",
                            R"({"wall_ns": 5.5, "space_ns": 7, "rate": 1})",
                            R"({"wall_ns": 5, "space_ns": 7, "rate": 1e300})",
                            R"({"wall_ns": 5, "space_ns": 7, "rate": -1})",
                            R"({"wall_ns": 5, "space_ns": 7, "rate": "fast"})"})
        EXPECT_FALSE(with(std::string(R"(, "space": "drill", "clock": )") + bad)) << bad;
    EXPECT_FALSE(with(R"(, "space": "")"));
    EXPECT_FALSE(with(R"(, "space": ")" + std::string(65, 'a') + "\""));
}

TEST(Spaces, ASpaceIsEnteredOnceAndForgottenWithItsLastPane) {
    Spaces spaces;
    ASSERT_NE(spaces.find("live"), nullptr);
    EXPECT_EQ(spaces.awaited_until("live", 0), 0);
    EXPECT_FALSE(spaces.enter("live", {}, 100).first);
    EXPECT_EQ(spaces.find("drill"), nullptr);
    const base::SpaceClock clock{5, 7, 10};
    auto entered = spaces.enter("drill", clock, 100);
    EXPECT_TRUE(entered.first && !entered.again);
    EXPECT_GT(spaces.awaited_until("drill", 100), 100);
    EXPECT_EQ(spaces.awaited_until("drill", spaces.awaited_until("drill", 100)), 0);
    entered.facts.heard = true;
    EXPECT_EQ(spaces.awaited_until("drill", 100), 0);
    entered.facts.values.keep(event("x.a.v1", "g/1", "1"));
    const auto known = [&] {
        int count = 0;
        spaces.find("drill")->values.replay("", [&](const events::Event&) { ++count; });
        return count;
    };
    EXPECT_FALSE(spaces.enter("drill", clock, 200).first);
    EXPECT_EQ(known(), 1);
    EXPECT_FALSE(spaces.enter("drill", {9, 9, 0}, 200).first);  // the same, at its end
    EXPECT_EQ(known(), 1);
    EXPECT_TRUE(spaces.leave([](const std::string& name) { return name == "drill"; }).empty());
    // Another run under the same name: what was true in the first is not in this.
    EXPECT_TRUE(spaces.enter("drill", {50, 7, 10}, 300).again);
    EXPECT_EQ(known(), 0);
    EXPECT_EQ(spaces.leave([](const std::string&) { return false; }),
              std::vector<std::string>{"drill"});
    EXPECT_EQ(spaces.find("drill"), nullptr);
    EXPECT_NE(spaces.find("live"), nullptr);
}

}  // namespace
}  // namespace bw::panel
