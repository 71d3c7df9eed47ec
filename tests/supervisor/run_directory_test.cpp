// SPDX-License-Identifier: Apache-2.0
#include "core/supervisor/run_directory.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "core/supervisor/glyphs.h"

namespace bw::supervisor {
namespace {

namespace fs = std::filesystem;

struct RunDirectoryTest : testing::Test {
    void SetUp() override {
        char name[] = "/tmp/bw-run-XXXXXX";
        top = mkdtemp(name);
        orders.run_dir = top / "run";
        orders.state_dir = top / "run" / "state";
        orders.plan.plugins = {{"supplies", "/x.so", ""}};
    }
    void TearDown() override { fs::remove_all(top); }
    fs::path top;
    Orders orders;
};

TEST_F(RunDirectoryTest, both_folders_are_private) {
    auto directory = RunDirectory::open(orders);
    ASSERT_TRUE(directory.ok()) << directory.error().text;
    for (const auto& folder : {orders.run_dir, orders.state_dir}) {
        struct stat info {};
        ASSERT_EQ(stat(folder.c_str(), &info), 0);
        EXPECT_EQ(info.st_mode & 0777, 0700u);
    }
}

TEST_F(RunDirectoryTest, a_second_wall_is_refused_by_run_or_by_state_folder) {
    auto first = RunDirectory::open(orders);
    ASSERT_TRUE(first.ok());
    auto second = RunDirectory::open(orders);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, "taken");
    EXPECT_NE(second.error().text.find(orders.run_dir.string()), std::string::npos);
    Orders other = orders;
    other.run_dir = top / "other";
    EXPECT_EQ(RunDirectory::open(other).error().code, "taken");
    other.state_dir = top / "other-state";
    EXPECT_TRUE(RunDirectory::open(other).ok());
}

TEST_F(RunDirectoryTest, is_emptied_but_for_the_state_and_can_be_opened_again) {
    auto directory = RunDirectory::open(orders);
    ASSERT_TRUE(directory.ok());
    auto wire = directory->make_wire("supplies", 'p', 1);
    ASSERT_TRUE(wire.ok());
    directory->note_processes({{getpid(), "hub/main"}});
    std::ofstream(orders.state_dir / "journal") << "kept";
    directory->empty();
    std::vector<fs::path> left;
    for (const auto& entry : fs::directory_iterator(orders.run_dir)) left.push_back(entry.path());
    EXPECT_EQ(left, std::vector<fs::path>{orders.state_dir});
    EXPECT_TRUE(fs::exists(orders.state_dir / "journal"));
    { const auto gone = std::move(*directory); }
    EXPECT_TRUE(RunDirectory::open(orders).ok());
}

TEST_F(RunDirectoryTest, socket_paths_that_would_not_fit_are_refused_by_name) {
    orders.run_dir = top / std::string(90, 'x');
    auto directory = RunDirectory::open(orders);
    ASSERT_FALSE(directory.ok());
    EXPECT_EQ(directory.error().code, "invalid");
    EXPECT_NE(directory.error().text.find("xxx"), std::string::npos);
    EXPECT_FALSE(fs::exists(orders.run_dir));
}

TEST_F(RunDirectoryTest, a_folder_of_somebody_elses_is_left_as_it_is) {
    fs::create_directories(orders.run_dir);
    ASSERT_EQ(chmod(orders.run_dir.c_str(), 01777), 0);
    std::ofstream(orders.run_dir / "letter") << "mine";
    auto directory = RunDirectory::open(orders);
    ASSERT_FALSE(directory.ok());
    for (const char* part : {orders.run_dir.c_str(), "of its own", "--run-dir"})
        EXPECT_NE(directory.error().text.find(part), std::string::npos) << directory.error().text;
    struct stat info {};
    ASSERT_EQ(stat(orders.run_dir.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 01777u);
    fs::remove(orders.run_dir / "letter");
    EXPECT_TRUE(RunDirectory::open(orders).ok()) << "an empty one may become ours";
}

TEST_F(RunDirectoryTest, a_folder_that_cannot_be_one_is_named_with_what_to_do) {
    std::ofstream(top / "file") << "x";
    orders.state_dir = top / "file";
    auto directory = RunDirectory::open(orders);
    ASSERT_FALSE(directory.ok());
    EXPECT_NE(directory.error().text.find("is no folder; name another one with --state-dir"),
              std::string::npos)
        << directory.error().text;
    orders.state_dir = top / "file" / "state";
    directory = RunDirectory::open(orders);
    ASSERT_FALSE(directory.ok());
    EXPECT_NE(directory.error().text.find("--state-dir"), std::string::npos)
        << directory.error().text;
    orders.state_dir = "/proc/1/none";  // nobody can make a folder there
    directory = RunDirectory::open(orders);
    ASSERT_FALSE(directory.ok());
    EXPECT_NE(directory.error().text.find("--state-dir"), std::string::npos);
}

TEST_F(RunDirectoryTest, wires_listen_on_paths_that_are_never_reused) {
    auto directory = RunDirectory::open(orders);
    ASSERT_TRUE(directory.ok());
    auto a = directory->make_wire("supplies", 'p', 1);
    auto b = directory->make_wire("supplies", 'p', 1);
    ASSERT_TRUE(a.ok() && b.ok());
    EXPECT_NE(a->path, b->path);
    EXPECT_TRUE(fs::is_socket(a->path));
    int listening = 0;
    socklen_t size = sizeof listening;
    getsockopt(a->socket.get(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &size);
    EXPECT_EQ(listening, 1);
}

TEST_F(RunDirectoryTest, a_killed_predecessors_children_are_ended_and_its_compositor_is_not) {
    auto directory = RunDirectory::open(orders);
    ASSERT_TRUE(directory.ok());
    pid_t pids[2];
    for (pid_t& pid : pids) {
        pid = fork();
        if (pid == 0) {
            setpgid(0, 0);
            raise(SIGSTOP);  // not even a polite signal would end it
            _exit(0);
        }
        setpgid(pid, pid);
        waitpid(pid, nullptr, WUNTRACED);
    }
    directory->note_processes({{pids[0], "panel/a"}, {pids[1], "compositor/main"}});
    const auto compositors = directory->end_remnants();
    ASSERT_EQ(compositors.size(), 1u);
    EXPECT_EQ(compositors[0].pid, pids[1]);
    int status = 0;
    EXPECT_EQ(waitpid(pids[0], &status, WNOHANG), pids[0]);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(waitpid(pids[1], &status, WNOHANG), 0);
    kill(pids[1], SIGKILL);
    waitpid(pids[1], &status, 0);
}

TEST_F(RunDirectoryTest, a_pid_that_another_process_has_now_is_left_alone) {
    auto directory = RunDirectory::open(orders);
    ASSERT_TRUE(directory.ok());
    const pid_t pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    std::ofstream(orders.run_dir / "processes") << pid << " 1 panel/a\n";
    EXPECT_TRUE(directory->end_remnants().empty());
    int status = 0;
    EXPECT_EQ(waitpid(pid, &status, WNOHANG), 0);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
}

TEST_F(RunDirectoryTest, the_shared_atlas_can_be_mapped_and_not_be_written) {
    std::ofstream(top / "atlas") << std::string(9000, 'a');
    auto fd = sealed_copy(top / "atlas");
    ASSERT_TRUE(fd.ok()) << fd.error().text;
    void* at = mmap(nullptr, 9000, PROT_READ, MAP_SHARED, fd->get(), 0);
    ASSERT_NE(at, MAP_FAILED);
    EXPECT_EQ(static_cast<const char*>(at)[8999], 'a');
    munmap(at, 9000);
    const std::string path = "/proc/self/fd/" + std::to_string(fd->get());
    const base::UniqueFd again(open(path.c_str(), O_RDWR));
    EXPECT_TRUE(!again.valid() || write(again.get(), "x", 1) < 0);
    EXPECT_EQ(mmap(nullptr, 9000, PROT_READ | PROT_WRITE, MAP_SHARED, again.get(), 0), MAP_FAILED);
}

}  // namespace
}  // namespace bw::supervisor
