// SPDX-License-Identifier: Apache-2.0
// Where a service may connect to, as its manifest says it. Pure.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bw::base {

/// "192.0.2.7:502", "192.0.2.0/24:*", "[2001:db8::1]:8080", "localhost:1883", "*:6004". Addresses
/// alone: a name could be made to mean another machine.
class NetworkRule {
  public:
    /// Nothing if `text` is no such rule.
    static std::optional<NetworkRule> parse(std::string_view text);
    /// Both IPv4 and IPv6 addresses; an IPv4 address inside IPv6 is the IPv4 one.
    [[nodiscard]] bool covers(const sockaddr* address, socklen_t size) const;
    /// 0: any.
    [[nodiscard]] uint32_t port() const { return port_; }

  private:
    bool read_host(std::string host);
    std::array<uint8_t, 16> address_{};  // IPv4 as ::ffff:a.b.c.d
    uint32_t bits_ = 0;                  // so many of them count
    uint32_t port_ = 0;                  // 0: any
    bool loopback_ = false;              // of either family
};

}  // namespace bw::base
