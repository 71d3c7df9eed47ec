// SPDX-License-Identifier: Apache-2.0
// A plugin that tries to get out of a real panel process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "core/base/sanitized.h"
#include "rig.h"

namespace bw::test {
namespace {

using ::testing::Contains;

struct Attempt {
    const char* what;
    int fault;         // 0: it must succeed
    const char* told;  // the call that is told; empty: Landlock, which tells nobody, or a limit
};

/// As escape_panel.c numbers them.
constexpr std::array kAttempts{
    Attempt{"read a secret", EACCES, ""},
    Attempt{"read another plugin's folder", EACCES, ""},
    Attempt{"write in its own folder", EACCES, ""},
    Attempt{"write elsewhere", EACCES, ""},
    Attempt{"truncate its library", EPERM, "truncate"},
    Attempt{"look into its parent's memory", EACCES, ""},
    Attempt{"open a socket", EPERM, "socket"},
    Attempt{"open a path socket", EPERM, "socket"},
    Attempt{"connect what it has", EPERM, "connect"},
    Attempt{"start a process", EPERM, "clone"},
    Attempt{"run a program", EPERM, "execve"},
    Attempt{"trace its parent", EPERM, "ptrace"},
    Attempt{"signal its parent", EPERM, "kill"},
    Attempt{"be another user", EPERM, "setuid"},
    Attempt{"have namespaces", EPERM, "unshare"},
    Attempt{"make memory files", EPERM, "memfd_create"},
    Attempt{"take all memory", ENOMEM, ""},
    Attempt{"take all descriptors", EMFILE, ""},
    Attempt{"empty its library", EPERM, "openat"},
    Attempt{"share memory that nobody counts", EPERM, "mmap"},
    Attempt{"read its own folder", 0, ""},
    Attempt{"have threads", 0, ""},
};

class Sandbox : public ::testing::Test {
  protected:
    void SetUp() override {
        if (kSanitized) GTEST_SKIP() << "a sanitizer needs what is refused here";
        ASSERT_TRUE(rig_.until([&] { return rig_.ready && rig_.hub->greeted; })) << rig_.failure;
        rig_.link();
    }
    Rig rig_{build_folder() / "tests/panel/escape.so"};
};

TEST_F(Sandbox, EveryWayOutIsRefusedAndWhatAPanelNeedsIsNot) {
    const uint32_t surface = rig_.configure("pane", "any");
    const auto list =
        rig_.picture(surface, [](const surface::DrawList& one) { return !one.vertices.empty(); });
    ASSERT_TRUE(list);
    ASSERT_EQ(list->vertices.size(), kAttempts.size());
    for (size_t i = 0; i < kAttempts.size(); ++i) {
        const Attempt& attempt = kAttempts[i];
        const auto& found = list->vertices[i];
        EXPECT_EQ(found.y, attempt.fault == 0 ? 1.F : 0.F) << attempt.what;
        if (attempt.fault != 0) {
            EXPECT_EQ(static_cast<int>(found.u), attempt.fault) << attempt.what;
        }
        if (*attempt.told != 0) {
            EXPECT_THAT(rig_.refused, Contains(attempt.told));
        }
    }
    EXPECT_FALSE(std::filesystem::exists("/tmp/bw-escaped"));
    // It goes on as if nothing had been.
    const int beats = rig_.beats;
    EXPECT_TRUE(rig_.until([&] { return rig_.beats > beats + 1; }));
}

}  // namespace
}  // namespace bw::test
