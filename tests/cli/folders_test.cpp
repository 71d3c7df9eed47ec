// SPDX-License-Identifier: Apache-2.0
#include "core/cli/folders.h"

#include <gtest/gtest.h>
#include <sys/un.h>

#include <cstdlib>

namespace bw::cli {
namespace {

TEST(Folders, given_ones_win_and_are_absolute) {
    EXPECT_EQ(run_folder("/tmp/a/../b/"), "/tmp/b");
    EXPECT_TRUE(run_folder("rel").is_absolute());
    EXPECT_EQ(state_folder("/s", "/r", "demo"), "/s");
    EXPECT_EQ(state_folder(std::nullopt, "/r", "demo"), "/r/state");
}

TEST(Folders, environment_then_system) {
    setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
    setenv("XDG_STATE_HOME", "/home/x/.state", 1);
    EXPECT_EQ(run_folder(std::nullopt), "/run/user/7/beaconwall");
    EXPECT_EQ(state_folder(std::nullopt, std::nullopt, "demo"), "/home/x/.state/beaconwall/demo");
    unsetenv("XDG_RUNTIME_DIR");
    unsetenv("XDG_STATE_HOME");
    EXPECT_EQ(run_folder(std::nullopt), "/run/beaconwall");
    EXPECT_EQ(state_folder(std::nullopt, std::nullopt, "demo"), "/var/lib/beaconwall/demo");
}

TEST(Folders, socket_paths_have_to_fit) {
    // RUNDIR + "/wire/" + 40 bytes + the terminator fill sun_path exactly.
    const size_t most = sizeof(sockaddr_un::sun_path) - 6 - 40 - 1;
    EXPECT_TRUE(check_run_folder('/' + std::string(most - 1, 'a')).ok());
    const std::string longer = '/' + std::string(most, 'a');
    const auto status = check_run_folder(longer);
    ASSERT_FALSE(status.ok());
    EXPECT_NE(status.error().text.find(longer), std::string::npos);
}

}  // namespace
}  // namespace bw::cli
