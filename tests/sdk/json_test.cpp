// SPDX-License-Identifier: Apache-2.0
#include <beaconwall/sdk/json.h>
#include <gtest/gtest.h>

#include <vector>

namespace bw::sdk {
namespace {

TEST(Json, ReadsByPath) {
    Json json = Json::parse(
        R"({"name": {"zh": "石城", "en": "Shicheng"}, "at": [116.9, 40.5], "n": 3, "on": true, "s": "x"})");
    EXPECT_EQ(json.text_in("name", "zh"), "石城");
    EXPECT_EQ(json.text_in("name", "en"), "Shicheng");
    EXPECT_EQ(json.text_in("s", "zh"), "x");
    EXPECT_DOUBLE_EQ(json.number("at.1"), 40.5);
    EXPECT_DOUBLE_EQ(json.number("at.2", -1), -1);
    EXPECT_EQ(json.integer("n"), 3);
    EXPECT_TRUE(json.flag("on"));
    EXPECT_EQ(json.text("n"), "3");
    EXPECT_FALSE(json.get_number("s").has_value());
    EXPECT_FALSE(json.has("name.fr"));
    EXPECT_TRUE(json.at("name.fr").is_null());
    EXPECT_EQ(json.at("at").size(), 2u);
}

TEST(Json, FaultyTextIsNull) {
    Json json = Json::parse("{\"a\": ");
    EXPECT_TRUE(json.is_null());
    EXPECT_EQ(json.text("a", "none"), "none");
    EXPECT_EQ(json.size(), 0u);
    EXPECT_EQ(json.dump(), "null");
}

TEST(Json, VisitsElementsAndMembers) {
    Json json = Json::parse(R"({"list": [1, 2, 3], "map": {"b": 2, "a": 1}})");
    double sum = 0;
    json.each("list", [&](const Json& v) { sum += v.number(""); });
    EXPECT_DOUBLE_EQ(sum, 6);
    std::vector<std::string> names;
    json.each_member("map", [&](const std::string& name, const Json&) { names.push_back(name); });
    EXPECT_EQ(names, (std::vector<std::string>{"a", "b"}));
    json.each("nothing", [](const Json&) { FAIL(); });
}

TEST(Json, Builds) {
    Json list = Json::array();
    list.push("one").push(2.5);
    Json json = Json::object();
    json.set("page", 3).set("open", true).set("list", list).set("name", "表");
    EXPECT_EQ(json.dump(), R"({"list":["one",2.5],"name":"表","open":true,"page":3})");
    Json fresh;
    fresh.set("a", 1);
    EXPECT_EQ(fresh.dump(), R"({"a":1})");
}

}  // namespace
}  // namespace bw::sdk
