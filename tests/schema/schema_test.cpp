// SPDX-License-Identifier: Apache-2.0
// What is said of a value that does not match, and of a schema that cannot be held to.
#include "core/schema/schema.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace bw::schema {
namespace {

using nlohmann::json;

constexpr const char* kGauge = R"({
  "$schema": "http://json-schema.org/draft-04/schema#",
  "title": "A gauge", "description": "what type: const would say",
  "definitions": { "text": { "type": "object", "required": ["zh"],
                             "properties": { "zh": { "type": "string", "minLength": 1 } } } },
  "type": "object", "required": ["level_m", "name"], "additionalProperties": false,
  "properties": {
    "level_m": { "type": "number", "minimum": -5, "maximum": 50 },
    "name": { "$ref": "#/definitions/text", "description": "in Chinese" },
    "trend": { "enum": ["rising", "falling", 0, null, true] },
    "rate": { "type": ["integer", "null"], "minimum": 0, "exclusiveMinimum": true },
    "code": { "type": "string", "pattern": "^SYN-G[0-9]{2}$", "maxLength": 16 },
    "points": { "type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": true,
                "items": { "type": "array", "items": [{}, {}], "additionalItems": false } },
    "of": { "anyOf": [{ "type": "string", "title": "a name" }, { "type": "integer", "title": "a number" }] },
    "a/b~c": { "not": { "type": "string" } },
    "type": { "type": "string", "maxLength": 3 },
    "required": {}, "patternProperties": {}, "enum": {}
  },
  "examples": [{ "level_m": 1, "name": { "zh": "一" }, "patternProperties": 5 }]
})";

std::shared_ptr<const Schema> gauge() {
    auto schema = Schema::compile(kGauge);
    EXPECT_TRUE(schema) << (schema ? "" : schema.error().text);
    return schema ? *schema : nullptr;
}

/// A good value with some members put in its place.
json with(const char* changes) {
    json value = {{"level_m", 3.5}, {"name", {{"zh", "潮河"}}}};
    value.update(json::parse(changes));
    return value;
}

TEST(Schema, WhatMatchesIsNoFault) {
    const auto schema = gauge();
    for (const char* changes :
         {"{}", R"({"trend":"rising"})", R"({"trend":0})", R"({"trend":null})", R"({"rate":1})",
          R"({"rate":null})", R"({"code":"SYN-G01"})", R"({"points":[[1,2],[],[3]]})",
          R"({"of":"x"})", R"({"of":3})", R"({"a/b~c":3})", R"({"level_m":50})",
          R"({"level_m":-5})", R"({"required":1,"patternProperties":{"x":1},"enum":[2]})"}) {
        const auto fault = schema->check(with(changes));
        EXPECT_FALSE(fault) << changes << ": " << fault->text("data");
    }
}

/// Under UBSan this also shows that no such number is cast to 64 bits.
TEST(Schema, NumbersBeyond64BitsAreToldApart) {
    const auto schema = Schema::compile(
        R"({"properties":{"one":{"enum":[1e308,-1e308,0]},"each":{"type":"array","uniqueItems":true,"maxItems":20}}})");
    ASSERT_TRUE(schema) << schema.error().text;
    for (
        const char* good :
        {R"({"one":1e308})", R"({"one":-1e308})", R"({"one":0})",
         R"({"each":[1e308,-1e308,1e307,3.4028234663852886e38,18446744073709551616.0,9.3e18,-9.3e18,-0.5,0.5]})"}) {
        const auto fault = (*schema)->check(json::parse(good));
        EXPECT_FALSE(fault) << good << ": " << fault->text("data");
    }
    for (const char* bad : {R"({"one":1e307})", R"({"one":-1e307})", R"({"each":[1e308,1,1e308]})",
                            R"({"each":[-1e308,1,-1e308]})"})
        EXPECT_TRUE((*schema)->check(json::parse(bad))) << bad;
}

TEST(Schema, AFaultHasItsPointerAndSaysWhatIsAllowed) {
    struct Case {
        const char *changes, *pointer, *keyword, *en, *zh;
    };
    const Case cases[] = {
        {R"({"level_m":"3"})", "/level_m", "type", "found a text; allowed: a number",
         "现为文本；应为数字"},
        {R"({"level_m":-5.5})", "/level_m", "minimum", "found -5.5; allowed: at least -5",
         "现为 -5.5；应不小于 -5"},
        {R"({"level_m":51})", "/level_m", "maximum", "found 51; allowed: at most 50",
         "现为 51；应不大于 50"},
        {R"({"rate":0})", "/rate", "minimum", "found 0; allowed: more than 0", "现为 0；应大于 0"},
        {R"({"rate":1.5})", "/rate", "type",
         "found a number with a fraction; allowed: a whole number, null",
         "现为小数；应为整数、null"},
        {R"({"name":{}})", "/name", "required", "`zh` is missing", "缺少 `zh`"},
        {R"({"name":{"zh":""}})", "/name/zh", "minLength",
         "found 0 characters; allowed: at least 1", "现有 0 个字；应不少于 1 个字"},
        {R"({"type":"潮白河水"})", "/type", "maxLength", "found 4 characters; allowed: at most 3",
         "现有 4 个字；应不超过 3 个字"},
        {R"({"lvl":1})", "/lvl", "additionalProperties",
         "`lvl` is not known here; allowed: a/b~c, ", "不认识 `lvl`；应为：a/b~c, "},
        {R"({"trend":"up"})", "/trend", "enum",
         R"(found "up"; allowed: "rising", "falling", 0, null, true)",
         R"(现为 "up"；应为："rising")"},
        {R"({"code":"SYN-G1"})", "/code", "pattern",
         R"(found "SYN-G1"; allowed: what matches ^SYN-G[0-9]{2}$)", "应符合 ^SYN"},
        {R"({"points":[]})", "/points", "minItems", "found 0 entries; allowed: at least 1",
         "现有 0 项"},
        {R"({"points":[[1],[2],[3],[4]]})", "/points", "maxItems",
         "found 4 entries; allowed: at most 3", "现有 4 项；应不超过 3 项"},
        {R"({"points":[[1],[1]]})", "/points/1", "uniqueItems", "found an entry twice",
         "有重复的项"},
        {R"({"points":[[1,2,3]]})", "/points/0/2", "items", "found one entry more than allowed",
         "多出这一项"},
        {R"({"of":true})", "/of", "anyOf",
         "fits none of the allowed forms; allowed: a name, a number", "应为：a name, a number"},
        {R"({"a/b~c":"x"})", "/a~1b~0c", "not", "found what is not allowed here", "不允许"},
    };
    const auto schema = gauge();
    for (const Case& c : cases) {
        const auto fault = schema->check(with(c.changes));
        ASSERT_TRUE(fault) << c.changes;
        EXPECT_EQ(fault->pointer, c.pointer) << c.changes;
        EXPECT_EQ(fault->keyword, c.keyword) << c.changes;
        EXPECT_EQ(fault->en.rfind(c.en, 0), 0U) << c.changes << ": " << fault->en;
        EXPECT_NE(fault->zh.find(c.zh), std::string::npos) << c.changes << ": " << fault->zh;
    }
    const auto missing = schema->check(json::parse(R"({"level_m":1})"));
    ASSERT_TRUE(missing);
    EXPECT_EQ(missing->text("data"), "data: `name` is missing");
    EXPECT_EQ(schema->check(json(5))->text("data", "zh"), "data: 现为整数；应为对象");
}

TEST(Schema, TextsAreReadAsTheyAre) {
    const auto schema = gauge();
    EXPECT_FALSE(schema->check_text(R"({"level_m":1,"name":{"zh":"x"}})"));
    EXPECT_EQ(schema->check_text("{")->keyword, "json");
    EXPECT_EQ(schema->check_text("\"\xff\"")->keyword, "json");
    EXPECT_EQ(schema->examples().size(), 1U);
}

TEST(Schema, WhatIsNotCheckedIsRefusedAtLoad) {
    const std::pair<const char*, const char*> cases[] = {
        {R"({"const":1})",
         R"(/const: "const" is not checked here; allowed: "enum" with one value)"},
        {R"({"properties":{"a":{"if":{}}}})", "/properties/a/if: "},
        {R"({"minimum":1,"exclusiveMinimum":1})",
         R"(/exclusiveMinimum: a number here is of a later draft; allowed: "minimum")"},
        {R"({"exclusiveMaximum":9})", R"("maximum" with the number)"},
        {R"({"exclusiveMinimum":true})", R"(needs "minimum" beside it)"},
        {R"({"format":"date-time"})", "/format: "},
        {R"({"multipleOf":2})", "/multipleOf: "},
        {R"({"patternProperties":{}})", "/patternProperties: "},
        {R"({"dependencies":{}})", "/dependencies: "},
        {R"({"contains":{}})", "/contains: "},
        {R"({"$defs":{}})", R"("definitions")"},
        {R"({"propertys":{}})", R"(there is no keyword "propertys")"},
        {R"({"$schema":"http://json-schema.org/draft-07/schema#"})", "/$schema: allowed: "},
        {R"({"type":"text"})", "/type: allowed: array, boolean"},
        {R"({"type":[]})", "/type: "},
        {R"({"type":["string","string"]})", "/type: "},
        {R"({"required":[]})", "/required: "},
        {R"({"required":["a","a"]})", "/required: "},
        {R"({"required":true})", "/required: "},
        {R"({"minLength":-1})", "/minLength: allowed: a whole number from 0"},
        {R"({"minLength":1.0})", "/minLength: "},
        {R"({"minimum":"1"})", "/minimum: allowed: a number"},
        {R"({"enum":[]})", "/enum: "},
        {R"({"enum":[{"patternProperties":5}]})", "/enum: "},
        {R"({"items":[]})", "/items: "},
        {R"({"items":true})", "/items: a schema is an object"},
        {R"({"items":{},"additionalItems":false})",
         R"("additionalItems" needs "items" with a list)"},
        {R"({"uniqueItems":true})", R"("uniqueItems" needs "maxItems")"},
        {R"({"uniqueItems":true,"maxItems":100000})", R"("uniqueItems" needs "maxItems")"},
        {R"({"pattern":"^a$"})", R"(a pattern needs "maxLength")"},
        {R"({"pattern":"^a$","maxLength":1000000})", R"(a pattern needs "maxLength")"},
        {R"({"pattern":"^\\d$","maxLength":9})", "the pattern cannot be read; allowed: ^"},
        {R"({"anyOf":[]})", "/anyOf: "},
        {R"({"allOf":{}})", "/allOf: "},
        {R"({"not":true})", "/not: a schema is an object"},
        {R"({"properties":{"a":{"definitions":{}}}})", "/properties/a/definitions: "},
        {R"({"examples":{}})", "/examples: "},
        {R"({"title":5})", "/title: "},
        {R"({"additionalProperties":5})", "/additionalProperties: a schema is an object"},
        {"[]", "the schema: a schema is an object"},
        {"true", "the schema: a schema is an object"},
    };
    for (const auto& [text, words] : cases) {
        const auto schema = Schema::compile(text);
        ASSERT_FALSE(schema) << text;
        EXPECT_EQ(schema.error().code, "invalid");
        EXPECT_NE(schema.error().text.find(words), std::string::npos)
            << text << ": " << schema.error().text;
    }
}

TEST(Schema, TextThatIsNoJsonIsRefusedWithItsPlace) {
    EXPECT_EQ(Schema::compile("{\n  \"a\" 1}").error().text,
              "line 2, column 7: this is no JSON in UTF-8");
    EXPECT_EQ(Schema::compile("").error().text, "line 1, column 1: this is no JSON in UTF-8");
    EXPECT_NE(Schema::compile("{\"minimum\":1e999}").error().text.find("too large"),
              std::string::npos);
    EXPECT_FALSE(Schema::compile("{\"title\":\"\xff\"}"));
}

TEST(Schema, ReferencesLeadToDefinitionsAndEnd) {
    const auto refused = [](const std::string& text) {
        const auto schema = Schema::compile(text);
        return schema ? "" : schema.error().text;
    };
    for (const char* to :
         {"#", "#/properties/a", "other.json", "#/definitions/none", "#/definitions/a/b"})
        EXPECT_NE(
            refused(R"({"definitions":{"a":{}},"items":{"$ref":")" + std::string(to) + R"("}})")
                .find("/items/$ref: allowed: \"#/definitions/NAME\""),
            std::string::npos)
            << to;
    EXPECT_NE(refused(R"({"definitions":{"a":{"items":{"$ref":"#/definitions/a"}}}})")
                  .find("leads back to itself"),
              std::string::npos);
    EXPECT_NE(
        refused(
            R"({"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}}})")
            .find("leads back to itself"),
        std::string::npos);
    EXPECT_NE(refused(R"({"definitions":{"a":{}},"items":{"$ref":"#/definitions/a","minItems":1}})")
                  .find("would not be looked at"),
              std::string::npos);
    const auto chain = Schema::compile(
        R"({"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"type":"integer"}},"items":{"$ref":"#/definitions/a"}})");
    ASSERT_TRUE(chain) << chain.error().text;
    EXPECT_FALSE((*chain)->check(json::parse("[1,2]")));
    EXPECT_EQ((*chain)->check(json::parse("[1,\"2\"]"))->text("data"),
              "data/1: found a text; allowed: a whole number");
}

}  // namespace
}  // namespace bw::schema
