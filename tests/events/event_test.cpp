// SPDX-License-Identifier: Apache-2.0
#include "core/events/event.h"

#include <gtest/gtest.h>

#include "core/events/broken_json.h"
#include "core/events/bundle.h"

namespace bw::events {
namespace {

Event sample() {
    Event event;
    event.id = "1";
    event.source = "service:a";
    event.type = "beaconwall.flood.gauge.v1";
    event.subject = "gauge/SYN-G01";
    event.time = "2026-07-01T08:00:00.123Z";
    event.data = "{\"水位\":12.5}";
    event.recordedtime = "2026-07-01T08:00:01.000Z";
    event.sequence = 4242;
    event.revision = 7;
    event.tombstone = true;
    return event;
}

TEST(EventTest, ReadsWhatItWrites) {
    const auto back = parse_event(to_json(sample()));
    ASSERT_TRUE(back.ok()) << back.error().text;
    EXPECT_EQ(*back, sample());
}

TEST(BrokenJsonTest, KeepsTheIdOfTheOutermostObjectAlone) {
    EXPECT_EQ(look_at_broken(R"({"id":"7","a":)").id, "7");
    EXPECT_EQ(look_at_broken(R"({"a":{"id":"8"},"b":)").id, "");
    EXPECT_EQ(look_at_broken(R"([{"id":"8"},)").id, "");
    EXPECT_EQ(look_at_broken(R"({"id":["8"],"b":)").id, "");
    EXPECT_EQ(look_at_broken(R"({"id":5,"b":"9",)").id, "");
    EXPECT_EQ(look_at_broken("{\"id\":\"" + std::string(600, 'x') + "\",").id, "");
    EXPECT_EQ(look_at_broken("").id, "");
}

TEST(BrokenJsonTest, SaysWhatIsWrong) {
    const std::string deep(100'000, '[');
    EXPECT_NE(look_at_broken(R"({"id":"7","a":)" + deep).why.find("deeper than 48"),
              std::string::npos);
    EXPECT_EQ(look_at_broken(R"({"id":"7","a":)" + deep).id, "7");
    EXPECT_NE(look_at_broken(R"({"a":-1e999})").why.find("double"), std::string::npos);
    EXPECT_EQ(look_at_broken(R"({"a":NaN})").why.rfind("at byte 5", 0), 0U);
    EXPECT_EQ(look_at_broken(std::string_view("{\"id\":\"7\"}\0x", 12)).why.rfind("at byte 10", 0),
              0U);
}

TEST(EventTest, TheSequenceIsATextOf20Digits) {
    EXPECT_NE(to_json(sample()).find("\"sequence\":\"00000000000000004242\""), std::string::npos);
}

TEST(EventTest, UnknownAttributesArePassedOn) {
    const std::string text =
        R"({"specversion":"1.0","id":"1","source":"s","type":"t","vendor":"x","count":3,"none":null,)"
        R"("datacontenttype":"application/json","data":{}})";
    const auto event = parse_event(text);
    ASSERT_TRUE(event.ok());
    EXPECT_EQ(event->more, R"({"count":3,"vendor":"x"})");
    EXPECT_EQ(parse_event(to_json(*event))->more, event->more);
    EXPECT_EQ(parse_event(to_json(sample()))->more, "");
}

TEST(EventTest, DataThatAreNoJsonArePassedOnAsTheyAre) {
    const auto event = parse_event(
        R"({"specversion":"1.0","id":"1","source":"s","type":"x.t","datacontenttype":"image/png","data_base64":"aGk="})");
    ASSERT_TRUE(event.ok());
    const std::string again = to_json(*event);
    EXPECT_NE(again.find(R"("data_base64":"aGk=")"), std::string::npos);
    EXPECT_NE(again.find(R"("datacontenttype":"image/png")"), std::string::npos);
    EXPECT_EQ(again.find("\"data\":"), std::string::npos);
}

TEST(EventTest, RefusesWhatIsNoEvent) {
    const std::string good = R"({"specversion":"1.0","id":"1","source":"s","type":"t","data":)";
    EXPECT_TRUE(parse_event(good + "1}").ok());
    for (const std::string& bad :
         {std::string(), std::string("[]"), std::string("{}"), std::string("\xff"), good,
          good + "\"\xff\"}",
          std::string(R"({"specversion":"0.3","id":"1","source":"s","type":"t"})"),
          std::string(R"({"specversion":"1.0","id":"","source":"s","type":"t"})"),
          std::string(R"({"specversion":"1.0","id":5,"source":"s","type":"t"})"),
          std::string(
              R"({"specversion":"1.0","id":"1","source":"s","type":"t","time":"yesterday"})"),
          std::string(R"({"specversion":"1.0","id":"1","source":"s","type":"t","sequence":"12x"})"),
          std::string(R"({"specversion":"1.0","id":"1","source":"s","type":"t","subject":")") +
              std::string(257, 'a') + "\"}",
          good + std::string(60, '[') + std::string(60, ']') + "}",
          good + "\"" + std::string(2 * kMaxRecordBytes, 'a') + "\"}"}) {
        const auto result = parse_event(bad);
        ASSERT_FALSE(result.ok()) << bad.substr(0, 100);
        EXPECT_EQ(result.error().code, "invalid");
    }
}

TEST(EventTest, PrefixesRunOverTypeAndSubject) {
    const Event event = sample();
    for (const char* yes :
         {"", "beaconwall.", "beaconwall.flood.gauge.v1", "beaconwall.flood.gauge.v1/",
          "beaconwall.flood.gauge.v1/gauge/", "beaconwall.flood.gauge.v1/gauge/SYN-G01"})
        EXPECT_TRUE(matches(yes, event)) << yes;
    for (const char* no : {"flood", "beaconwall.fire.", "beaconwall.flood.gauge.v1/gauge/SYN-G01x",
                           "beaconwall.flood.gauge.v10"})
        EXPECT_FALSE(matches(no, event)) << no;
}

TEST(EventTest, ADeliveryIsFiveFramesToTheByte) {
    const Frames frames = encode_delivery(Lane::durable, true, 4242, 7, "{}");
    ASSERT_EQ(frames.size(), 5u);
    EXPECT_EQ(frames[1], "\x81");
    EXPECT_EQ(frames[2], std::string("\0\0\0\0\0\0\x10\x92", 8));
    Delivery back;
    ASSERT_TRUE(decode_delivery(frames, back));
    EXPECT_TRUE(back.replayed && back.lane == Lane::durable && back.sequence == 4242 &&
                back.n == 7);
    EXPECT_FALSE(decode_delivery({"event", "", frames[2], frames[3], "{}"}, back));
    EXPECT_FALSE(decode_delivery({"event", frames[1], "short", frames[3], "{}"}, back));
}

/// Three deliveries in one message.
Frames bundle() {
    Frames frames = {kBundle, "", "{}{\"a\":1}[]"};
    append_head(frames[1], {Lane::durable, true, 4242, 7, "{}"});
    append_head(frames[1], {Lane::telemetry, false, 4242, 8, "{\"a\":1}"});
    append_head(frames[1], {Lane::durable, false, 0x0102030405060708, 9, "[]"});
    return frames;
}

TEST(EventTest, ABundleIsThreeFramesToTheByte) {
    const Frames frames = bundle();
    EXPECT_EQ(frames[1].substr(0, kHeadBytes),
              std::string("\x81\0\0\0\0\0\0\x10\x92\0\0\0\0\0\0\0\7\0\0\0\2", 21));
    std::vector<Delivery> all;
    ASSERT_TRUE(decode_bundle(frames, all));
    ASSERT_EQ(all.size(), 3u);
    EXPECT_TRUE(all[0].replayed && all[0].lane == Lane::durable && all[0].sequence == 4242);
    EXPECT_TRUE(!all[1].replayed && all[1].lane == Lane::telemetry && all[1].n == 8);
    EXPECT_EQ(all[1].event, "{\"a\":1}");
    EXPECT_TRUE(all[2].sequence == 0x0102030405060708 && all[2].n == 9 && all[2].event == "[]");
}

TEST(EventTest, ABundleWhoseLengthsDoNotAgreeIsNone) {
    std::vector<Delivery> all;
    const auto with = [](size_t frame, const std::string& bytes) {
        Frames frames = bundle();
        frames[frame] = bytes;
        return frames;
    };
    const std::string heads = bundle()[1];
    EXPECT_FALSE(decode_bundle({kBundle, heads}, all));
    EXPECT_FALSE(decode_bundle({kBundle, heads, "{}{\"a\":1}[]", ""}, all));
    EXPECT_FALSE(decode_bundle(with(0, "event"), all));
    EXPECT_FALSE(decode_bundle(with(1, ""), all));
    EXPECT_FALSE(decode_bundle(with(1, heads.substr(1)), all));
    EXPECT_FALSE(decode_bundle(with(1, heads.substr(kHeadBytes)), all));
    EXPECT_FALSE(decode_bundle(with(1, std::string(kHeadBytes, '\xff')), all));
    EXPECT_FALSE(decode_bundle(with(2, ""), all));
    EXPECT_FALSE(decode_bundle(with(2, "{}{\"a\":1}[] "), all));
}

}  // namespace
}  // namespace bw::events
