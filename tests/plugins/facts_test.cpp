// SPDX-License-Identifier: Apache-2.0
// What the services of supplies, dispatch and fire_watch derive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plugins/dispatch/teams.h"
#include "plugins/fire_watch/danger.h"
#include "plugins/supplies/stock.h"

namespace bw {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kItems = R"({"items": [
  {"id": "I1", "name": {"zh": "排水泵", "en": "pump"}, "unit": {"zh": "台", "en": "units"}, "category": "flood", "synthetic": true},
  {"id": "I2", "name": {"zh": "帐篷", "en": "tent"}, "unit": {"zh": "顶", "en": "tents"}, "category": "shelter", "synthetic": true}]})";
constexpr const char* kStores = R"({"stores": [
  {"id": "S1", "name": {"zh": "甲库", "en": "A"}, "kind": "town", "town": {"zh": "甲镇", "en": "A"}, "longitude": 117, "latitude": 40,
   "stock": [["I1", 10, 5], ["I2", 3, 8]], "synthetic": true},
  {"id": "S2", "name": {"zh": "乙库", "en": "B"}, "kind": "town", "town": {"zh": "乙镇", "en": "B"}, "longitude": 117, "latitude": 40,
   "stock": [["I1", 20, 5]], "synthetic": true}]})";

TEST(Stock, SumsPerStoreAndPerItem) {
    supplies::Stock stock;
    ASSERT_TRUE(stock.load(kItems, kStores).ok());
    json store = json::parse(stock.store_record("S1"));
    EXPECT_EQ(store["kinds"], 2);
    EXPECT_EQ(store["pieces"], 13);
    EXPECT_EQ(store["shortages"], 1);
    json item = json::parse(stock.item_record("I1"));
    EXPECT_EQ(item["pieces"], 30);
    EXPECT_EQ(item["minimum"], 10);
    EXPECT_EQ(item["stores"], 2);
    EXPECT_EQ(item["most_store"], "S2");
    json shortage = json::parse(stock.shortage_record("S1", "I2"));
    EXPECT_EQ(shortage["missing"], 5);
    EXPECT_EQ(shortage["store_name"]["zh"], "甲库");
    EXPECT_EQ(stock.shortage_record("S1", "I1"), "");
}

TEST(Stock, MovementsOfUnknownThingsAreRefused) {
    supplies::Stock stock;
    ASSERT_TRUE(stock.load(kItems, kStores).ok());
    EXPECT_TRUE(stock.set("S1", "I2", 9));
    EXPECT_EQ(stock.shortage_record("S1", "I2"), "");
    EXPECT_FALSE(stock.set("S1", "I9", 9));
    EXPECT_FALSE(stock.set("S9", "I1", 9));
    EXPECT_FALSE(stock.set("S1", "I1", -1));
}

TEST(Stock, AdoptsAnEarlierLifesQuantitiesAndSurvivesRubbish) {
    supplies::Stock stock;
    ASSERT_TRUE(stock.load(kItems, kStores).ok());
    stock.adopt("S1", R"({"items": [["I1", 1, 5], ["I9", 1, 1], 7, ["I2"]]})");
    stock.adopt("S2", "no json");
    EXPECT_EQ(json::parse(stock.item_record("I1"))["pieces"], 21);
    EXPECT_THAT(stock.load("{}", kStores).error().text, HasSubstr("items"));
    EXPECT_TRUE(stock.stores().empty());
}

constexpr const char* kTeams = R"({"teams": [
  {"id": "T1", "name": {"zh": "一队", "en": "1"}, "people": 10, "state": "standby", "synthetic": true},
  {"id": "T2", "name": {"zh": "二队", "en": "2"}, "people": 25, "state": "standby", "synthetic": true}]})";
constexpr int64_t kStep = dispatch::kStepNs;

TEST(Teams, StatesChangeOnceAndOnlyToKnownWords) {
    dispatch::Teams teams;
    ASSERT_TRUE(teams.load(kTeams).ok());
    EXPECT_TRUE(teams.set_state("T1", "en_route", "2031-07-21T06:00:00Z"));
    EXPECT_FALSE(teams.set_state("T1", "en_route", "2031-07-21T06:01:00Z"));
    EXPECT_FALSE(teams.set_state("T1", "dancing", ""));
    EXPECT_FALSE(teams.set_state("T9", "en_route", ""));
    json record = json::parse(teams.record("T1"));
    EXPECT_EQ(record["state"], "en_route");
    EXPECT_EQ(record["since"], "2031-07-21T06:00:00Z");
    EXPECT_EQ(teams.people(), (dispatch::People{25, 0, 10, 0, 0}));
}

TEST(Teams, ForcesTellEachStepAndLeaveTheUnknownOut) {
    dispatch::Teams teams;
    ASSERT_TRUE(teams.load(kTeams).ok());
    EXPECT_EQ(teams.forces_record(), "");
    teams.tick(1000 * kStep);
    teams.set_state("T2", "on_scene", "");
    teams.tick(1002 * kStep);
    json forces = json::parse(teams.forces_record());
    auto& people = forces["people"];
    ASSERT_EQ(people.size(), dispatch::kSteps);
    EXPECT_EQ(people[47], json({10, 0, 0, 25, 0}));
    EXPECT_TRUE(people[46].is_null());
    EXPECT_EQ(people[45], json({35, 0, 0, 0, 0}));
    EXPECT_TRUE(people[44].is_null());
}

TEST(Teams, HistoryAndAnEarlierLifeFillThePast) {
    dispatch::Teams teams;
    ASSERT_TRUE(teams.load(kTeams).ok());
    teams.adopt_forces(R"({"step_s": 900, "end": ")"
                       "1970-01-11T09:45:00Z"
                       R"(", "people": [[1, 2, 3, 4, 5]]})");
    teams.tick(1002 * kStep);
    teams.fill("T1", 1001 * kStep, kStep, {2, 3});
    json people = json::parse(teams.forces_record())["people"];
    EXPECT_EQ(people[46], json({25, 0, 0, 10, 0}));
    EXPECT_EQ(people[45], json({25, 0, 10, 0, 0}));
    EXPECT_EQ(people[44], json({1, 2, 3, 4, 5}));
    teams.tick(500 * kStep);  // the exercise began anew
    EXPECT_TRUE(json::parse(teams.forces_record())["people"][46].is_null());
}

TEST(Danger, GradesFollowTheIndex) {
    EXPECT_EQ(fire::danger(20, 95).grade, 1);
    EXPECT_EQ(fire::danger(24, 60).grade, 2);
    EXPECT_EQ(fire::danger(27, 55).grade, 3);
    EXPECT_EQ(fire::danger(30, 52).grade, 4);
    EXPECT_EQ(fire::danger(34, 25).grade, 5);
    EXPECT_EQ(fire::danger(34, 25).level, 4);
}

TEST(Sight, NearestFirstWithTheirBearings) {
    fire::Place place{117.0, 40.5};
    auto sights = fire::who_sees(
        place, {{"far", {117.3, 40.5}}, {"south", {117.0, 40.45}}, {"west", {116.99, 40.5}}}, 2);
    ASSERT_EQ(sights.size(), 2u);
    EXPECT_EQ(sights[0].id, "west");
    EXPECT_NEAR(sights[0].bearing_deg, 90, 0.1);
    EXPECT_EQ(sights[1].id, "south");
    EXPECT_NEAR(sights[1].bearing_deg, 0, 0.1);
    fire::Place there = fire::ahead(place, 48, 3.2);
    EXPECT_NEAR(fire::distance_km(place, there), 3.2, 0.02);
    EXPECT_NEAR(fire::bearing_deg(place, there), 48, 0.2);
}

}  // namespace
}  // namespace bw
