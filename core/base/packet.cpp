// SPDX-License-Identifier: Apache-2.0
#include "core/base/packet.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace bw::base {
namespace {

std::vector<UniqueFd> collect_fds(msghdr& header) {
    std::vector<UniqueFd> fds;
    for (cmsghdr* c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        const size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
            fds.emplace_back(fd);
        }
    }
    return fds;
}

}  // namespace

Result<std::pair<UniqueFd, UniqueFd>> packet_pair() {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0)
        return errno_error("socketpair");
    return std::make_pair(UniqueFd(fds[0]), UniqueFd(fds[1]));
}

Status send_packet(int socket, std::span<const std::byte> bytes, std::span<const int> fds) {
    if (fds.size() > kMaxPacketFds) return Error{"invalid", "too many descriptors in one packet"};
    iovec data{const_cast<std::byte*>(bytes.data()), bytes.size()};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxPacketFds)] = {};
    if (!fds.empty()) {
        header.msg_control = control;
        header.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
        cmsghdr* c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
        std::memcpy(CMSG_DATA(c), fds.data(), sizeof(int) * fds.size());
    }
    for (;;) {
        if (sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return {};
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
            return Error{"full", "the peer does not read"};
        return Error{"closed", std::string("send: ") +
                                   std::strerror(errno)};  // NOLINT(concurrency-mt-unsafe)
    }
}

Result<Packet> receive_packet(int socket, size_t max_bytes) {
    // The room for the longest packet is kept: to clear and free 64 KiB for each packet of a few
    // bytes would cost more than the packet.
    thread_local std::vector<std::byte> room;
    if (room.size() < max_bytes) room.resize(max_bytes);
    iovec data{room.data(), max_bytes};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxPacketFds)] = {};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof(control);
    ssize_t got = 0;
    do {
        got = recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return Error{"empty", "nothing waits"};
    if (got <= 0) return Error{"closed", "the peer is gone"};
    Packet packet;
    packet.fds = collect_fds(header);
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
        return Error{"invalid", "a packet is longer than the protocol allows"};
    packet.bytes.assign(room.begin(), room.begin() + got);
    return packet;
}

}  // namespace bw::base
