// SPDX-License-Identifier: Apache-2.0
// Which addresses a service may name.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/network.h"
#include "core/base/unique_fd.h"

namespace bw::sandbox {

/// A copy of an address that a caller named; its bytes are a stranger's.
struct Address {
    sockaddr_storage bytes{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
    /// AF_UNSPEC if it is too short to have one.
    [[nodiscard]] int family() const;
    [[nodiscard]] uint16_t port() const;
    /// AF_UNIX: its path; empty: it is abstract or has no name.
    [[nodiscard]] std::filesystem::path path() const;
    /// "192.0.2.9:80", "[2001:db8::1]:80", "/run/socket", "@abstract", "family 40". Printable
    /// ASCII.
    [[nodiscard]] std::string words() const;
};

/// A path that was looked up once: `address` names what `held` holds, whatever becomes of the path.
struct HeldPath {
    base::UniqueFd held;
    Address address;
};

class Reach {
  public:
    /// `paths`: sockets, or folders below which all sockets are allowed. A socket there is reached
    /// with the supervisor's rights and name (SO_PEERCRED), so name none that obeys it.
    Reach(std::vector<base::NetworkRule> network, const std::vector<std::filesystem::path>& paths);

    /// What a rule covers. Other families than IPv4 and IPv6: never.
    [[nodiscard]] bool may_connect(const Address& address) const;
    /// IPv4 and IPv6: port 0 (the kernel chooses one), on a loopback address any from 1024 up, and
    /// else the ports that a rule names by number, whatever the address.
    [[nodiscard]] bool may_bind(const Address& address) const;
    /// The socket to connect or send to; nothing: it is not allowed. errno is 0, or why it is not
    /// there. `folder`: what a relative path begins at.
    [[nodiscard]] std::optional<HeldPath> socket_at(const std::filesystem::path& folder,
                                                    const std::filesystem::path& path) const;
    /// The same for a socket to be made; only below allowed folders.
    [[nodiscard]] std::optional<HeldPath> new_socket_at(const std::filesystem::path& folder,
                                                        const std::filesystem::path& path) const;

  private:
    struct Allowed {
        std::filesystem::path given, real;
    };
    [[nodiscard]] std::optional<std::filesystem::path> real_path(
        const std::filesystem::path& path) const;

    std::vector<base::NetworkRule> network_;
    std::vector<Allowed> paths_;
};

}  // namespace bw::sandbox
