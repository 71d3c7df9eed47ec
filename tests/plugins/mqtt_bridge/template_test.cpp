// SPDX-License-Identifier: Apache-2.0
// Topic filters with named parts, and the texts that use the names.
#include "plugins/mqtt_bridge/template.h"

#include <gtest/gtest.h>

namespace bw::mqtt_bridge {
namespace {

TopicPattern pattern(const std::string& text) {
    std::string why;
    auto made = TopicPattern::parse(text, why);
    EXPECT_TRUE(made) << text << ": " << why;
    return made ? *made : TopicPattern();
}

TEST(TopicPattern, NamesPartsAndGivesTheBrokerWildcards) {
    const auto gauges = pattern("gauges/{station}/level");
    EXPECT_EQ(gauges.filter(), "gauges/+/level");
    Names names;
    EXPECT_TRUE(gauges.match("gauges/G1/level", names));
    EXPECT_EQ(names, (Names{{"station", "G1"}}));
    for (const char* other : {"gauges/G1", "gauges/G1/level/x", "gauges/G1/flow", "", "gauges"})
        EXPECT_FALSE(gauges.match(other, names)) << other;
    EXPECT_TRUE(gauges.match("gauges//level", names)) << "an empty level is one";
}

TEST(TopicPattern, TheRestIsOneNameWithSlashes) {
    const auto all = pattern("county/{rest...}");
    EXPECT_EQ(all.filter(), "county/#");
    Names names;
    EXPECT_TRUE(all.match("county/a/b", names));
    EXPECT_EQ(names["rest"], "a/b");
    EXPECT_TRUE(all.match("county", names)) << "as MQTT has it";
    EXPECT_FALSE(all.match("counties/a", names));
}

TEST(TopicPattern, WildcardsWithoutANameAndTheBrokersOwnTopics) {
    Names names;
    EXPECT_TRUE(pattern("+/x/#").match("a/x/y/z", names));
    EXPECT_TRUE(names.empty());
    EXPECT_FALSE(pattern("#").match("$SYS/uptime", names));
    EXPECT_TRUE(pattern("$SYS/{what}").match("$SYS/uptime", names));
}

TEST(TopicPattern, WhatIsNone) {
    for (const char* text :
         {"", "a/#/b", "a+/b", "{a}{b}", "a/{b", "{A}", "{a}/{a}", "{a...}/b", "x{a}", "{}"}) {
        std::string why;
        EXPECT_FALSE(TopicPattern::parse(text, why)) << text;
        EXPECT_NE(why, "") << text;
    }
}

TEST(Template, IsFilledAndItsNamesAreKnown) {
    EXPECT_EQ(filled("gauge/{a}-{b}", {{"a", "1"}, {"b", "2"}}), "gauge/1-2");
    EXPECT_EQ(filled("{none}x", {}), "x");
    EXPECT_EQ(names_in("a/{b}/{c}"), (std::set<std::string>{"b", "c"}));
    for (const char* text : {"{", "}", "{}", "{a b}", "a}"}) EXPECT_FALSE(names_in(text)) << text;
}

TEST(Topic, HasNoWildcards) {
    EXPECT_TRUE(is_topic("a/b"));
    for (const char* text : {"", "a/+", "#"}) EXPECT_FALSE(is_topic(text)) << text;
    EXPECT_FALSE(is_topic(std::string("a\0b", 3)));
}

}  // namespace
}  // namespace bw::mqtt_bridge
