// SPDX-License-Identifier: Apache-2.0
// A look at a TCP connection that libzmq owns, and its end. libzmq 4.3 can neither say how much of
// what it was given has arrived, nor end one connection of a socket; the kernel can.
//
// Only the descriptor's number is known, and its owner may close it at any moment, after which the
// number may stand for something else. So each function here first makes a descriptor of its own of
// it, checks what that one is, and uses nothing else. Linux; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace bw::events {

struct TcpLook {
    std::string peer;           // address and port of the other end
    uint64_t acknowledged = 0;  // bytes that arrived there
    uint64_t received = 0;      // bytes that arrived here
};

/// Nothing: there is no TCP connection behind that number.
std::optional<TcpLook> look_at(int fd);
/// Ends the connection to `peer` behind that number; false when it is another one, or gone.
bool shut(int fd, const std::string& peer);

}  // namespace bw::events
