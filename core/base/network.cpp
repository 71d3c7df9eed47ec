// SPDX-License-Identifier: Apache-2.0
#include "core/base/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace bw::base {
namespace {

using Address = std::array<uint8_t, 16>;

std::optional<uint32_t> number(std::string_view text, uint32_t most) {
    uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > most)
        return std::nullopt;
    return value;
}

Address mapped(const in_addr& four) {
    Address out{};
    out[10] = out[11] = 0xFF;
    std::memcpy(out.data() + 12, &four, 4);
    return out;
}

bool same_bits(const Address& a, const Address& b, uint32_t bits) {
    for (uint32_t i = 0; i < bits; ++i)
        if (((a[i / 8] ^ b[i / 8]) >> (7 - i % 8) & 1) != 0) return false;
    return true;
}

bool is_loopback(const Address& address) {
    Address one{};
    one[15] = 1;
    return address == one || same_bits(address, mapped({htonl(INADDR_LOOPBACK)}), 96 + 8);
}

}  // namespace

bool NetworkRule::read_host(std::string host) {
    if (host == "*") return true;
    if (host == "localhost") return loopback_ = true;
    std::optional<uint32_t> prefix;
    if (const size_t slash = host.find('/'); slash != std::string::npos) {
        prefix = number(std::string_view(host).substr(slash + 1), 128);
        if (!prefix) return false;
        host.resize(slash);
    }
    in_addr four{};
    if (inet_pton(AF_INET, host.c_str(), &four) == 1) {
        if (prefix.value_or(32) > 32) return false;
        address_ = mapped(four);
        bits_ = 96 + prefix.value_or(32);
        return true;
    }
    bits_ = prefix.value_or(128);
    return inet_pton(AF_INET6, host.c_str(), address_.data()) == 1;
}

std::optional<NetworkRule> NetworkRule::parse(std::string_view text) {
    const size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || text.size() > 64) return std::nullopt;
    if (text.find('\0') != std::string_view::npos) return std::nullopt;  // inet_pton() ends there
    NetworkRule rule;
    if (const std::string_view port = text.substr(colon + 1); port != "*") {
        const auto value = number(port, 65535);
        if (!value || *value == 0) return std::nullopt;
        rule.port_ = *value;
    }
    std::string host(text.substr(0, colon));
    if (host.front() == '[') {
        if (host.back() != ']') return std::nullopt;
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string::npos) {
        return std::nullopt;  // an IPv6 address stands in brackets
    }
    if (!rule.read_host(std::move(host))) return std::nullopt;
    return rule;
}

bool NetworkRule::covers(const sockaddr* address, socklen_t size) const {
    Address there{};
    uint16_t port = 0;
    if (address->sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
        sockaddr_in four{};
        std::memcpy(&four, address, sizeof four);
        there = mapped(four.sin_addr);
        port = ntohs(four.sin_port);
    } else if (address->sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
        sockaddr_in6 six{};
        std::memcpy(&six, address, sizeof six);
        std::memcpy(there.data(), &six.sin6_addr, there.size());
        port = ntohs(six.sin6_port);
    } else {
        return false;
    }
    if (port_ != 0 && port != port_) return false;
    return loopback_ ? is_loopback(there) : same_bits(address_, there, bits_);
}

}  // namespace bw::base
