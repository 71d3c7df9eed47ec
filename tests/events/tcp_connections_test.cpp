// SPDX-License-Identifier: Apache-2.0
// The table of connections against real TCP connections on the loopback.
#include "core/events/tcp_connections.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/base/clock.h"
#include "core/base/unique_fd.h"

namespace bw::events {
namespace {

constexpr int64_t kDeadlineNs = 30 * base::kSecond;

/// One connection: the end that the table is told of, and the one elsewhere.
class Line {
  public:
    Line() {
        const base::UniqueFd listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* any = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof(address);
        EXPECT_EQ(::bind(listening.get(), any, size), 0);
        EXPECT_EQ(::listen(listening.get(), 1), 0);
        EXPECT_EQ(::getsockname(listening.get(), any, &size), 0);
        away_ = base::UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        EXPECT_EQ(::connect(away_.get(), any, size), 0);
        here_ = base::UniqueFd(::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
        EXPECT_TRUE(here_.valid());
    }
    [[nodiscard]] int fd() const { return here_.get(); }
    /// All of it arrives.
    void send(size_t bytes) { carry(here_.get(), away_.get(), bytes); }
    void hear(size_t bytes) { carry(away_.get(), here_.get(), bytes); }
    /// The other end was told that it is over.
    [[nodiscard]] bool is_over() const {
        pollfd entry{away_.get(), POLLIN, 0};
        char byte = 0;
        return ::poll(&entry, 1, 30'000) == 1 && ::recv(away_.get(), &byte, 1, MSG_DONTWAIT) == 0;
    }
    [[nodiscard]] bool is_open() const {
        char byte = 0;
        return ::recv(away_.get(), &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
    }

  private:
    static void carry(int from, int to, size_t bytes) {
        static std::array<char, 65536> buffer{};
        const int64_t until = base::mono_ns() + kDeadlineNs;
        for (size_t written = 0, read = 0; read < bytes;) {
            ASSERT_LT(base::mono_ns(), until);
            const ssize_t put =
                ::send(from, buffer.data(), std::min(buffer.size(), bytes - written), MSG_DONTWAIT);
            if (put > 0) written += static_cast<size_t>(put);
            const ssize_t got = ::recv(to, buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (got > 0) read += static_cast<size_t>(got);
        }
    }
    base::UniqueFd here_, away_;
};

TEST(TcpConnections, a_route_is_that_of_the_connection_it_was_last_heard_on) {
    const Line first, second;
    TcpConnections all;
    ASSERT_TRUE(all.accepted(first.fd()));
    ASSERT_TRUE(all.accepted(second.fd()));
    EXPECT_EQ(all.of("a"), nullptr);
    all.heard(first.fd(), "a", "key");
    all.heard(second.fd(), "b", "key");
    EXPECT_EQ(all.of_key("key"), 2U);
    const auto* const a = all.of("a");
    EXPECT_NE(a, nullptr);
    EXPECT_NE(all.of("b"), a);
    all.heard(second.fd(), "a", "other");
    EXPECT_NE(all.of("a"), a);
    EXPECT_EQ(all.of_key("key"), 1U);
    // The end of the first is not that of the route.
    EXPECT_FALSE(all.ended(first.fd()));
    EXPECT_NE(all.of("a"), nullptr);
    EXPECT_FALSE(all.ended(second.fd()));
    EXPECT_EQ(all.of("a"), nullptr);
    EXPECT_EQ(all.size(), 0U);
}

TEST(TcpConnections, one_that_ends_before_its_first_word_is_told_apart) {
    const Line line;
    TcpConnections all;
    EXPECT_FALSE(all.ended(line.fd()));  // nobody was there
    ASSERT_TRUE(all.accepted(line.fd()));
    EXPECT_TRUE(all.ended(line.fd()));
    // The number comes back; what was known of the one before is gone.
    ASSERT_TRUE(all.accepted(line.fd()));
    all.heard(line.fd(), "a", "key");
    ASSERT_TRUE(all.accepted(line.fd()));
    EXPECT_EQ(all.of("a"), nullptr);
    EXPECT_EQ(all.size(), 1U);
}

TEST(TcpConnections, one_is_full_until_what_was_sent_has_arrived) {
    Line line;
    TcpConnections all;
    ASSERT_TRUE(all.accepted(line.fd()));
    all.heard(line.fd(), "a", "key");
    all.of("a")->sent(TcpConnections::kMaxOnTheWay - 1000);
    EXPECT_FALSE(all.of("a")->is_full());
    all.of("a")->sent(1000);
    EXPECT_TRUE(all.of("a")->is_full());
    line.send(1'000'000);
    const int64_t until = base::mono_ns() + kDeadlineNs;
    while (all.of("a")->is_full() && base::mono_ns() < until) ::poll(nullptr, 0, 5);
    EXPECT_FALSE(all.of("a")->is_full());
}

TEST(TcpConnections, a_message_without_an_end_ends_its_connection_alone) {
    Line endless, honest;
    TcpConnections all;
    ASSERT_TRUE(all.accepted(endless.fd()));
    ASSERT_TRUE(all.accepted(honest.fd()));
    endless.hear(TcpConnections::kMaxUnfinished - 100);
    honest.hear(TcpConnections::kMaxUnfinished - 100);
    EXPECT_EQ(all.end_unfinished(), 0U);
    endless.hear(200);
    honest.hear(200);
    all.heard(honest.fd(), "b", "key");
    EXPECT_EQ(all.end_unfinished(), 1U);
    EXPECT_TRUE(endless.is_over());
    EXPECT_TRUE(honest.is_open());
    all.end("nobody");
    EXPECT_TRUE(honest.is_open());
    all.end("b");
    EXPECT_TRUE(honest.is_over());
}

TEST(TcpConnections, one_too_many_is_ended) {
    constexpr int kNobodys = 1 << 20;  // no descriptor has such a number
    const Line line;
    TcpConnections all;
    for (size_t i = 0; i < TcpConnections::kMax; ++i)
        ASSERT_TRUE(all.accepted(kNobodys + static_cast<int>(i)));
    EXPECT_FALSE(all.accepted(line.fd()));
    EXPECT_TRUE(line.is_over());
    EXPECT_EQ(all.size(), TcpConnections::kMax);
    EXPECT_TRUE(all.ended(kNobodys));
    EXPECT_TRUE(all.accepted(line.fd()));
}

}  // namespace
}  // namespace bw::events
