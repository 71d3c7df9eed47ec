// SPDX-License-Identifier: Apache-2.0
#include "core/console/api.h"

#include <gtest/gtest.h>

namespace bw::console {
namespace {

std::string data(const base::Result<std::string>& result) {
    return result ? *result : result.error().code;
}

TEST(Api, take_names_a_layout_or_nothing) {
    EXPECT_EQ(data(take_data(R"({"layout":"fire"})")), R"({"layout":"fire"})");
    EXPECT_EQ(data(take_data(R"({"if_take":3, "layout":"fire"})")),
              R"({"if_take":3,"layout":"fire"})");
    EXPECT_EQ(data(take_data("")), "{}");
    EXPECT_EQ(data(take_data(R"({"fade_ms":500})")), R"({"fade_ms":500})");
    EXPECT_EQ(data(take_data(R"({"transition":{"kind":"push","ms":400}})")),
              R"({"transition":{"kind":"push","ms":400}})");
    EXPECT_EQ(data(undo_data(R"({"transition":{"kind":"cut"}})")),
              R"({"transition":{"kind":"cut"}})");
}

TEST(Api, refuses_what_is_not_asked_for) {
    for (const char* body :
         {"[]", "3", "{", "null", R"({"layout":7})", R"({"layout":""})", R"({"layout":"../etc"})",
          R"({"if_take":-1})", R"({"if_take":"3"})", R"({"if_take":1.5})", R"({"fade_ms":10001})",
          R"({"transition":"fade"})", R"({"transition":{"kind":"wipe","ms":1}})",
          R"({"transition":{"kind":"fade","ms":10001}})", R"({"layuot":"fire"})"}) {
        EXPECT_EQ(data(take_data(body)), "invalid") << body;
    }
    EXPECT_EQ(data(undo_data(R"({"layout":"fire"})")), "invalid");
    EXPECT_EQ(data(undo_data("{}")), "{}");
}

TEST(Api, preview_needs_a_name_or_null) {
    EXPECT_EQ(data(preview_data(R"({"layout":null})")), R"({"layout":null})");
    EXPECT_EQ(data(preview_data(R"({"layout":"flood"})")), R"({"layout":"flood"})");
    EXPECT_EQ(data(preview_data("{}")), "invalid");
}

TEST(Api, gives_what_the_hub_gave) {
    const Answer answer = to_answer({true, "", "", R"({"take":4})"});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"take":4})");
}

TEST(Api, a_refusal_keeps_its_code_and_sentence) {
    const Answer answer = to_answer({false, "conflict", "take 4 is on air", "{}"});
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.body, R"({"error":{"code":"conflict","text":"take 4 is on air"}})");
    EXPECT_EQ(to_answer({false, "timeout", "", "{}"}).status, 504);
    EXPECT_EQ(to_answer({false, "unknown", "", "{}"}).status, 404);
    EXPECT_EQ(to_answer({false, "invalid", "", "{}"}).status, 400);
}

TEST(Api, a_sentence_that_is_not_UTF_8_cannot_break_the_answer) {
    EXPECT_NE(error_json({500, "x", "\xff"}).find("\"code\":\"x\""), std::string::npos);
}

}  // namespace
}  // namespace bw::console
