// SPDX-License-Identifier: Apache-2.0
// CloudEvents 1.0.2 and its JSON format, a test per clause. Numbers are sections of the
// specification.
#include "core/events/cloud_event.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/events/event.h"

namespace bw::events {
namespace {

using nlohmann::json;

json with(const char* name, json value) {
    json event = {{"specversion", "1.0"}, {"id", "1"}, {"source", "/gauges"}, {"type", "t"}};
    event[name] = std::move(value);
    return event;
}

std::string fault(const char* name, json value) {
    return cloud_event_fault(with(name, std::move(value)));
}

// 3, REQUIRED attributes: id, source, specversion, type.
TEST(CloudEvent, RequiredAttributesAreThereAndNotEmpty) {
    EXPECT_EQ(cloud_event_fault(with("subject", "s")), "");
    for (const char* name : {"id", "source", "type"}) {
        json event = with("subject", "s");
        event.erase(name);
        EXPECT_EQ(cloud_event_fault(event), std::string(name) + " is missing");
        EXPECT_EQ(fault(name, nullptr), std::string(name) + " is missing");
        EXPECT_NE(fault(name, "").find("is missing: it is empty"), std::string::npos);
        for (const json& odd : {json(1), json(true), json::array(), json::object()})
            EXPECT_NE(fault(name, odd).find("wrong JSON type"), std::string::npos) << name << odd;
    }
    for (const json& version : {json("0.3"), json("1"), json("1.0.2"), json(1.0), json()})
        EXPECT_EQ(fault("specversion", version), "specversion is not \"1.0\"");
    EXPECT_NE(cloud_event_fault(json::array()), "");
}

// 3, Naming: "MUST consist of lower-case letters ('a' to 'z') or digits ('0' to '9')".
TEST(CloudEvent, AttributeNamesAreLowerCaseLettersAndDigits) {
    for (const char* good : {"a", "vendorfield", "7", "traceparent", "x2y"})
        EXPECT_EQ(fault(good, "v"), "") << good;
    for (const char* bad : {"Vendor", "vendor_field", "vendor-field", "a b", "", "潮", "a.b"})
        EXPECT_NE(fault(bad, "v").find("has a name that is not a-z and 0-9"), std::string::npos)
            << bad;
    EXPECT_NE(fault("\xff\xff", "v"), "");
}

// 3, Type system: Boolean, Integer of 32 bits, String; JSON format 2.2: null is not there.
TEST(CloudEvent, AttributesHaveTheTypesOfTheTypeSystem) {
    for (const json& good : {json(true), json(0), json(2147483647), json(-2147483648LL),
                             json("text"), json("潮白河"), json("😀"), json()})
        EXPECT_EQ(fault("vendorfield", good), "") << good;
    for (const json& bad : {json(2147483648LL), json(-2147483649LL), json(1.5), json::array({1}),
                            json{{"a", 1}}, json(UINT64_MAX)})
        EXPECT_NE(fault("vendorfield", bad).find("put the rest into data"), std::string::npos)
            << bad;
}

// 3, String: no control characters, no noncharacters.
TEST(CloudEvent, TextsHaveNoControlCharacters) {
    for (const char* bad : {"a\nb", "\x01", "\x7f", "\xC2\x80", "\xC2\x9F", "\xEF\xB7\x90",
                            "\xEF\xBF\xBF", "\xF0\x9F\xBF\xBE", "\xF4\x8F\xBF\xBF"}) {
        EXPECT_NE(fault("vendorfield", bad).find("control character"), std::string::npos) << bad;
        EXPECT_NE(fault("type", bad), "");
        EXPECT_NE(fault("subject", bad), "");
    }
    for (const char* good : {" ", "\xC2\xA0", "\xEF\xB7\xB0", "\xEF\xBF\xBD", "\xF0\x9F\xBF\xBD"})
        EXPECT_EQ(fault("vendorfield", good), "") << good;
}

// 3.1, source: "MUST be a non-empty URI-reference".
TEST(CloudEvent, TheSourceIsAUriReference) {
    for (const char* good :
         {"https://example.com/gauges", "urn:uuid:6e8bc430", "service:gauges", "/a/b?c=d#e", "%E6"})
        EXPECT_EQ(fault("source", good), "") << good;
    for (const char* bad : {"a b", "<a>", "潮", "%E", "a\\b", "{a}", "a|b", "\"a\""})
        EXPECT_NE(fault("source", bad).find("URI reference"), std::string::npos) << bad;
}

// 3.2, OPTIONAL attributes.
TEST(CloudEvent, OptionalAttributesAreAbsentOrWhatTheySay) {
    EXPECT_EQ(fault("time", "2026-07-01T08:00:00.5+08:00"), "");
    EXPECT_NE(fault("time", "yesterday").find("RFC 3339"), std::string::npos);
    EXPECT_EQ(fault("dataschema", "https://example.com/s.json"), "");
    EXPECT_NE(fault("dataschema", "s.json").find("a URI"), std::string::npos);
    EXPECT_EQ(fault("datacontenttype", "application/json; charset=utf-8"), "");
    EXPECT_NE(fault("datacontenttype", "json").find("a media type"), std::string::npos);
    for (const char* name : {"time", "subject", "dataschema", "datacontenttype", "space"}) {
        EXPECT_NE(fault(name, "").find("is empty: leave it out"), std::string::npos) << name;
        EXPECT_NE(fault(name, 5), "") << name;
        EXPECT_EQ(fault(name, nullptr), "") << name;
    }
}

// JSON format, 3.1: data is any JSON value, data_base64 a text in base64; not both.
TEST(CloudEvent, DataIsOfOneKind) {
    for (const json& data : {json(1.5), json::array({1}), json("text"), json()})
        EXPECT_EQ(fault("data", data), "");
    EXPECT_EQ(fault("data_base64", "aGk="), "");
    EXPECT_EQ(fault("data_base64", ""), "");
    for (const json& bad : {json("aGk"), json("a-_="), json(1), json("a==="), json("===="), json()})
        EXPECT_NE(fault("data_base64", bad).find("base64"), std::string::npos) << bad;
    json both = with("data", 1);
    both["data_base64"] = "aGk=";
    EXPECT_NE(cloud_event_fault(both).find("both"), std::string::npos);
}

TEST(CloudEvent, WhatIsJsonSaysSo) {
    EXPECT_TRUE(has_json_data(with("data", 1)));
    for (const char* type : {"application/json", "text/json", "application/geo+json",
                             "application/json; charset=utf-8"})
        EXPECT_TRUE(has_json_data(with("datacontenttype", type))) << type;
    for (const char* type : {"text/xml", "application/jsonl", "text/plain; a=+json"})
        EXPECT_FALSE(has_json_data(with("datacontenttype", type))) << type;
    EXPECT_FALSE(has_json_data(with("data_base64", "aGk=")));
}

TEST(CloudEvent, OurOwnBounds) {
    for (const char* name : {"id", "source", "type", "subject"}) {
        EXPECT_EQ(fault(name, std::string(256, 'a')), "") << name;
        EXPECT_NE(fault(name, std::string(257, 'a')).find("longer than 256"), std::string::npos);
    }
}

TEST(CloudEvent, AnEventIsAskedForAllOfItBeforeItIsPublished) {
    Event event;
    event.type = "t";
    event.subject = "gauge/G1";
    EXPECT_EQ(event_fault(event), "");
    event.more = R"({"Topic":"a"})";
    EXPECT_NE(event_fault(event).find("Topic"), std::string::npos);
    event.more = {};
    event.data = "1,";
    EXPECT_EQ(event_fault(event), "the data or the attributes are no JSON");
    event.data = '"' + std::string(kMaxEventBytes, 'x') + '"';
    EXPECT_NE(event_fault(event).find("at most 65536"), std::string::npos);
}

}  // namespace
}  // namespace bw::events
