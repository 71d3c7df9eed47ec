// SPDX-License-Identifier: Apache-2.0
// The sandbox of a plugin's service: any program in any language, which we exec. It may do what an
// ordinary program does; its calls that name an address, and those that reach other processes or
// the kernel itself, are put to the supervisor (network_guard.h).
#pragma once

namespace bw::sandbox {

/// In the child, between fork() and exec, for good, for it and all that it starts. The parent has
/// one thread, so memory may be taken here.
///
/// Order: give_up_privileges(); close_service_files(); close_service(); then arrange descriptors
/// and exec. `door`: this child's end of a socket pair (base::packet_pair()), whose other end a
/// NetworkGuard has in the parent; closed at exec, stays the caller's.
///
/// Waits for the guard's word, at most 10 s each time. False: this kernel cannot, or the parent may
/// not look into this process (the guard then says so, too), and nothing was closed.
bool close_service(int door);

}  // namespace bw::sandbox
