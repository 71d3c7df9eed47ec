// SPDX-License-Identifier: Apache-2.0
// Messages as events and events as messages.
#include "plugins/mqtt_bridge/payloads.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace bw::mqtt_bridge {
namespace {

using nlohmann::json;

constexpr int64_t kNow = 1'800'000'000'000'000'000;
constexpr const char* kNowText = "2027-01-15T08:00:00.000Z";

Maps maps(const std::string& in) {
    std::vector<std::string> faults;
    Maps out = read_maps("[broker]\nhost = \"127.0.0.1\"\n" + in, "m.toml", "/", faults);
    EXPECT_TRUE(faults.empty()) << faults[0];
    return out;
}

InMap in(const std::string& more) {
    return maps(
               "[[in]]\ntopic = \"g/{station}\"\ntype = \"x.level.v1\"\nsubject = "
               "\"gauge/{station}\"\n" +
               more)
        .in.at(0);
}

OutMap out(const std::string& more) {
    return maps("[[out]]\ntype = \"x.level.v1\"\ntopic = \"wall/{subject}\"\n" + more).out.at(0);
}

std::vector<events::Event> events(const InMap& map, const std::string& payload) {
    Names names;
    EXPECT_TRUE(map.topic.match("g/G1", names));
    auto made = events_of(map, "g/G1", names, payload, kNow);
    EXPECT_TRUE(made) << made.error().text;
    return made ? *made : std::vector<events::Event>();
}

std::string fault(const InMap& map, const std::string& payload) {
    Names names{{"station", "G1"}};
    const auto made = events_of(map, "g/G1", names, payload, kNow);
    return made ? "" : made.error().text;
}

TEST(Payloads, ANumberIsAField) {
    const auto made = events(in("payload = \"number\"\nfields = { level_m = \"value\" }\n"
                                "constants = { station = \"{station}\", exercise = true }\n"),
                             " 1.25\n");
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].type, "x.level.v1");
    EXPECT_EQ(made[0].subject, "gauge/G1");
    EXPECT_EQ(made[0].time, kNowText);
    EXPECT_EQ(json::parse(made[0].data),
              json::parse(R"({"level_m":1.25,"station":"G1","exercise":true})"));
    EXPECT_EQ(topic_it_came_from(made[0]), "g/G1");
    for (const char* bad : {"", "x", "1.2.3", "nan", "inf", "1 2", "0x10", "{}"})
        EXPECT_NE(fault(in("payload = \"number\"\n"), bad), "") << bad;
    EXPECT_EQ(events(in("payload = \"number\"\n"), "+3")[0].data, R"({"value":3.0})");
}

TEST(Payloads, JsonByPointersWithTheDevicesTime) {
    const auto map = in("time = \"/at\"\nfields = { level_m = \"/w/l\", battery = \"/b\" }\n");
    const auto made = events(map, R"({"at":"2026-07-01T08:15:00+08:00","w":{"l":2.5},"x":1})");
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].time, "2026-07-01T00:15:00.000Z");
    EXPECT_EQ(made[0].data, R"({"level_m":2.5})") << "what is missing stays missing";
    EXPECT_NE(fault(map, R"({"w":{"l":2.5}})").find("no time"), std::string::npos);
    EXPECT_NE(fault(map, R"({"at":"2026-07-01T08:15:00Z"})").find("none of the fields"),
              std::string::npos);
    EXPECT_NE(fault(map, R"({"at":"2026-07-01 08:15:00","b":1})").find("utc_offset_minutes"),
              std::string::npos);
    EXPECT_NE(fault(map, "not json"), "");
    EXPECT_NE(fault(map, std::string(100, '[') + std::string(100, ']')), "");
    EXPECT_NE(fault(map, "\"" + std::string(kMostPayloadBytes, 'x') + "\""), "");
}

TEST(Payloads, TimesWithoutAZoneAndAsNumbers) {
    const auto local = in("time = \"/at\"\nutc_offset_minutes = 480\n");
    EXPECT_EQ(events(local, R"({"at":"2026-07-01 08:15:00","v":1})")[0].time,
              "2026-07-01T00:15:00.000Z");
    EXPECT_EQ(events(local, R"({"at":"2026-07-01T08:15:00-01:00","v":1})")[0].time,
              "2026-07-01T09:15:00.000Z");
    EXPECT_EQ(events(in("time = \"/at\"\n"), R"({"at":1800000000})")[0].time, kNowText);
    EXPECT_EQ(events(in("time = \"/at\"\ntime_unit = \"ms\"\n"), R"({"at":1800000000000})")[0].time,
              kNowText);
    EXPECT_NE(fault(in("time = \"/at\"\n"), R"({"at":1e300})"), "");
    EXPECT_NE(fault(in("time = \"/at\"\n"), R"({"at":18446744073709551615})"), "");
}

TEST(Payloads, JsonWithoutFieldsIsDataItself) {
    const auto made = events(in("constants = { a = 2 }\n"), R"({"a":1,"b":[1]})");
    EXPECT_EQ(made.at(0).data, R"({"a":2,"b":[1]})");
    EXPECT_NE(fault(in(""), "[1]"), "");
}

TEST(Payloads, SenmlByFieldsIsOneEventAMoment) {
    const auto map =
        in("payload = \"senml\"\nfields = { level_m = \"level\", flow = \":flow\" }\n");
    const auto made = events(map, R"([{"bn":"urn:dev:G1:","bt":1.8e9,"n":"level","u":"m","v":1.5},
        {"n":"flow","v":30},{"n":"level","t":60,"v":1.6},{"n":"other","v":1}])");
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(made[0].time, kNowText);
    EXPECT_EQ(made[0].data, R"({"flow":30.0,"level_m":1.5})");
    EXPECT_EQ(made[1].time, "2027-01-15T08:01:00.000Z");
    EXPECT_EQ(made[1].data, R"({"level_m":1.6})");
    EXPECT_NE(fault(map, R"([{"n":"other","v":1}])"), "");
}

TEST(Payloads, SenmlWithoutFieldsIsAnEventARecord) {
    const auto map = in("payload = \"senml\"\n");
    auto named = map;
    named.subject = "sensor/{name}";
    const auto made =
        events(named, R"([{"bn":"urn:dev:","n":"a","u":"Cel","v":1},{"n":"b","vb":true}])");
    ASSERT_EQ(made.size(), 2U);
    EXPECT_EQ(made[0].subject, "sensor/urn:dev:a");
    EXPECT_EQ(made[0].data, R"({"name":"urn:dev:a","unit":"Cel","value":1.0})");
    EXPECT_EQ(made[1].data, R"({"name":"urn:dev:b","value":true})");
}

events::Event level() {
    events::Event event;
    event.id = "1";
    event.source = "service:a";
    event.type = "x.level.v1";
    event.subject = "gauge/G1";
    event.time = kNowText;
    event.data = R"({"level_m":1.5,"dry":false,"note":"ok","list":[1]})";
    return event;
}

TEST(Payloads, OutAsTheEventAsItsDataAndAsSenml) {
    const auto whole = message_of(out("retain = true\nqos = 0\n"), level());
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->topic, "wall/gauge/G1");
    EXPECT_TRUE(whole->retain);
    EXPECT_EQ(whole->qos, 0);
    EXPECT_EQ(json::parse(whole->payload)["data"]["level_m"], 1.5);
    EXPECT_EQ(json::parse(whole->payload)["specversion"], "1.0");
    EXPECT_EQ(message_of(out("payload = \"data\"\n"), level())->payload, level().data);
    const auto senml = message_of(
        out("payload = \"senml\"\nbase_name = \"urn:wall:{subject}:\"\nunits = { level = \"m\" }\n"
            "fields = { level = \"/level_m\", dry = \"/dry\", none = \"/none\", l = \"/list\" }\n"),
        level());
    ASSERT_TRUE(senml);
    EXPECT_EQ(json::parse(senml->payload),
              json::parse(R"([{"bn":"urn:wall:gauge/G1:","bt":1.8e9,"n":"dry","vb":false},
                              {"n":"level","u":"m","v":1.5}])"));
    EXPECT_FALSE(message_of(out("payload = \"senml\"\nfields = { a = \"/none\" }\n"), level()));
}

TEST(Payloads, ARecordThatIsGoneClearsWhatWasRetained) {
    auto gone = level();
    gone.tombstone = true;
    EXPECT_EQ(message_of(out("retain = true\n"), gone)->payload, "");
    EXPECT_NE(message_of(out(""), gone)->payload, "");
}

TEST(Payloads, ASubjectWithWildcardsMakesNoTopic) {
    auto odd = level();
    odd.subject = "a+b";
    EXPECT_FALSE(message_of(out(""), odd));
}

}  // namespace
}  // namespace bw::mqtt_bridge
