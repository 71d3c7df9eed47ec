// SPDX-License-Identifier: Apache-2.0
// Payloads and schemas that nobody would send on purpose: a fault, in bounded time, or nothing.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "core/schema/schema.h"

namespace bw::schema {
namespace {

using nlohmann::json;

std::shared_ptr<const Schema> compiled(const std::string& text) {
    auto schema = Schema::compile(text);
    EXPECT_TRUE(schema) << (schema ? "" : schema.error().text);
    return schema ? *schema : nullptr;
}

json nested(int depth) {
    json value = 1;
    for (int i = 0; i < depth; ++i) value = json::array({std::move(value)});
    return value;
}

TEST(Hostile, DepthIsBounded) {
    const auto any = compiled("{}");
    EXPECT_FALSE(any->check(nested(kMaxDepth)));
    EXPECT_EQ(any->check(nested(kMaxDepth + 1))->keyword, "size");
    EXPECT_EQ(any->check(nested(100'000))->keyword, "size");
    std::string deep(60'000, '[');
    EXPECT_EQ(any->check_text(deep)->keyword, "json");
    std::string schema = "{}";
    for (int i = 0; i < kMaxDepth + 1; ++i) schema = R"({"items":)" + schema + "}";
    EXPECT_NE(Schema::compile(schema).error().text.find("nests deeper"), std::string::npos);
}

TEST(Hostile, WorkIsBoundedByValuesAndBranches) {
    const json many(std::vector<int>(kMaxWork, 1));
    EXPECT_EQ(compiled("{}")->check(many)->keyword, "size");
    EXPECT_FALSE(compiled("{}")->check(json(std::vector<int>(kMaxWork - 1, 1))));
    const auto branchy =
        compiled(R"({"items":{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}})");
    EXPECT_EQ(branchy->check(json(std::vector<int>(kMaxWork / 4, 1)))->keyword, "size");
    EXPECT_FALSE(branchy->check(json(std::vector<int>(kMaxWork / 4 - 1, 1))));
}

/// Of "[a-z]{1,64}" the matcher tries every way to share a text out.
TEST(Hostile, WorkIsBoundedByTextsAndTheStepsOfPatterns) {
    const auto words =
        compiled(R"({"items":{"type":"string","maxLength":4096,"pattern":"^[a-z]{1,64}$"}})");
    EXPECT_FALSE(words->check(json(std::vector<std::string>(20, "abbaab"))));
    const auto fault = words->check(json(std::vector<std::string>(900, std::string(60, 'a'))));
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->keyword, "size");
    // Where no pattern is, and where a text is too long for it, nothing is matched.
    EXPECT_FALSE(compiled("{}")->check(json(std::vector<std::string>(500, std::string(120, 'a')))));
    EXPECT_EQ(words->check(json::array({std::string(60'000, 'a')}))->keyword, "maxLength");
    const auto plain =
        compiled(R"({"items":{"type":"string","maxLength":64,"pattern":"^[a-z]+$"}})");
    EXPECT_FALSE(plain->check(json(std::vector<std::string>(1000, std::string(60, 'a')))));
}

TEST(Hostile, ASchemaCannotBeABomb) {
    json definitions = {{"d0", {{"type", "integer"}}}};
    for (int i = 1; i < 40; ++i) {
        const json ref = {{"$ref", "#/definitions/d" + std::to_string(i - 1)}};
        definitions["d" + std::to_string(i)] = {{"properties", {{"a", ref}, {"b", ref}}}};
    }
    const auto bomb = Schema::compile(json{{"definitions", definitions}}.dump());
    ASSERT_FALSE(bomb);
    EXPECT_NE(bomb.error().text.find("4000 schemas"), std::string::npos);
    json branches = json::array();
    for (int i = 0; i < 65; ++i) branches.push_back(json::object());
    EXPECT_NE(Schema::compile(json{{"anyOf", branches}}.dump()).error().text.find("64 branches"),
              std::string::npos);
    EXPECT_NE(
        Schema::compile(std::string(kMaxSchemaBytes + 1, ' ')).error().text.find("at most 65536"),
        std::string::npos);
    EXPECT_NE(Schema::compile(R"({"type":)" + std::string(60'000, '[')).error().text, "");
}

TEST(Hostile, AZeroByteDoesNotEndATextForThePattern) {
    const auto word = compiled(R"({"pattern":"^ok$","maxLength":20})");
    EXPECT_EQ(word->check(json(std::string("ok\0; rm -rf", 11)))->keyword, "text");
}

TEST(Hostile, WhatAFaultShowsIsShortAndPrintable) {
    const auto strict = compiled(
        R"({"additionalProperties":{"additionalProperties":false},"properties":{"a":{"enum":["x"]}}})");
    for (const std::string& name : {std::string(60'000, 'n'), std::string("\x1b[31m\n"),
                                    std::string("潮") + std::string(100, 'x')}) {
        const auto fault = strict->check(json{{"good", {{name, 1}}}});
        ASSERT_TRUE(fault);
        EXPECT_LT(fault->text("data").size(), 500U);
        EXPECT_LT(fault->text("data", "zh").size(), 500U);
        EXPECT_EQ(fault->text("data").find_first_of("\x1b\n"), std::string::npos);
    }
    EXPECT_LT(strict->check(json{{"a", std::string(60'000, 'v')}})->en.size(), 200U);
    EXPECT_EQ(strict->check(json{{"good", {{std::string(300, 'n'), 1}}}})->pointer, "/good");
}

TEST(Hostile, NumbersAtTheirEnds) {
    const auto range =
        compiled(R"({"minimum":-9223372036854775808,"maximum":18446744073709551615})");
    for (const char* number : {"-9223372036854775808", "18446744073709551615",
                               "9223372036854775807", "0", "-1", "1e10", "-0.0"})
        EXPECT_FALSE(range->check(json::parse(number))) << number;
    EXPECT_TRUE(range->check(json(1e308)));
    EXPECT_TRUE(range->check(json(-1e308)));
    const auto small = compiled(R"({"type":"integer","minimum":0,"maximum":10})");
    EXPECT_TRUE(small->check(json(INT64_MIN)));
    EXPECT_TRUE(small->check(json(UINT64_MAX)));
}

/// Any value at all: something is said, nothing breaks.
TEST(Hostile, ChanceFindsNothing) {
    std::mt19937 chance(1);
    const auto schema =
        compiled(R"({"definitions":{"p":{"type":"array","items":[{"type":"number"}],"maxItems":3}},
      "type":["object","array"],"required":["a"],"minProperties":1,"maxProperties":4,
      "properties":{"a":{"oneOf":[{"type":"string","maxLength":3},{"$ref":"#/definitions/p"}]},"b":{"not":{"enum":[1,"x",null]}},
                    "c":{"allOf":[{"minimum":1},{"maximum":5}]}},
      "additionalProperties":{"anyOf":[{"$ref":"#/definitions/p"},{"type":"object","additionalProperties":false}]},
      "items":{"type":"array","uniqueItems":true,"maxItems":5}})");
    const std::function<json(int)> any = [&](int depth) -> json {
        switch (chance() % (depth > 4 ? 6 : 8)) {
            case 0:
                return nullptr;
            case 1:
                return chance() % 2 == 0;
            case 2:
                return static_cast<int>(chance() % 12) - 3;
            case 3:
                return static_cast<double>(chance() % 100) / 7;
            case 4:
                return std::string(chance() % 6, 'x');
            case 5:
                return json(std::string(1, static_cast<char>('a' + chance() % 4)));
            case 6: {
                json list = json::array();
                for (unsigned i = chance() % 5; i > 0; --i) list.push_back(any(depth + 1));
                return list;
            }
            default: {
                json object = json::object();
                for (unsigned i = chance() % 5; i > 0; --i)
                    object[std::string(1, static_cast<char>('a' + chance() % 5))] = any(depth + 1);
                return object;
            }
        }
    };
    int good = 0, bad = 0;
    for (int i = 0; i < 20'000; ++i) {
        const json value = any(0);
        if (const auto fault = schema->check(value)) {
            ++bad;
            EXPECT_FALSE(fault->en.empty() || fault->zh.empty());
            EXPECT_NE(fault->en, "does not match") << value << fault->keyword;
        } else {
            ++good;
        }
    }
    EXPECT_GT(good, 100);
    EXPECT_GT(bad, 100);
}

TEST(Hostile, ManyThreadsMayCheck) {
    const auto word = compiled(R"({"items":{"pattern":"^(ab|cd)+[0-9]{2,4}$","maxLength":20}})");
    const json good = json::array({"abcd12", "ab9999", "cdcdcd00"}),
               bad = json::array({"abcd12", "ab9", "x"});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i) {
                EXPECT_FALSE(word->check(good));
                EXPECT_EQ(word->check(bad)->pointer, "/1");
            }
        });
    for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace bw::schema
