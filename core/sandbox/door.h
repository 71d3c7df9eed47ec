// SPDX-License-Identifier: Apache-2.0
// The words between close_service() in the child and NetworkGuard in the parent. The descriptor of
// the waiting calls cannot be sent: sendmsg() waits itself once the filter stands, and a way past
// it would be one for the service, too. So the child tells its number, and the parent takes it.
#pragma once

#include <cstdint>

namespace bw::sandbox::door {

// Parent to child, one byte each.
inline constexpr char kGo = 'g';    // close yourself in
inline constexpr char kNo = 'n';    // I may not look into you: stay open
inline constexpr char kHave = 'h';  // the descriptor is here: go on to exec

/// Child to parent, one packet.
struct Closed {
    int32_t listener = -1;  // its number in the child; -1: this kernel cannot
};

}  // namespace bw::sandbox::door
