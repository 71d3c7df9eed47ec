// SPDX-License-Identifier: Apache-2.0
#include "core/access/sign_ins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/access/folder.h"

namespace bw::access {
namespace {

constexpr int64_t kNow = int64_t{1'800'000'000} * 1'000'000'000;

SignIns some() {
    SignIns all;
    all.locks.push_back({"li", {2, 3, kNow + 1'000'000, kNow}});
    all.locks.push_back({"nobody", {1, 0, 0, kNow}});
    all.sessions.push_back({std::string(64, 'a'), "wang", std::string(64, 'b'), kNow});
    return all;
}

TEST(SignIns, are_there_again_and_the_owner_alone_reads_them) {
    const test::Folder folder;
    EXPECT_TRUE(load_sign_ins(folder.path)->locks.empty()) << "no file: nobody";
    ASSERT_TRUE(store_sign_ins(folder.path, some()).ok());
    const auto again = load_sign_ins(folder.path);
    ASSERT_TRUE(again.ok());
    ASSERT_EQ(again->locks.size(), 2u);
    EXPECT_EQ(again->locks[0].name, "li");
    EXPECT_EQ(again->locks[0].count.failures, 2);
    EXPECT_EQ(again->locks[0].count.locks, 3);
    EXPECT_EQ(again->locks[0].count.until_ns, kNow + 1'000'000);
    EXPECT_EQ(again->locks[1].count.until_ns, 0);
    EXPECT_EQ(again->locks[1].count.last_ns, kNow);
    ASSERT_EQ(again->sessions.size(), 1u);
    EXPECT_EQ(again->sessions[0].name, "wang");
    EXPECT_EQ(again->sessions[0].until_ns, kNow);
    struct stat status {};
    ASSERT_EQ(::stat(sign_ins_file(folder.path).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(SignIns, a_file_that_is_none_is_told) {
    const test::Folder folder;
    for (
        const char* text :
        {"", "{", "[]", "{}", R"({"locks": [], "sessions": [1]})",
         R"({"locks": [{"name": "a/b", "last": "2026-07-01T00:00:00Z"}], "sessions": []})",
         R"({"locks": [{"name": "li", "last": "never"}], "sessions": []})",
         R"({"locks": [], "sessions": [{"hash": "short", "name": "li", "until": "2026-07-01T00:00:00Z"}]})"}) {
        folder.write("sign_ins.json", text);
        const auto read = load_sign_ins(folder.path);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_THAT(read.error().text, testing::HasSubstr("sign_ins.json is damaged")) << text;
    }
}

}  // namespace
}  // namespace bw::access
