// SPDX-License-Identifier: Apache-2.0
// Patterns: those that are let in mean what they mean elsewhere, the others are refused.
#include "core/schema/pattern.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "core/schema/schema.h"

namespace bw::schema {
namespace {

using nlohmann::json;

constexpr const char* kGood[] = {
    "^a$",
    "^.$",
    "^ab*c+d?$",
    "^[a-z0-9_-]+$",
    "^[^/]+$",
    "^(a|bc)$",
    "^(a(b|c)+)*d$",
    "^a{3}$",
    "^a{2,}$",
    "^a{0,2}b$",
    "^(ab){1,2}$",
    "^\\.\\*\\\\$",
    "^[\\]\\\\]+$",
    "^潮河+$",
    "^[一-龥]{2,4}$",
    "^SYN-[GRC][0-9]{2,3}$",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"};

constexpr const char* kBad[] = {"",
                                "^(a*)*$",
                                "^(a?)+$",
                                "^(a*b*c*d*){1,64}$",
                                "^(a*|b)c$",
                                "^(a|b?)$",
                                "^((a|b|ab|ba)(a|b|ab|ba)){1,64}$",
                                "a",
                                "^a",
                                "a$",
                                "^$",
                                "^a|b$",
                                "^^a$",
                                "^a$b$",
                                "^(^a)$",
                                "^\\d$",
                                "^\\w$",
                                "^\\bx$",
                                "^(?:a)$",
                                "^(?=a)a$",
                                "^a+?$",
                                "^a**$",
                                "^a{2}{3}$",
                                "^*a$",
                                "^(*a)$",
                                "^()$",
                                "^(a$",
                                "^a)$",
                                "^[$",
                                "^[]$",
                                "^[^]$",
                                "^[[:alpha:]]$",
                                "^a{$",
                                "^a{2$",
                                "^a{,2}$",
                                "^a{3,2}$",
                                "^a{0}$",
                                "^a{65}$",
                                "^a{99999999999}$",
                                "^{2}$",
                                "^(a|)$",
                                "^(|a)$",
                                "^a]$",
                                "^a}$",
                                "^\\$",
                                "^((a{64}){64}){64}$",
                                "^(a|b$"};

TEST(Pattern, WhatIsLetInMeansWhatItMeansElsewhere) {
    const std::string texts[] = {"",
                                 "a",
                                 "b",
                                 "ab",
                                 "abc",
                                 "abbc",
                                 "bc",
                                 "abcd",
                                 "acd",
                                 "ac",
                                 "aa",
                                 "aaa",
                                 "aaaa",
                                 "aab",
                                 "b",
                                 "abab",
                                 "ababab",
                                 "abd",
                                 "d",
                                 "abcbd",
                                 ".*\\",
                                 "]\\",
                                 "/",
                                 "a/b",
                                 "x_y-9",
                                 "SYN-G01",
                                 "SYN-X01",
                                 "SYN-G0123",
                                 "2026-01-01T00:00:00Z",
                                 "2026-01-01T00:00:00.125+08:00",
                                 "2026-01-01 00:00:00Z",
                                 "x\ny"};
    for (const char* pattern : kGood) {
        EXPECT_EQ(pattern_fault(pattern), "") << pattern;
        const auto schema = Schema::compile(json{{"pattern", pattern}, {"maxLength", 100}}.dump());
        ASSERT_TRUE(schema) << pattern;
        for (const std::string& text : texts) {
            const bool plain = std::string_view(pattern).find("\xe4") == std::string_view::npos;
            if (!plain) continue;  // std::regex knows bytes alone
            if (text.find('\n') != std::string::npos &&
                std::string_view(pattern).find('.') != std::string_view::npos)
                continue;
            const bool matches = std::regex_search(text, std::regex(pattern));
            EXPECT_EQ(!(*schema)->check(json(text)), matches) << pattern << " " << text;
        }
    }
}

TEST(Pattern, CharactersAreWholeOnes) {
    const auto names = Schema::compile(R"({"pattern":"^[一-龥]{2,4}$","maxLength":9})");
    ASSERT_TRUE(names);
    EXPECT_FALSE((*names)->check(json("潮白河")));
    EXPECT_TRUE((*names)->check(json("河")));
    EXPECT_TRUE((*names)->check(json("abc")));
}

TEST(Pattern, TheRestIsRefused) {
    for (const char* pattern : kBad) EXPECT_NE(pattern_fault(pattern), "") << pattern;
    EXPECT_NE(pattern_fault("^" + std::string(300, 'a') + "$"), "");
    EXPECT_NE(pattern_fault(std::string("^a\0b$", 5)), "");
    EXPECT_NE(pattern_fault("^" + std::string(20, '(') + "a" + std::string(20, ')') + "$"), "");
}

}  // namespace
}  // namespace bw::schema
