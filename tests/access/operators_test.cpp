// SPDX-License-Identifier: Apache-2.0
#include "core/access/operators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "core/access/passwords.h"
#include "tests/access/folder.h"

namespace bw::access {
namespace {

using testing::HasSubstr;
constexpr int64_t kSecond = 1'000'000'000;

TEST(Operators, are_kept_whole_and_for_their_owner_alone) {
    const test::Folder folder;
    EXPECT_TRUE(load_operators(folder.path)->list.empty());
    const Operator li{"li",
                      "leader",
                      "$argon2id$x",
                      1'900'000'000 * kSecond,
                      {{"12345678", std::string(64, 'a'), 0}}};
    ASSERT_TRUE(change_operators(folder.path, [&](Operators& people) -> base::Status {
                    people.list.push_back(li);
                    return {};
                }).ok());
    const auto back = load_operators(folder.path);
    ASSERT_TRUE(back.ok());
    EXPECT_THAT(back->list, testing::ElementsAre(li));
    struct stat status {};
    ASSERT_EQ(::stat(operators_file(folder.path).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600u);
    const Token* token = nullptr;
    EXPECT_NE(back->of_token(std::string(64, 'a'), &token), nullptr);
    EXPECT_EQ(back->of_token(std::string(64, 'b'), &token), nullptr);
}

TEST(Operators, a_refused_change_writes_nothing) {
    const test::Folder folder;
    const auto refused = change_operators(folder.path, [](Operators& people) -> base::Status {
        people.list.push_back({"li", "viewer", "", 0, {}});
        return base::Error{"refused", "no"};
    });
    EXPECT_EQ(refused.error().text, "no");
    EXPECT_FALSE(std::filesystem::exists(operators_file(folder.path)));
}

TEST(Operators, a_broken_file_lets_nobody_in_and_is_never_written_over) {
    const std::string good = R"({"name": "li", "role": "viewer"})";
    for (const std::string& text :
         {std::string("{"), std::string("[]"), std::string(R"({"operators": [1]})"),
          R"({"operators": [)" + good + ", " + good + "]}",
          std::string(R"({"operators": [{"name": "../li", "role": "viewer"}]})"),
          std::string(R"({"operators": [{"name": "li", "role": "viewer", "until": "soon"}]})"),
          std::string(
              R"({"operators": [{"name": "li", "role": "viewer", "tokens": [{"hash": ""}]}]})")}) {
        const test::Folder folder;
        folder.write("operators.json", text);
        const auto loaded = load_operators(folder.path);
        ASSERT_FALSE(loaded.ok()) << text;
        EXPECT_THAT(loaded.error().text, HasSubstr("nobody is let in"));
        EXPECT_FALSE(change_operators(folder.path, [](Operators&) { return base::Status{}; }).ok());
        EXPECT_EQ(folder.read("operators.json"), text);
    }
}

TEST(Operators, end_with_their_tokens) {
    const Token endless{"1", "", 0}, short_lived{"2", "", 50};
    const Operator li{"li", "viewer", "", 100, {}};
    EXPECT_EQ(expiry_fault(li, nullptr, 99), "");
    EXPECT_THAT(expiry_fault(li, &endless, 100), HasSubstr("li ended at 1970-01-01"));
    EXPECT_EQ(expiry_fault(li, &short_lived, 49), "");
    EXPECT_THAT(expiry_fault(li, &short_lived, 50), HasSubstr("token 2"));
    EXPECT_EQ(expiry_fault({"wang", "viewer", "", 0, {}}, nullptr, INT64_MAX), "");
}

TEST(Passwords, are_argon2id_and_salted) {
    const auto one = hash_password("correct horse"), other = hash_password("correct horse");
    ASSERT_TRUE(one.ok() && other.ok());
    EXPECT_THAT(*one, testing::StartsWith("$argon2id$"));
    EXPECT_NE(*one, *other);
    EXPECT_TRUE(is_password("correct horse", *one));
    EXPECT_FALSE(is_password("correct horsf", *one));
    for (const char* hash : {"", "$argon2id$", "plain", "$argon2i$v=19$m=4096,t=3,p=1$eA$eA"})
        EXPECT_FALSE(is_password("plain", hash)) << hash;
}

TEST(Passwords, what_may_be_one) {
    EXPECT_EQ(password_fault("eight ok"), "");
    for (const std::string& bad :
         {std::string("short"), std::string(257, 'x'), std::string("with\nline"), std::string()})
        EXPECT_NE(password_fault(bad), "") << bad;
}

TEST(Passwords, a_token_is_long_and_only_its_hash_is_kept) {
    const std::string token = make_token();
    EXPECT_EQ(token.size(), 3 + 64u);
    EXPECT_NE(token, make_token());
    EXPECT_EQ(hash_token(token).size(), 64u);
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace bw::access
