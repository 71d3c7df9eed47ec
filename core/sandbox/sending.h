// SPDX-License-Identifier: Apache-2.0
// One message that a service sends by sendto(), sendmsg() or sendmmsg(): copied out of its memory,
// checked, and sent by a duplicate of its socket, so that nothing can be exchanged in between.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/sandbox/caller.h"
#include "core/sandbox/reach.h"

namespace bw::sandbox {

class Sending {
  public:
    /// A message of at most 64 KiB: more is EMSGSIZE, and of a stream only its beginning is sent.
    /// With descriptors (16 at most) and a few kinds of control data; others are refused. Calls
    /// that Sending does not know are a mistake of ours.
    static std::variant<Sending, Answer> read(Caller& caller, const Reach& reach);
    /// The call's answer; nothing: its socket is full, and it waits for that. Never blocks.
    std::optional<Answer> push(const Caller& caller);
    /// The answer when it waits no longer: what was sent of a stream, or EAGAIN.
    [[nodiscard]] Answer give_up(const Caller& caller) const;
    /// Writable: time for push().
    [[nodiscard]] int fd() const { return socket_.fd.get(); }

  private:
    std::optional<Answer> read_plain(Caller& caller);
    std::optional<Answer> read_header(Caller& caller, uint64_t at);
    std::optional<Answer> read_pieces(Caller& caller, std::vector<iovec> pieces);
    std::optional<Answer> read_address(Caller& caller, uint64_t at, int size);
    std::optional<Answer> take_control(Caller& caller);
    std::optional<Answer> take_rights(Caller& caller, cmsghdr& header);
    std::optional<Answer> check(Caller& caller, const Reach& reach);
    std::optional<Answer> check_netlink();
    std::optional<Answer> check_path(Caller& caller, const Reach& reach);
    [[nodiscard]] Answer sent(const Caller& caller, size_t size) const;

    Socket socket_;
    Address to_;  // size 0: none
    HeldPath path_;
    std::vector<char> data_, control_;
    std::vector<base::UniqueFd> rights_;
    size_t done_ = 0;
    int flags_ = 0;
    uint64_t count_at_ = 0;  // sendmmsg: where its length goes
};

/// The folder that a caller's relative paths begin at.
std::filesystem::path folder_of(const Caller& caller);
/// The words "send to " and a sentence's rest; "connect to ", "bind to ".
Answer refused_address(const char* verb, const Address& address);
/// A netlink socket that may be used: to ask for addresses and routes.
bool is_route_socket(const Socket& socket);
/// The kernel's own end of one.
bool is_kernel(const Address& address);
/// Caches of names that C libraries try to reach, and do without: no word about these.
bool is_name_cache(const Address& address);

}  // namespace bw::sandbox
