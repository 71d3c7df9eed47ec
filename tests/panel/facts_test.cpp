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

}  // namespace
}  // namespace bw::panel
