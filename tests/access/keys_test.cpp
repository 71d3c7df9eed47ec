// SPDX-License-Identifier: Apache-2.0
#include "core/access/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/access/folder.h"

namespace bw::access {
namespace {

using testing::HasSubstr;

mode_t mode_of(const std::filesystem::path& file) {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
    return status.st_mode & 07777;
}

std::string make_public() {
    return make_key_pair()->public_key;
}

base::Status add(const std::filesystem::path& folder, const Key& key) {
    return change_keys(folder, [&](Keys& keys) -> base::Status {
        keys.list.push_back(key);
        return {};
    });
}

TEST(Keys, are_kept_whole_and_found_by_name_and_by_their_public_half) {
    const test::Folder folder;
    EXPECT_TRUE(load_keys(folder.path)->list.empty());
    const Key desk{"desk", "viewer", make_public(), "2026-07-01T00:00:00.000Z"};
    ASSERT_TRUE(add(folder.path, desk).ok());
    const auto back = load_keys(folder.path);
    ASSERT_TRUE(back.ok());
    EXPECT_THAT(back->list, testing::ElementsAre(desk));
    EXPECT_EQ(back->of(desk.public_key)->name, "desk");
    EXPECT_EQ(back->of(make_public()), nullptr);
    EXPECT_EQ(back->find("des"), nullptr);
    EXPECT_EQ(mode_of(keys_file(folder.path)), 0600u);
}

TEST(Keys, a_broken_list_lets_nobody_in_and_is_never_written_over) {
    const std::string key = make_public();
    const std::string good = R"({"name": "a", "role": "viewer", "public": ")" + key + "\"}";
    for (const std::string& text :
         {std::string("{"), std::string("[]"), std::string(R"({"keys": [1]})"),
          R"({"keys": [)" + good + ", " + good + "]}",
          R"({"keys": [{"name": "../a", "role": "viewer", "public": ")" + key + "\"}]}",
          R"({"keys": [{"name": "a", "role": "", "public": ")" + key + "\"}]}",
          std::string(R"({"keys": [{"name": "a", "role": "viewer", "public": "short"}]})")}) {
        const test::Folder folder;
        folder.write("keys.json", text);
        const auto loaded = load_keys(folder.path);
        ASSERT_FALSE(loaded.ok()) << text;
        EXPECT_THAT(loaded.error().text, HasSubstr("no other machine is let in"));
        EXPECT_FALSE(add(folder.path, {"b", "viewer", key, ""}).ok());
        EXPECT_EQ(folder.read("keys.json"), text);
    }
}

TEST(Keys, the_hubs_own_is_made_once_and_refused_when_damaged_or_open) {
    const test::Folder folder;
    const auto first = server_key(folder.path);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(server_key(folder.path)->secret_key, first->secret_key);
    const auto file = folder.path / "server.key";
    EXPECT_EQ(mode_of(file), 0600u);
    ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
    EXPECT_THAT(server_key(folder.path).error().text, HasSubstr("others can read it"));
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    std::string text = folder.read("server.key");
    text.replace(text.find(first->public_key), 40, make_public());
    folder.write("server.key", text);
    EXPECT_THAT(server_key(folder.path).error().text, HasSubstr("no key pair"));
    EXPECT_EQ(folder.read("server.key"), text);
}

TEST(Keys, a_clients_file_is_complete_and_never_written_over) {
    const test::Folder folder;
    const ClientKey made{"desk", *make_key_pair(), make_public()};
    const auto file = folder.path / "desk.key";
    ASSERT_TRUE(store_client_key(file, made).ok());
    EXPECT_EQ(mode_of(file), 0600u);
    const auto back = load_client_key(file);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->pair.secret_key, made.pair.secret_key);
    EXPECT_EQ(back->server, made.server);
    const std::string before = folder.read("desk.key");
    EXPECT_EQ(store_client_key(file, {"desk", *make_key_pair(), made.server}).error().code,
              "conflict");
    EXPECT_EQ(folder.read("desk.key"), before);
    EXPECT_FALSE(load_client_key(folder.path / "other.key").ok());
}

TEST(Keys, thirty_two_bytes_are_forty_characters) {
    const unsigned char bytes[32] = {0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b};
    EXPECT_EQ(key_text(bytes).substr(0, 10), "HelloWorld");  // the example of ZeroMQ RFC 32
    EXPECT_TRUE(is_key(key_text(bytes)));
    EXPECT_FALSE(is_key(std::string(40, '"')));
    EXPECT_FALSE(is_key(""));
}

}  // namespace
}  // namespace bw::access
