// SPDX-License-Identifier: Apache-2.0
// Landlock (Linux 5.13 and newer; Debian 12 has its second version, which cannot refuse truncation:
// seccomp's list has no call that truncates).
#include "core/sandbox/files.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "core/base/unique_fd.h"

namespace bw::sandbox {
namespace {

constexpr uint64_t kRead =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE;
/// All that the first version knows: what is not handled is not refused.
constexpr uint64_t kFirstVersion = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

/// The loader, its list, the libraries; how many processors there are.
constexpr std::array<const char*, 7> kSystem{"/lib",
                                             "/lib64",
                                             "/usr/lib",
                                             "/usr/lib64",
                                             "/usr/local/lib",
                                             "/etc/ld.so.cache",
                                             "/sys/devices/system/cpu"};

void allow(int rules, const std::filesystem::path& path) {
    const base::UniqueFd fd(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!fd.valid()) return;  // not every system has each
    landlock_path_beneath_attr rule{kRead, fd.get()};
    if (!std::filesystem::is_directory(path)) rule.allowed_access &= ~LANDLOCK_ACCESS_FS_READ_DIR;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

}  // namespace

bool close_files(const std::filesystem::path& folder) {
    const auto version =
        syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return false;
    landlock_ruleset_attr handled{};
    handled.handled_access_fs = kFirstVersion;
#ifdef LANDLOCK_ACCESS_FS_REFER
    if (version >= 2) handled.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
#endif
    const base::UniqueFd rules(static_cast<int>(
        syscall(SYS_landlock_create_ruleset, &handled, sizeof handled.handled_access_fs, 0)));
    if (!rules.valid()) return false;
    for (const char* path : kSystem) allow(rules.get(), path);
    allow(rules.get(), folder);
    return syscall(SYS_landlock_restrict_self, rules.get(), 0) == 0;
}

}  // namespace bw::sandbox
