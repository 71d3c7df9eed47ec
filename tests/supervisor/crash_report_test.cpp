// SPDX-License-Identifier: Apache-2.0
// What is known of a crash is kept, or the log says why not: it never names a file that is not
// there.
#include "core/supervisor/crash_report.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "core/base/log.h"
#include "core/base/unique_fd.h"

namespace bw::supervisor {
namespace {

namespace fs = std::filesystem;

struct CrashReport : testing::Test {
    static void SetUpTestSuite() { base::log_init("crash_report_test"); }  // to fd 2
    void SetUp() override {
        std::string name = "/tmp/bw-crash-XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        state = name;
        crash.row_name = "panel/supplies";
        crash.version = "1.2";
        crash.how = "signal 11 (Segmentation fault)";
        crash.pid = 4711;
        crash.uptime_ns = 1'500'000'000;
        crash.last_lines = {"first", "last"};
    }
    void TearDown() override { fs::remove_all(state); }

    /// The line that the log gets, at the latest after 20 s.
    std::string told() {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) return "";
        const base::UniqueFd read_end(ends[0]), before(dup(2));
        dup2(ends[1], 2);
        close(ends[1]);
        write_crash_report(state, crash);
        dup2(before.get(), 2);
        std::string line;
        pollfd wait{read_end.get(), POLLIN, 0};
        char c = 0;
        while (poll(&wait, 1, 20000) == 1 && read(read_end.get(), &c, 1) == 1) line += c;
        return line;
    }

    fs::path state;
    Crash crash;
};

TEST_F(CrashReport, is_written_and_its_place_told) {
    const std::string line = told();
    const size_t at = line.find("what is known of it: ");
    ASSERT_NE(at, std::string::npos) << line;
    const std::string file = line.substr(at + 21, line.find('\n', at) - at - 21);
    EXPECT_TRUE(file.starts_with((state / "crashes/panel-supplies-20").string())) << file;
    EXPECT_TRUE(file.ends_with("-4711.txt")) << file;
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_TRUE(
        text.starts_with("panel/supplies (version 1.2, pid 4711) ended by signal 11 "
                         "(Segmentation fault)\nat 20"))
        << text;
    EXPECT_TRUE(text.ends_with(", after 1.5 s\n\nits last lines:\n  first\n  last\n")) << text;
}

TEST_F(CrashReport, that_has_no_folder_is_told_as_not_kept) {
    std::ofstream(state / "crashes") << "a file where the folder should be";
    const std::string line = told();
    EXPECT_NE(line.find("what is known of panel/supplies could not be kept in " +
                        (state / "crashes").string() + ": "),
              std::string::npos)
        << line;
    EXPECT_EQ(line.find("what is known of it"), std::string::npos) << line;
}

TEST_F(CrashReport, on_a_full_disk_is_told_as_not_kept) {
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", state.c_str(), "tmpfs", 0, "size=64k") != 0)
        GTEST_SKIP() << "mounting a small disk needs the privilege to mount";
    fs::create_directory(state / "crashes");
    {
        std::ofstream filler(state / "filler");
        filler << std::string(1 << 20, 'x');
    }
    const std::string line = told();
    EXPECT_NE(line.find("could not be kept in " + (state / "crashes").string() +
                        ": No space left on device"),
              std::string::npos)
        << line;
    EXPECT_TRUE(fs::is_empty(state / "crashes"));
    umount(state.c_str());
}

}  // namespace
}  // namespace bw::supervisor
