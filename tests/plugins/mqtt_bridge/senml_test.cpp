// SPDX-License-Identifier: Apache-2.0
// RFC 8428: base values, times, units, sums, versions, and what has to be refused.
#include "plugins/mqtt_bridge/senml.h"

#include <gtest/gtest.h>

namespace bw::mqtt_bridge {
namespace {

constexpr int64_t kNow = 1'800'000'000'000'000'000;  // ns

std::vector<SenmlRecord> good(const char* text) {
    auto records = read_senml(text, kNow);
    EXPECT_TRUE(records) << records.error().text;
    return records ? *records : std::vector<SenmlRecord>();
}

std::string fault(const char* text) {
    const auto records = read_senml(text, kNow);
    return records ? "" : records.error().text;
}

double number(const SenmlRecord& record) {
    return std::get<double>(record.value);
}

TEST(Senml, OneRecordHasItsNameUnitAndTheTimeOfItsArrival) {
    const auto records = good(R"([{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}])");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].name, "urn:dev:ow:10e2073a01080063");
    EXPECT_EQ(records[0].unit, "Cel");
    EXPECT_EQ(number(records[0]), 23.1);
    EXPECT_EQ(records[0].time_ns, kNow);
    EXPECT_FALSE(records[0].sum);
}

TEST(Senml, BaseValuesHoldUntilTheyAreReplaced) {
    const auto records = good(R"([
        {"bn":"urn:dev:ow:10e2073a01080063:","bt":1.320067464e+09,"bu":"%RH","v":20,"n":"a"},
        {"u":"lon","v":24.30621,"n":"b"}, {"t":60,"v":20.3,"n":"a"},
        {"bn":"urn:dev:mac:1:","bu":"m","bt":1.4e9,"bv":100,"n":"level","v":1.5},
        {"n":"level","t":-30,"v":2}])");
    ASSERT_EQ(records.size(), 5U);
    EXPECT_EQ(records[0].name, "urn:dev:ow:10e2073a01080063:a");
    EXPECT_EQ(records[0].unit, "%RH");
    EXPECT_EQ(records[1].unit, "lon");
    EXPECT_EQ(records[2].time_ns, 1'320'067'524'000'000'000);
    EXPECT_EQ(records[2].unit, "%RH");
    EXPECT_EQ(records[3].name, "urn:dev:mac:1:level");
    EXPECT_EQ(number(records[3]), 101.5);
    EXPECT_EQ(number(records[4]), 102);
    EXPECT_EQ(records[4].time_ns, 1'399'999'970'000'000'000);
}

TEST(Senml, TimesBelowTwoToThe28AreRelativeToNow) {
    const auto records = good(R"([{"n":"a","t":-10,"v":1},{"n":"a","t":0,"v":1},
        {"n":"a","t":268435455,"v":1},{"n":"a","t":268435456,"v":1}])");
    ASSERT_EQ(records.size(), 4U);
    EXPECT_EQ(records[0].time_ns, kNow - 10'000'000'000);
    EXPECT_EQ(records[1].time_ns, kNow);
    EXPECT_EQ(records[2].time_ns, kNow + 268'435'455'000'000'000);
    EXPECT_EQ(records[3].time_ns, 268'435'456'000'000'000);
}

TEST(Senml, FractionsOfASecondAreKept) {
    const auto records = good(R"([{"n":"a","t":1.276020076001e+09,"v":1}])");
    ASSERT_EQ(records.size(), 1U);
    EXPECT_NEAR(static_cast<double>(records[0].time_ns - 1'276'020'076'000'000'000), 1e6, 1e3);
}

TEST(Senml, EachKindOfValue) {
    const auto records = good(R"([{"n":"a","vb":true},{"n":"b","vs":"open"},{"n":"c","vd":"aGk"},
        {"n":"d","s":5,"bs":10},{"n":"e","v":1,"s":2}])");
    ASSERT_EQ(records.size(), 5U);
    EXPECT_EQ(std::get<bool>(records[0].value), true);
    EXPECT_EQ(std::get<std::string>(records[1].value), "open");
    EXPECT_EQ(std::get<SenmlRecord::Bytes>(records[2].value).base64url, "aGk");
    EXPECT_TRUE(std::holds_alternative<std::monostate>(records[3].value));
    EXPECT_EQ(records[3].sum, 15);
    EXPECT_EQ(records[4].sum, 12);
}

TEST(Senml, VersionsUpToTenThatDoNotChange) {
    EXPECT_EQ(good(R"([{"bver":5,"n":"a","v":1},{"bver":5,"n":"a","v":2}])").size(), 2U);
    EXPECT_NE(fault(R"([{"bver":11,"n":"a","v":1}])").find("version 11"), std::string::npos);
    EXPECT_NE(fault(R"([{"bver":5,"n":"a","v":1},{"bver":6,"n":"a","v":1}])").find("record 2"),
              std::string::npos);
    EXPECT_NE(fault(R"([{"bver":"x","n":"a","v":1}])"), "");
}

TEST(Senml, UnknownLabelsArePassedOverUnlessTheyHaveToBeUnderstood) {
    EXPECT_EQ(good(R"([{"n":"a","v":1,"colour":"red"}])").size(), 1U);
    EXPECT_NE(fault(R"([{"n":"a","v":1,"colour_":"red"}])").find("`colour_`"), std::string::npos);
}

TEST(Senml, WhatIsNone) {
    for (const char* text :
         {"", "{}", "[1]", "[{}]", R"([{"n":"a"}])", R"([{"v":1}])", R"([{"n":"_a","v":1}])",
          R"([{"n":"a b","v":1}])", R"([{"n":"a","v":"1"}])", R"([{"n":"a","v":1,"vs":"x"}])",
          R"([{"n":"a","v":1,"t":"now"}])", R"([{"n":1,"v":1}])", R"([{"bn":1,"n":"a","v":1}])",
          R"([{"n":"a","v":1,"t":1e300}])", R"([{"n":"a","vb":1}])", R"([{"n":"a","v":1,"u":5}])"})
        EXPECT_NE(fault(text), "") << text;
    EXPECT_EQ(good("[]").size(), 0U);
}

}  // namespace
}  // namespace bw::mqtt_bridge
