// SPDX-License-Identifier: Apache-2.0
#include "core/console/guard.h"

#include <gtest/gtest.h>

namespace bw::console {
namespace {

const Guard kGuard(8780, "0123456789abcdef");

RequestFacts from_our_page() {
    RequestFacts facts;
    facts.method = "POST";
    facts.host = "127.0.0.1:8780";
    facts.origin = "http://127.0.0.1:8780";
    facts.fetch_site = "same-origin";
    facts.content_type = "application/json";
    facts.content_length = 20;
    return facts;
}

std::string refused(Route route, const RequestFacts& facts) {
    const auto refusal = kGuard.check(route, facts);
    return refusal ? refusal->code : "";
}

TEST(Guard, lets_its_own_page_press) {
    EXPECT_EQ(refused(Route::change, from_our_page()), "");
}

TEST(Guard, knows_three_names_of_this_machine_and_only_its_own_port) {
    RequestFacts facts;
    for (const char* host : {"127.0.0.1:8780", "localhost:8780", "LOCALHOST:8780", "[::1]:8780"}) {
        facts.host = host;
        EXPECT_EQ(refused(Route::page, facts), "") << host;
    }
    for (const char* host : {"", "127.0.0.1", "127.0.0.1:8781", "wall.example:8780",
                             "127.0.0.1:8780.example", "127.0.0.1:8780, evil.example"}) {
        facts.host = host;
        EXPECT_EQ(refused(Route::page, facts), "foreign_host") << host;
    }
}

TEST(Guard, the_page_may_be_linked_from_anywhere_but_nothing_else) {
    RequestFacts facts;
    facts.host = "localhost:8780";
    for (const char* site : {"cross-site", "same-site", "rubbish"}) {
        facts.fetch_site = site;
        EXPECT_EQ(refused(Route::page, facts), "");
        EXPECT_EQ(refused(Route::read, facts), "cross_site") << site;
    }
    facts.fetch_site = "none";
    EXPECT_EQ(refused(Route::read, facts), "");
}

TEST(Guard, refuses_every_origin_but_the_one_asked) {
    RequestFacts facts = from_our_page();
    facts.fetch_site.clear();
    for (const char* origin : {"http://127.0.0.1:8781", "http://localhost:8780", "null",
                               "https://127.0.0.1:8780", "http://127.0.0.1:8780.example"}) {
        facts.origin = origin;
        EXPECT_EQ(refused(Route::change, facts), "foreign_origin") << origin;
        EXPECT_EQ(refused(Route::read, facts), "foreign_origin") << origin;
    }
}

TEST(Guard, a_foreign_origin_is_refused_even_with_the_token) {
    RequestFacts facts = from_our_page();
    facts.origin = "http://evil.example";
    facts.fetch_site.clear();
    facts.authorization = "Bearer 0123456789abcdef";
    EXPECT_EQ(refused(Route::change, facts), "foreign_origin");
}

TEST(Guard, without_an_origin_only_the_token_opens) {
    RequestFacts facts = from_our_page();
    facts.origin.clear();
    facts.fetch_site.clear();
    EXPECT_EQ(refused(Route::change, facts), "no_origin");
    for (const char* wrong : {"Bearer ", "Bearer 0123456789abcdeX", "Bearer 0123456789abcdef0",
                              "Basic 0123456789abcdef", "0123456789abcdef"}) {
        facts.authorization = wrong;
        EXPECT_EQ(refused(Route::change, facts), "no_origin") << wrong;
    }
    facts.authorization = "Bearer 0123456789abcdef";
    EXPECT_EQ(refused(Route::change, facts), "");
}

TEST(Guard, takes_no_type_that_a_form_can_send) {
    RequestFacts facts = from_our_page();
    for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded",
                             "multipart/form-data", "application/jsonp"}) {
        facts.content_type = type;
        EXPECT_EQ(refused(Route::change, facts), "not_json") << type;
    }
    facts.content_type = "application/json; charset=utf-8";
    EXPECT_EQ(refused(Route::change, facts), "");
}

TEST(Guard, a_body_has_a_length_of_at_most_16_KiB) {
    RequestFacts facts = from_our_page();
    facts.content_length = kMaxBodyBytes;
    EXPECT_EQ(refused(Route::change, facts), "");
    facts.content_length = kMaxBodyBytes + 1;
    EXPECT_EQ(refused(Route::change, facts), "too_large");
    facts.content_length = -1;
    EXPECT_EQ(refused(Route::change, facts), "no_length");
    facts.content_length = 4;
    facts.chunked = true;
    EXPECT_EQ(refused(Route::change, facts), "no_length");
}

}  // namespace
}  // namespace bw::console
