// SPDX-License-Identifier: Apache-2.0
#include "core/sandbox/limits.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace bw::sandbox {
namespace {

void limit(__rlimit_resource what, uint64_t most) {
    rlimit now{};
    getrlimit(what, &now);
    const rlim_t value = std::min<rlim_t>(most, now.rlim_max);
    const rlimit both{value, value};
    setrlimit(what, &both);
}

}  // namespace

/// Also for a wall that runs as root: its panels are nobody in particular.
void give_up_privileges() {
    limit(RLIMIT_CORE, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (int i = 0; i <= CAP_LAST_CAP; ++i) prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
    __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    syscall(SYS_capset, &head, none);
}

void set_limits(const Limits& limits) {
    limit(RLIMIT_NOFILE, limits.descriptors);
    limit(RLIMIT_DATA, limits.memory);
}

}  // namespace bw::sandbox
