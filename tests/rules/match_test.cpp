// SPDX-License-Identifier: Apache-2.0
// Each clause that looks at one event alone.
#include "core/rules/match.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/rules/trial.h"

namespace bw::rules::test {
namespace {

using config::RuleField;
using config::RuleWhen;

bool says(const RuleWhen& when, const std::string& data, const std::string& subject = "s/1",
          const std::string& type = "x.t.v1") {
    const auto site = site_of({});
    const Places places(*site);
    const Fact told = fact(type, subject, data, 0);
    return concerns(when, told) && holds(when, told, nlohmann::json::parse(data), places);
}

RuleWhen of_type(const std::string& type) {
    RuleWhen when;
    when.type = type;
    return when;
}

TEST(Match, a_type_is_whole_or_a_beginning_with_a_dot) {
    EXPECT_TRUE(says(of_type("x.t.v1"), "{}"));
    EXPECT_FALSE(says(of_type("x.t.v1"), "{}", "s/1", "x.t.v10"));
    EXPECT_TRUE(says(of_type("x.t."), "{}", "s/1", "x.t.v10"));
    EXPECT_FALSE(says(of_type("x.t"), "{}"));
}

TEST(Match, a_subject_is_whole_or_a_beginning_with_a_slash) {
    RuleWhen when = of_type("x.t.v1");
    when.subject = "gauge/";
    EXPECT_TRUE(says(when, "{}", "gauge/G-1"));
    EXPECT_FALSE(says(when, "{}", "gauges/G-1"));
    when.subject = "gauge/G-1";
    EXPECT_TRUE(says(when, "{}", "gauge/G-1"));
    EXPECT_FALSE(says(when, "{}", "gauge/G-10"));
}

TEST(Match, a_level_is_at_least_that_in_every_way_of_saying_it) {
    RuleWhen when = of_type("x.t.v1");
    when.level = 3;
    for (const char* data : {R"({"level":3})", R"({"level":4})", R"({"level":"orange"})",
                             R"({"level":"II"})", R"({"level":"I"})"})
        EXPECT_TRUE(says(when, data)) << data;
    for (const char* data : {R"({"level":2})", R"({"level":"yellow"})", R"({"level":"III"})",
                             R"({"level":null})", "{}", "[]", R"({"level":"high"})"})
        EXPECT_FALSE(says(when, data)) << data;
}

RuleWhen with_field(RuleField field) {
    RuleWhen when = of_type("x.t.v1");
    when.fields = {std::move(field)};
    return when;
}

TEST(Match, a_field_is_compared_by_value_and_by_range) {
    RuleField is{"/state", {std::string("lost"), std::string("failed")}, {}, {}, {}, {}};
    EXPECT_TRUE(says(with_field(is), R"({"state":"failed"})"));
    EXPECT_FALSE(says(with_field(is), R"({"state":"playing"})"));
    EXPECT_FALSE(says(with_field(is), "{}"));
    RuleField is_not{"/state", {}, {std::string("playing")}, {}, {}, {}};
    EXPECT_FALSE(says(with_field(is_not), R"({"state":"playing"})"));
    EXPECT_TRUE(says(with_field(is_not), R"({"state":1})"));
    RuleField range{"/water/level_m", {}, {}, 12.5, 20.0, {}};
    EXPECT_TRUE(says(with_field(range), R"({"water":{"level_m":12.5}})"));
    EXPECT_TRUE(says(with_field(range), R"({"water":{"level_m":20}})"));
    EXPECT_FALSE(says(with_field(range), R"({"water":{"level_m":20.01}})"));
    EXPECT_FALSE(says(with_field(range), R"({"water":{"level_m":"13"}})"));
    RuleField truth{"/on", {true}, {}, {}, {}, {}};
    EXPECT_TRUE(says(with_field(truth), R"({"on":true})"));
    EXPECT_FALSE(says(with_field(truth), R"({"on":1})"));
    RuleField gone{"/a~1b/1", {}, {}, {}, {}, false};
    EXPECT_TRUE(says(with_field(gone), R"({"a/b":[0]})"));
    EXPECT_FALSE(says(with_field(gone), R"({"a/b":[0,null]})"));
}

TEST(Match, a_circle_is_measured_along_the_ground) {
    config::RuleArea area;
    area.longitude = 116.4;
    area.latitude = 39.9;
    // Beijing to Tianjin (117.2 E, 39.13 N): 109.6 km by the haversine formula.
    area.radius_km = 110;
    EXPECT_TRUE(inside(area, {117.2, 39.13}));
    area.radius_km = 109;
    EXPECT_FALSE(inside(area, {117.2, 39.13}));
}

TEST(Match, a_polygon_has_its_edges_and_not_its_notch) {
    config::RuleArea area;
    area.corners = {{0, 0}, {10, 0}, {10, 10}, {5, 5}, {0, 10}};
    EXPECT_TRUE(inside(area, {5, 4}));
    EXPECT_TRUE(inside(area, {0, 5}));
    EXPECT_TRUE(inside(area, {5, 5}));
    EXPECT_FALSE(inside(area, {5, 6}));
    EXPECT_FALSE(inside(area, {11, 1}));
}

TEST(Match, a_place_comes_from_the_event_the_cameras_or_another_type) {
    auto site = site_of({});
    site->cameras.resize(1);
    site->cameras[0].id = "camera/C";
    site->cameras[0].longitude = 1;
    site->cameras[0].latitude = 1;
    Places places(*site);
    RuleWhen when = of_type("x.t.v1");
    when.place.emplace();
    when.place->corners = {{0, 0}, {2, 0}, {2, 2}, {0, 2}};
    const auto is = [&](const std::string& subject, const std::string& data) {
        return holds(when, fact("x.t.v1", subject, data, 0), nlohmann::json::parse(data), places);
    };
    EXPECT_TRUE(is("a", R"({"longitude":1,"latitude":1})"));
    EXPECT_FALSE(is("a", R"({"longitude":3,"latitude":1})"));
    EXPECT_TRUE(is("camera/C", "{}"));
    EXPECT_FALSE(is("gauge/G", "{}")) << "nobody knows where it is";
    const auto station = nlohmann::json::parse(R"({"longitude":1.5,"latitude":0.5})");
    places.hear(fact("x.station.v1", "gauge/G", station.dump(), 0), station);
    EXPECT_FALSE(is("gauge/G", "{}"));
    when.place->from = "x.station.v1";
    EXPECT_TRUE(is("gauge/G", "{}"));
}

TEST(Match, hours_go_over_midnight_by_the_halls_clock) {
    const config::RuleHours night{22 * 60, 6 * 60}, day{6 * 60, 22 * 60};
    EXPECT_TRUE(within_hours(night, at(23 * 3600), 0));
    EXPECT_TRUE(within_hours(night, at(5 * 3600), 0));
    EXPECT_FALSE(within_hours(night, at(6 * 3600), 0));
    EXPECT_TRUE(within_hours(day, at(6 * 3600), 0));
    EXPECT_TRUE(within_hours(night, at(14 * 3600), 480)) << "14:00 UTC is 22:00 there";
    EXPECT_EQ(hours_began_ns(night, at(5 * 3600), 0), at(-2 * 3600));
    EXPECT_EQ(hours_change_ns(night, at(5 * 3600 + 1), 0), at(6 * 3600));
    EXPECT_EQ(hours_change_ns(night, at(6 * 3600), 0), at(22 * 3600));
}

TEST(Match, a_rule_subscribes_to_no_more_than_it_needs) {
    RuleWhen when = of_type("x.t.v1");
    EXPECT_EQ(prefix_of(when), "x.t.v1/");
    when.subject = "gauge/";
    EXPECT_EQ(prefix_of(when), "x.t.v1/gauge/");
    EXPECT_EQ(prefix_of(of_type("x.t.")), "x.t.");
}

}  // namespace
}  // namespace bw::rules::test
