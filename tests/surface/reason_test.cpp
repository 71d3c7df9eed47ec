// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "core/surface/link.h"

namespace bw::surface {
namespace {

TEST(Reasons, have_a_code_of_their_own_and_words_in_both_languages) {
    std::set<std::string> codes;
    for (uint32_t i = 0; i <= static_cast<uint32_t>(Reason::no_recording); ++i) {
        const ReasonWords words = reason_words(static_cast<Reason>(i));
        EXPECT_TRUE(codes.insert(words.code).second) << words.code;
        EXPECT_EQ(words.zh[0] == 0, i == 0);
        EXPECT_EQ(words.en[0] == 0, i == 0);
    }
    EXPECT_STREQ(reason_words(static_cast<Reason>(4711)).code, "unknown");
}

TEST(SourceStates, are_the_words_of_the_status) {
    EXPECT_STREQ(source_state_word(SourceState::playing), "playing");
    EXPECT_STREQ(source_state_word(SourceState::unauthorised), "unauthorised");
    EXPECT_STREQ(source_state_word(static_cast<SourceState>(99)), "failed");
}

}  // namespace
}  // namespace bw::surface
