// SPDX-License-Identifier: Apache-2.0
// What both listeners (refusals.h, network_guard.h) need to read a call that waits.
#pragma once

#include <seccomp.h>

#include <string>

namespace bw::sandbox {

/// What the kernel has filled in; its size is the kernel's to say. Null pointers: no memory.
struct Exchange {
    seccomp_notif* asked = nullptr;
    seccomp_notif_resp* answer = nullptr;
    Exchange() { seccomp_notify_alloc(&asked, &answer); }
    ~Exchange() { seccomp_notify_free(asked, answer); }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
};

/// "ptrace"; "call 999" if libseccomp does not know it.
std::string name_of_call(int call);

}  // namespace bw::sandbox
