// SPDX-License-Identifier: Apache-2.0
#include "core/events/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/events/quick_json.h"

namespace bw::events {
namespace {

using nlohmann::json;

/// The kinds of all that is in it, which a comparison of values does not tell apart.
std::string kinds(const json& value) {
    std::string text = std::to_string(static_cast<int>(value.type()));
    if (value.is_structured())
        for (const json& each : value) text += "(" + kinds(each) + ")";
    return text;
}

std::string nested(int depth) {
    return std::string(static_cast<size_t>(depth), '[') +
           std::string(static_cast<size_t>(depth), ']');
}

// Both parsers: each value as its own text, and of the same kind.
TEST(JsonTest, IsReadQuicklyAsItIsReadSlowly) {
    for (const char* text : {"null",
                             "true",
                             "false",
                             "0",
                             "-0",
                             "-5",
                             "2147483648",
                             "18446744073709551615",
                             "18446744073709551616",
                             "-9223372036854775808",
                             "-9223372036854775809",
                             "1.5",
                             "-0.0",
                             "1e5",
                             "1E+2",
                             "2.2250738585072014e-308",
                             "0.1",
                             "12.50",
                             "123456789012345678901234567890.5",
                             R"("")",
                             R"("水位")",
                             R"("\u6c34\n\"\\\/")",
                             R"("\ud83d\ude00")",
                             R"("\u0000x")",
                             "\"\x7f\"",
                             "[]",
                             "{}",
                             R"([1,[2,{"a":[]}],"x"])",
                             "[-0,0,{\"a\":-5,\"b\":[5]}]",
                             R"({"b":1,"a":{"c":null}})",
                             R"({"a":1,"a":{"b":2}})",
                             R"({"a":{"b":2},"a":[1]})",
                             " { \"a\" : [ 1 , 2 ] }\n"}) {
        json quick;
        ASSERT_TRUE(read_quickly(text, quick)) << text;
        const json slow = json::parse(text);
        EXPECT_EQ(quick, slow) << text;
        EXPECT_EQ(kinds(quick), kinds(slow)) << text;
        EXPECT_EQ(quick.dump(), slow.dump()) << text;
    }
}

// What is no JSON, and what RapidJSON alone would take for it.
TEST(JsonTest, WhatIsNoneIsNotRead) {
    using std::string_view_literals::operator""sv;
    for (const std::string_view text : {""sv,
                                        " "sv,
                                        "{"sv,
                                        "[1,]"sv,
                                        "{\"a\":}"sv,
                                        "01"sv,
                                        "+1"sv,
                                        ".5"sv,
                                        "1."sv,
                                        "NaN"sv,
                                        "1e400"sv,
                                        "{} x"sv,
                                        "{}\0x"sv,
                                        "{}\0\0 "sv,
                                        "\0"sv,
                                        "\"a\0b\""sv,
                                        "'a'"sv,
                                        "// c\n{}"sv,
                                        "\"\x01\""sv,
                                        "\"\xff\""sv,
                                        "\"\xc0\x80\""sv,
                                        "\"\xed\xa0\x80\""sv,
                                        "\"\xf4\x90\x80\x80\""sv,
                                        R"("\ud800")"sv,
                                        R"("\udc00")"sv,
                                        R"("\udc00\ud800")"sv,
                                        R"({"\udfff":1})"sv,
                                        R"("\x")"sv,
                                        "\xbb{}"sv}) {
        json value = "untouched";
        EXPECT_FALSE(read_json(text, value)) << text;
        EXPECT_EQ(value, "untouched") << text;
    }
}

TEST(JsonTest, TheEndOfACStringIsNoPartOfIt) {
    json value;
    ASSERT_TRUE(read_json(std::string_view("{\"a\":1}\0\0", 9), value));
    EXPECT_EQ(value, (json{{"a", 1}}));
}

// What only the slow one reads is read all the same.
TEST(JsonTest, WhatIsNotReadQuicklyIsReadSlowly) {
    for (const std::string_view text : {"\xef\xbb\xbf{\"a\":1}", "1e-400"}) {
        json value;
        EXPECT_FALSE(read_quickly(text, value)) << text;
        EXPECT_TRUE(read_json(text, value)) << text;
    }
}

TEST(JsonTest, NestsAsDeepAsItMayAndNoDeeper) {
    json value;
    EXPECT_TRUE(read_quickly(nested(kMaxJsonDepth), value));
    EXPECT_TRUE(read_json(nested(kMaxJsonDepth), value));
    EXPECT_FALSE(read_quickly(nested(kMaxJsonDepth + 1), value));
    EXPECT_FALSE(read_json(nested(kMaxJsonDepth + 1), value));
    EXPECT_FALSE(read_json(nested(1'000'000), value));
}

}  // namespace
}  // namespace bw::events
