// SPDX-License-Identifier: Apache-2.0
#include "core/events/tcp_look.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

#include "core/base/unique_fd.h"

namespace bw::events {
namespace {

base::UniqueFd own(int fd) {
    return base::UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

/// "192.0.2.1:4711"; empty: no connected TCP socket.
std::string peer_of(int fd) {
    int type = 0;
    socklen_t size = sizeof(type);
    if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) return {};
    sockaddr_storage address{};
    size = sizeof(address);
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        const auto* four = reinterpret_cast<const sockaddr_in*>(&address);
        ::inet_ntop(AF_INET, &four->sin_addr, text.data(), text.size());
        return std::string(text.data()) + ":" + std::to_string(ntohs(four->sin_port));
    }
    if (address.ss_family == AF_INET6) {
        const auto* six = reinterpret_cast<const sockaddr_in6*>(&address);
        ::inet_ntop(AF_INET6, &six->sin6_addr, text.data(), text.size());
        return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(six->sin6_port));
    }
    return {};
}

}  // namespace

std::optional<TcpLook> look_at(int fd) {
    const base::UniqueFd ours = own(fd);
    if (!ours.valid()) return {};
    TcpLook look;
    look.peer = peer_of(ours.get());
    tcp_info info{};
    socklen_t size = sizeof(info);
    if (look.peer.empty() || ::getsockopt(ours.get(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return {};
    look.acknowledged = info.tcpi_bytes_acked;
    look.received = info.tcpi_bytes_received;
    return look;
}

bool shut(int fd, const std::string& peer) {
    if (peer.empty()) return false;
    const base::UniqueFd ours = own(fd);
    return ours.valid() && peer_of(ours.get()) == peer && ::shutdown(ours.get(), SHUT_RDWR) == 0;
}

}  // namespace bw::events
