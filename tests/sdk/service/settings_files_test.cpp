// SPDX-License-Identifier: Apache-2.0
// Files and secrets that a service's settings name: what counts, and what is told of the rest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/sdk/service/settings.h"

namespace bw::sdk {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SettingsFilesTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = (std::filesystem::temp_directory_path() / "bw-settings-XXXXXX").string();
        ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& content, mode_t mode = 0600) const {
        std::ofstream(path(), std::ios::binary) << content;
        ASSERT_EQ(::chmod(path().c_str(), mode), 0);
    }
    [[nodiscard]] std::string path() const { return folder_ + "/it"; }

    enum class Ask { file, secret };
    /// What `key` of that file gives; the faults are in faults_.
    std::string ask(Ask what, const std::string& text = "title = 1\nkey = \"it\"\n") {
        const SettingsFile file(text, "s.toml");
        SettingsTable root = file.root();
        std::string out =
            what == Ask::file ? root.file("key", folder_) : root.secret("key", folder_);
        faults_ = file.faults();
        return out;
    }
    std::string secret(const std::string& content) {
        write(content);
        return ask(Ask::secret);
    }

    std::string folder_;
    std::vector<std::string> faults_;
};

TEST_F(SettingsFilesTest, AFileIsNamedFromItsFolderOnOrByItsWholePath) {
    write("certificate", 0644);
    EXPECT_EQ(ask(Ask::file), path());
    EXPECT_EQ(ask(Ask::file, "key = \"" + path() + "\"\n"), path());
    EXPECT_THAT(faults_, IsEmpty());
}

TEST_F(SettingsFilesTest, NoKeyIsNoFileAndNoFault) {
    for (const Ask what : {Ask::file, Ask::secret}) {
        EXPECT_EQ(ask(what, "other = 1\n"), "");
        EXPECT_THAT(faults_, IsEmpty());
    }
}

TEST_F(SettingsFilesTest, WhatIsNoFileIsToldWithItsLineAndPath) {
    const auto told = AllOf(HasSubstr("s.toml:2: "), HasSubstr("no file " + path()));
    for (const Ask what : {Ask::file, Ask::secret}) {
        EXPECT_EQ(ask(what), "");
        EXPECT_THAT(faults_, ElementsAre(told));
        ASSERT_EQ(::mkdir(path().c_str(), 0700), 0);
        EXPECT_EQ(ask(what), "");
        EXPECT_THAT(faults_, ElementsAre(told));
        ASSERT_EQ(::rmdir(path().c_str()), 0);
    }
}

TEST_F(SettingsFilesTest, APipeIsNoFileAndNobodyWaitsForIt) {
    ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
    for (const Ask what : {Ask::file, Ask::secret}) {
        EXPECT_EQ(ask(what), "");
        EXPECT_THAT(faults_, ElementsAre(HasSubstr("no file")));
    }
}

TEST_F(SettingsFilesTest, AnEmptyNameOrNoTextIsAFaultAndNotTheSameAsNoKey) {
    for (const Ask what : {Ask::file, Ask::secret}) {
        for (const char* text : {"key = \"\"\n", "key = 5\n", "key = \"a\\u0000b\"\n"}) {
            EXPECT_EQ(ask(what, text), "");
            EXPECT_THAT(faults_, ElementsAre(AllOf(HasSubstr("s.toml:1: found"), HasSubstr("`key`"),
                                                   HasSubstr("file"))))
                << text;
        }
    }
}

TEST_F(SettingsFilesTest, ASecretIsTheFirstLineWithoutWhatEditorsAdd) {
    for (const char* content : {"s3cret\nmore\n", "s3cret", "s3cret\r\nmore\r\n",
                                "\xEF\xBB\xBFs3cret\r\n", "s3cret\n\x01\n"}) {
        EXPECT_EQ(secret(content), "s3cret") << content;
        EXPECT_THAT(faults_, IsEmpty());
    }
    EXPECT_EQ(secret("密码 with blanks \n"), "密码 with blanks ");
    EXPECT_EQ(secret(std::string(4096, 'x') + "\r\n").size(), 4096U);
    EXPECT_THAT(faults_, IsEmpty());
}

TEST_F(SettingsFilesTest, ASecretThatOthersMayReadIsNone) {
    for (const mode_t mode : {0644U, 0640U, 0604U, 0620U, 0601U}) {
        write("s3cret\n", mode);
        EXPECT_EQ(ask(Ask::secret), "");
        EXPECT_THAT(faults_,
                    ElementsAre(AllOf(HasSubstr("s.toml:2: "), HasSubstr("chmod 600 " + path()),
                                      Not(HasSubstr("s3cret")))));
    }
    write("s3cret\n", 0400);
    EXPECT_EQ(ask(Ask::secret), "s3cret");
}

TEST_F(SettingsFilesTest, AFileWithoutASecretIsToldAndNothingOfItIs) {
    for (const std::string& content :
         {std::string(), std::string("\ns3cret\n"), std::string("\r\n"),
          std::string("\xEF\xBB\xBF"), std::string("s3\0cret\n", 8), std::string("s3\tcret\n"),
          std::string(4097, 's'), std::string(100'000, 's') + "\n"}) {
        EXPECT_EQ(secret(content), "");
        EXPECT_THAT(faults_, ElementsAre(AllOf(HasSubstr("no secret in " + path()),
                                               HasSubstr("1 to 4096 bytes"), Not(HasSubstr("s3")),
                                               Not(HasSubstr("sss")))));
    }
}

}  // namespace
}  // namespace bw::sdk
