// SPDX-License-Identifier: Apache-2.0
#include "core/base/network.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <string>

namespace bw::base {
namespace {

bool covers(const char* rule_text, const char* host, uint16_t port) {
    const auto rule = NetworkRule::parse(rule_text);
    EXPECT_TRUE(rule.has_value()) << rule_text;
    if (!rule) return false;
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    if (inet_pton(AF_INET, host, &four.sin_addr) == 1)
        return rule->covers(reinterpret_cast<const sockaddr*>(&four), sizeof four);
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    EXPECT_EQ(inet_pton(AF_INET6, host, &six.sin6_addr), 1) << host;
    return rule->covers(reinterpret_cast<const sockaddr*>(&six), sizeof six);
}

TEST(NetworkRule, OneAddressAndPort) {
    EXPECT_TRUE(covers("192.0.2.7:502", "192.0.2.7", 502));
    EXPECT_FALSE(covers("192.0.2.7:502", "192.0.2.7", 503));
    EXPECT_FALSE(covers("192.0.2.7:502", "192.0.2.8", 502));
    EXPECT_FALSE(covers("192.0.2.7:502", "2001:db8::1", 502));
    EXPECT_TRUE(covers("[2001:db8::1]:8080", "2001:db8::1", 8080));
    EXPECT_FALSE(covers("[2001:db8::1]:8080", "2001:db8::2", 8080));
    EXPECT_TRUE(covers("192.0.2.7:65535", "192.0.2.7", 65535));
}

TEST(NetworkRule, AnIpv4AddressInsideIpv6IsTheIpv4One) {
    EXPECT_TRUE(covers("192.0.2.7:502", "::ffff:192.0.2.7", 502));
    EXPECT_FALSE(covers("192.0.2.7:502", "::ffff:192.0.2.8", 502));
    EXPECT_FALSE(covers("192.0.2.7:502", "::192.0.2.7", 502));
    EXPECT_TRUE(covers("[::ffff:192.0.2.7]:502", "192.0.2.7", 502));
    EXPECT_TRUE(covers("[::ffff:192.0.2.0/120]:502", "192.0.2.7", 502));
}

TEST(NetworkRule, Prefixes) {
    EXPECT_TRUE(covers("192.0.2.0/24:*", "192.0.2.255", 1));
    EXPECT_FALSE(covers("192.0.2.0/24:*", "192.0.3.0", 1));
    EXPECT_TRUE(covers("192.0.2.128/25:80", "192.0.2.200", 80));
    EXPECT_FALSE(covers("192.0.2.128/25:80", "192.0.2.127", 80));
    EXPECT_TRUE(covers("192.0.2.7/32:80", "192.0.2.7", 80));
    EXPECT_FALSE(covers("192.0.2.7/32:80", "192.0.2.6", 80));
    EXPECT_TRUE(covers("[2001:db8::/33]:80", "2001:db8:7fff::1", 80));
    EXPECT_FALSE(covers("[2001:db8::/33]:80", "2001:db8:8000::1", 80));
    // All of IPv4 is not all of IPv6.
    EXPECT_TRUE(covers("0.0.0.0/0:80", "198.51.100.1", 80));
    EXPECT_FALSE(covers("0.0.0.0/0:80", "2001:db8::1", 80));
    EXPECT_TRUE(covers("[::/0]:80", "2001:db8::1", 80));
}

TEST(NetworkRule, Words) {
    EXPECT_TRUE(covers("localhost:1883", "127.0.0.1", 1883));
    EXPECT_TRUE(covers("localhost:1883", "127.8.9.10", 1883));
    EXPECT_TRUE(covers("localhost:1883", "::1", 1883));
    EXPECT_TRUE(covers("localhost:1883", "::ffff:127.0.0.1", 1883));
    EXPECT_FALSE(covers("localhost:1883", "0.0.0.0", 1883));
    EXPECT_FALSE(covers("localhost:1883", "128.0.0.1", 1883));
    EXPECT_FALSE(covers("localhost:1883", "::2", 1883));
    EXPECT_FALSE(covers("localhost:1883", "127.0.0.1", 1884));
    EXPECT_TRUE(covers("*:6004", "198.51.100.1", 6004));
    EXPECT_TRUE(covers("*:6004", "2001:db8::1", 6004));
    EXPECT_FALSE(covers("*:6004", "198.51.100.1", 6005));
    EXPECT_TRUE(covers("*:*", "198.51.100.1", 0));
}

TEST(NetworkRule, ItsPort) {
    EXPECT_EQ(NetworkRule::parse("192.0.2.7:502")->port(), 502U);
    EXPECT_EQ(NetworkRule::parse("192.0.2.7:*")->port(), 0U);
}

TEST(NetworkRule, OtherFamiliesAndShortAddressesAreNotCovered) {
    const auto rule = NetworkRule::parse("*:*");
    ASSERT_TRUE(rule.has_value());
    const sockaddr_un local{AF_UNIX, "/run/socket"};
    EXPECT_FALSE(rule->covers(reinterpret_cast<const sockaddr*>(&local), sizeof local));
    const sockaddr none{AF_UNSPEC, {}};
    EXPECT_FALSE(rule->covers(&none, sizeof none));
    sockaddr_in four{};
    four.sin_family = AF_INET;
    const auto* address = reinterpret_cast<const sockaddr*>(&four);
    EXPECT_TRUE(rule->covers(address, sizeof four));
    EXPECT_FALSE(rule->covers(address, sizeof four - 1));
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    EXPECT_FALSE(rule->covers(reinterpret_cast<const sockaddr*>(&six), sizeof six - 1));
}

TEST(NetworkRule, WhatIsNone) {
    for (const char* text : {"",
                             ":",
                             ":80",
                             "192.0.2.7",
                             "192.0.2.7:",
                             "192.0.2.7:0",
                             "192.0.2.7:65536",
                             "192.0.2.7:-1",
                             "192.0.2.7:+1",
                             "192.0.2.7: 80",
                             " 192.0.2.7:80",
                             "192.0.2.7:80 ",
                             "192.0.2.7:http",
                             "192.0.2.256:80",
                             "192.0.2:80",
                             "192.0.2.0/33:80",
                             "192.0.2.0/:80",
                             "192.0.2.0/-1:80",
                             "192.0.2.0/x:80",
                             "/24:80",
                             "example.org:80",
                             "2001:db8::1:80",
                             "[2001:db8::1:80",
                             "2001:db8::1]:80",
                             "[2001:db8::1]",
                             "[2001:db8::/129]:80",
                             "[]:80",
                             "[",
                             "[:80",
                             "**:80",
                             "*",
                             "localhost",
                             "localhost/8:80",
                             "192.0.2.7:**"})
        EXPECT_FALSE(NetworkRule::parse(text).has_value()) << text;
    EXPECT_FALSE(NetworkRule::parse(std::string(100, '1') + ":80").has_value());
    EXPECT_FALSE(NetworkRule::parse(std::string("192.0.2.7\0:80", 13)).has_value());
}

}  // namespace
}  // namespace bw::base
