// SPDX-License-Identifier: Apache-2.0
#include "core/hub/saved_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/hub/disk_advice.h"

namespace bw::hub::test {
namespace {

namespace fs = std::filesystem;

class SavedFile : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string name = "/tmp/bw-saved-test-XXXXXX";
        site_ = mkdtemp(name.data());
        fs::create_directory(site_ / "layouts");
    }
    void TearDown() override { fs::remove_all(site_); }

    [[nodiscard]] fs::path file(const std::string& name) const { return site_ / "layouts" / name; }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream in(file(name), std::ios::binary);
        std::stringstream text;
        text << in.rdbuf();
        return text.str();
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(file(name), std::ios::binary) << text;
    }
    [[nodiscard]] std::string code(const std::string& name, const std::string& text) const {
        const auto written = write_saved(site_, name, text);
        return written ? "" : written.error().code;
    }
    [[nodiscard]] long files() const {
        return std::distance(fs::directory_iterator(site_ / "layouts"), fs::directory_iterator());
    }

    fs::path site_;
};

TEST_F(SavedFile, seal_breaks_with_any_change) {
    const std::string ours = sealed("a = 1\n");
    EXPECT_TRUE(is_sealed(ours));
    EXPECT_EQ(ours.substr(0, 6), "a = 1\n");
    for (size_t at = 0; at < ours.size(); ++at) {
        std::string other = ours;
        other[at] = other[at] == 'x' ? 'y' : 'x';
        EXPECT_FALSE(is_sealed(other)) << at;
    }
    EXPECT_FALSE(is_sealed("a = 1\n"));
    EXPECT_FALSE(is_sealed(""));
    EXPECT_FALSE(is_sealed(ours + "b = 2\n"));
}

TEST_F(SavedFile, is_written_and_written_again) {
    EXPECT_EQ(code("saved-x", "a = 1\n"), "");
    EXPECT_EQ(read("saved-x.toml"), sealed("a = 1\n"));
    EXPECT_EQ(code("saved-x", "a = 2\n"), "");
    EXPECT_EQ(read("saved-x.toml"), sealed("a = 2\n"));
    EXPECT_EQ(files(), 1);
}

TEST_F(SavedFile, a_persons_file_stays) {
    write("saved-x.toml", "# mine\n");
    EXPECT_EQ(code("saved-x", "a = 1\n"), "conflict");
    EXPECT_EQ(read("saved-x.toml"), "# mine\n");
    for (const char* name : {"overview", "saved-", "saved-../x", ""})
        EXPECT_EQ(code(name, "a = 1\n"), "invalid") << name;
    EXPECT_EQ(files(), 1);
}

TEST_F(SavedFile, a_folder_that_takes_no_file_is_said) {
    const auto written = write_saved("/proc", "saved-x", "a = 1\n");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, "system");
    EXPECT_NE(written.error().text.find("writable"), std::string::npos);
}

TEST(DiskAdvice, says_what_to_do_for_what_went_wrong) {
    for (const int number : {ENOSPC, EDQUOT})
        EXPECT_EQ(disk_advice(number, "/s"), "make room in /s");
    EXPECT_NE(disk_advice(EROFS, "/s").find("make it writable: /s (its disk is mounted read-only"),
              std::string::npos);
    for (const int number : {EACCES, EPERM})
        EXPECT_NE(disk_advice(number, "/s").find("make it writable: /s (who runs the wall"),
                  std::string::npos);
    EXPECT_NE(disk_advice(EIO, "/s").find("look after the disk of /s"), std::string::npos);
}

TEST_F(SavedFile, a_full_disk_leaves_the_old_file_whole) {
    ASSERT_EQ(code("saved-x", "a = 1\n"), "");
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto old = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{64, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const std::string said = code("saved-x", std::string(1000, '#') + "\n");
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old);
    EXPECT_EQ(said, "system");
    EXPECT_EQ(read("saved-x.toml"), sealed("a = 1\n"));
    EXPECT_EQ(files(), 1);
}

}  // namespace
}  // namespace bw::hub::test
