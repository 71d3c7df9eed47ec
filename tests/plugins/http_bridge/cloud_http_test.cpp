// SPDX-License-Identifier: Apache-2.0
// CloudEvents in HTTP messages: three modes, headers percent-encoded, and what is refused.
#include "plugins/http_bridge/cloud_http.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace bw::http_bridge {
namespace {

using nlohmann::json;

const Headers kBinary = {{"ce-specversion", "1.0"}, {"CE-Id", "1"},
                         {"ce-source", "/county"},  {"ce-type", "x.level.v1"},
                         {"ce-subject", "a%20b"},   {"Host", "x"}};

std::string code(const std::string& type, const Headers& headers, const std::string& body) {
    const auto events = events_of(type, headers, body);
    return events ? "" : events.error().code;
}

TEST(Headers, ArePercentEncodedAndDecoded) {
    EXPECT_EQ(header_encoded("Euro \u20AC \U0001F600"), "Euro%20%E2%82%AC%20%F0%9F%98%80");
    EXPECT_EQ(header_decoded("Euro%20%E2%82%AC%20%F0%9F%98%80"), "Euro \u20AC \U0001F600");
    EXPECT_EQ(header_encoded("100%\"a\""), "100%25%22a%22");
    EXPECT_EQ(header_decoded("\"a \\\"b\\\" %41\""), "a \"b\" A");
    EXPECT_EQ(header_decoded("50% more%2"), "50% more%2");
    for (const char* bad : {"%00", "%0A", "%FF", "\xff", "%C3%28"})
        EXPECT_FALSE(header_decoded(bad)) << bad;
}

TEST(Binary, HeadersAreAttributesAndTheBodyIsData) {
    const auto events = events_of("application/json; charset=utf-8", kBinary, R"({"level":1})");
    ASSERT_TRUE(events) << events.error().text;
    ASSERT_EQ(events->size(), 1U);
    const auto& event = events->front();
    EXPECT_EQ(event.type, "x.level.v1");
    EXPECT_EQ(event.subject, "a b");
    EXPECT_EQ(event.data, R"({"level":1})");
    EXPECT_EQ(json::parse(event.more), json::parse(R"({"originid":"1","originsource":"/county"})"));
}

TEST(Binary, WhatIsNoJsonIsTextOrBase64) {
    EXPECT_EQ(events_of("text/plain", kBinary, "hi")->front().data, "\"hi\"");
    const auto bytes = events_of("image/png", kBinary, std::string("\x89PNG\0", 5));
    ASSERT_TRUE(bytes);
    EXPECT_EQ(json::parse(bytes->front().more)["data_base64"], "iVBORwA=");
    EXPECT_EQ(json::parse(bytes->front().more)["datacontenttype"], "image/png");
    EXPECT_EQ(code("application/json", kBinary, "{"), "400");
}

TEST(Structured, IsTheEventWithAnIdOfSourceAndId) {
    const std::string text =
        R"({"specversion":"1.0","id":"7","source":"/a","type":"x.t","data":[1],"vendor":"v","sequence":"9","space":"live"})";
    const auto events = events_of("application/cloudevents+json; charset=UTF-8", {}, text);
    ASSERT_TRUE(events) << events.error().text;
    const auto& event = events->front();
    EXPECT_EQ(event.data, "[1]");
    EXPECT_EQ(event.sequence, 0U) << "that is the hub's to say";
    EXPECT_EQ(json::parse(event.more)["vendor"], "v");
    EXPECT_EQ(event.id, events_of("application/cloudevents+json", {}, text)->front().id);
    std::string other = text;
    other.replace(other.find("/a"), 2, "/b");
    EXPECT_NE(event.id, events_of("application/cloudevents+json", {}, other)->front().id);
}

TEST(Batch, IsAListAndNamesTheEventThatIsWrong) {
    const std::string good = R"({"specversion":"1.0","id":"1","source":"s","type":"x.t"})";
    const char* type = "application/cloudevents-batch+json";
    EXPECT_EQ(events_of(type, {}, "[" + good + "," + good + "]")->size(), 2U);
    EXPECT_EQ(events_of(type, {}, "[]")->size(), 0U);
    const auto bad = events_of(type, {}, "[" + good + R"(,{"specversion":"1.0"}])");
    ASSERT_FALSE(bad);
    EXPECT_NE(bad.error().text.find("event 2"), std::string::npos);
    EXPECT_EQ(code(type, {}, good), "400");
    std::string many = "[" + good;
    for (size_t i = 0; i < kMostBatch; ++i) many += "," + good;
    EXPECT_EQ(code(type, {}, many + "]"), "400");
}

TEST(Refused, WhatIsNoCloudEvent) {
    EXPECT_EQ(code("application/json", {}, "{}"), "415");
    EXPECT_EQ(code("application/cloudevents+xml", {}, "<a/>"), "415");
    EXPECT_EQ(code("application/cloudevents+json", {}, "not"), "400");
    EXPECT_EQ(code("application/cloudevents+json", {}, std::string(100, '[')), "400");
    EXPECT_EQ(code("application/cloudevents+json", {},
                   R"({"specversion":"0.3","id":"1","source":"s","type":"t"})"),
              "400");
    EXPECT_EQ(code("application/json", {{"ce-specversion", "1.0"}}, "{}"), "400");
    Headers twice = kBinary;
    twice.emplace_back("ce-id", "2");
    EXPECT_EQ(code("application/json", twice, "{}"), "400");
    Headers data = kBinary;
    data.emplace_back("ce-data", "2");
    EXPECT_EQ(code("application/json", data, "{}"), "400");
}

events::Event sample() {
    events::Event event;
    event.id = "1";
    event.source = "service:a";
    event.type = "x.t.v1";
    event.subject = "\u6c34\u4f4d";
    event.data = R"({"a":1})";
    event.more = R"({"vendor":"v w"})";
    return event;
}

TEST(Out, ComesInAgainAsItWas) {
    for (const bool binary : {false, true}) {
        const Request request = request_of(sample(), binary);
        const auto back = events_of(request.content_type, request.headers, request.body);
        ASSERT_TRUE(back) << back.error().text;
        EXPECT_EQ(back->front().subject, sample().subject);
        EXPECT_EQ(back->front().data, sample().data);
        EXPECT_EQ(json::parse(back->front().more)["vendor"], "v w");
        EXPECT_EQ(json::parse(back->front().more)["originsource"], "service:a");
    }
    EXPECT_EQ(request_of(sample(), true).body, R"({"a":1})");
    EXPECT_EQ(request_of(sample(), true).content_type, "application/json");
    auto bytes = sample();
    bytes.more = R"({"data_base64":"aGk=","datacontenttype":"image/png"})";
    EXPECT_EQ(request_of(bytes, true).body, "hi");
    EXPECT_EQ(request_of(bytes, true).content_type, "image/png");
}

}  // namespace
}  // namespace bw::http_bridge
