// SPDX-License-Identifier: Apache-2.0
// Landlock (Linux 5.13 and newer; Debian 12 has its second version, which cannot refuse truncation:
// seccomp's list has no call that truncates).
#include "core/sandbox/files.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace bw::sandbox {
namespace {

constexpr uint64_t kRead =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE;
/// All that the first version knows: what is not handled is not refused.
constexpr uint64_t kFirstVersion = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
constexpr uint64_t kRefer = 1ULL << 13;     // since the second; not in older headers
constexpr uint64_t kTruncate = 1ULL << 14;  // since the third

/// The loader, its list, the libraries; how many processors there are.
constexpr std::array<const char*, 7> kSystem{"/lib",
                                             "/lib64",
                                             "/usr/lib",
                                             "/usr/lib64",
                                             "/usr/local/lib",
                                             "/etc/ld.so.cache",
                                             "/sys/devices/system/cpu"};

/// What a file can have done to it; the rest is for folders, and the kernel wants it said so.
constexpr uint64_t kOfFiles = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                              LANDLOCK_ACCESS_FS_EXECUTE | kTruncate;

void allow(int rules, const std::filesystem::path& path, uint64_t access) {
    const base::UniqueFd fd(open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!fd.valid()) return;  // not every system has each
    landlock_path_beneath_attr rule{access, fd.get()};
    std::error_code none;
    if (!std::filesystem::is_directory(path, none)) rule.allowed_access &= kOfFiles;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

base::UniqueFd make_rules(uint64_t handled) {
    landlock_ruleset_attr attributes{};
    attributes.handled_access_fs = handled;
    return base::UniqueFd(static_cast<int>(
        syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes.handled_access_fs, 0)));
}

}  // namespace

int files_version() {
    return std::max(0, static_cast<int>(syscall(SYS_landlock_create_ruleset, nullptr, 0,
                                                LANDLOCK_CREATE_RULESET_VERSION)));
}

FileRules FileRules::of_system() {
    FileRules made;
    const int version = files_version();
    if (version < 1) return made;
    made.rules_ = make_rules(kFirstVersion | (version >= 2 ? kRefer : 0));
    if (!made.rules_.valid()) return made;
    for (const char* path : kSystem) allow(made.rules_.get(), path, kRead);
    return made;
}

bool FileRules::close(const std::filesystem::path& folder) const {
    if (!rules_.valid()) return false;
    allow(rules_.get(), folder, kRead);
    return syscall(SYS_landlock_restrict_self, rules_.get(), 0) == 0;
}

bool close_service_files(const std::vector<std::filesystem::path>& writable) {
    const int version = files_version();
    if (version < 1) return false;
    const uint64_t write =
        (kFirstVersion & ~kRead) | (version >= 2 ? kRefer : 0) | (version >= 3 ? kTruncate : 0);
    const base::UniqueFd rules = make_rules(write);
    if (!rules.valid()) return false;
    allow(rules.get(), "/dev/null", write);
    for (const auto& path : writable) allow(rules.get(), path, write);
    return syscall(SYS_landlock_restrict_self, rules.get(), 0) == 0;
}

}  // namespace bw::sandbox
