// SPDX-License-Identifier: Apache-2.0
#include "core/sandbox/sending.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <seccomp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace bw::sandbox {
namespace {

constexpr size_t kMostData = 65536;
constexpr size_t kMostControl = 4096;
constexpr size_t kMostRights = 16;
constexpr size_t kMostPieces = 1024;  // UIO_MAXIOV
/// Others change what a call means (MSG_FASTOPEN connects) or whose memory it uses (MSG_ZEROCOPY).
constexpr int kFlags =
    MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE | MSG_OOB | MSG_EOR | MSG_CONFIRM | MSG_DONTROUTE;

/// Harmless with any value. The supervisor may be root, so what asks for a capability must not
/// come through here (SO_MARK), nor what leads packets elsewhere (IP_RETOPTS).
bool is_harmless(const cmsghdr& header) {
    constexpr std::array<std::pair<int, int>, 8> kKinds{{{IPPROTO_IP, IP_PKTINFO},
                                                         {IPPROTO_IP, IP_TOS},
                                                         {IPPROTO_IP, IP_TTL},
                                                         {IPPROTO_IPV6, IPV6_PKTINFO},
                                                         {IPPROTO_IPV6, IPV6_TCLASS},
                                                         {IPPROTO_IPV6, IPV6_HOPLIMIT},
                                                         {IPPROTO_UDP, UDP_SEGMENT},
                                                         {IPPROTO_UDP, UDP_GRO}}};
    const std::pair kind{header.cmsg_level, header.cmsg_type};
    return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

}  // namespace

std::filesystem::path folder_of(const Caller& caller) {
    std::error_code none;
    return std::filesystem::read_symlink("/proc/" + std::to_string(caller.thread()) + "/cwd", none);
}

Answer refused_address(const char* verb, const Address& address) {
    return is_name_cache(address) ? failed(EPERM) : refused(verb + address.words());
}

bool is_route_socket(const Socket& socket) {
    return socket.domain == AF_NETLINK && socket.protocol == NETLINK_ROUTE;
}

bool is_kernel(const Address& address) {
    sockaddr_nl local{};
    if (address.family() != AF_NETLINK || address.size < sizeof local) return false;
    std::memcpy(&local, &address.bytes, sizeof local);
    return local.nl_pid == 0 && local.nl_groups == 0;
}

bool is_name_cache(const Address& address) {
    if (address.family() != AF_UNIX) return false;
    const std::string path = address.path().string();
    return path == "/var/run/nscd/socket" || path == "/run/nscd/socket";
}

std::variant<Sending, Answer> Sending::read(Caller& caller, const Reach& reach) {
    Sending sending;
    if (!sending.socket_.open(caller, caller.number(0))) return failed(errno);
    std::optional<Answer> bad;
    if (caller.call() == SCMP_SYS(sendto)) {
        bad = sending.read_plain(caller);
    } else if (caller.call() == SCMP_SYS(sendmsg)) {
        sending.flags_ = caller.number(2);
        bad = sending.read_header(caller, caller.argument(1));
    } else {
        // The first message alone: a short count is allowed, and who wrote it goes on from there.
        sending.flags_ = caller.number(3);
        sending.count_at_ = caller.argument(1) + offsetof(mmsghdr, msg_len);
        if (caller.argument(2) == 0) return Answer{};
        bad = sending.read_header(caller, caller.argument(1));
    }
    if (!bad) bad = sending.check(caller, reach);
    if (bad) return std::move(*bad);
    return sending;
}

std::optional<Answer> Sending::read_plain(Caller& caller) {
    flags_ = caller.number(3);
    if (auto bad = read_address(caller, caller.argument(4), caller.number(5))) return bad;
    return read_pieces(caller, {{reinterpret_cast<void*>(caller.argument(1)), caller.argument(2)}});
}

std::optional<Answer> Sending::read_header(Caller& caller, uint64_t at) {
    msghdr header{};
    if (!caller.read(at, &header, sizeof header)) return failed(EFAULT);
    if (header.msg_iovlen > kMostPieces) return failed(EMSGSIZE);
    if (header.msg_name != nullptr)
        if (auto bad = read_address(caller, reinterpret_cast<uint64_t>(header.msg_name),
                                    static_cast<int>(header.msg_namelen)))
            return bad;
    std::vector<iovec> pieces(header.msg_iovlen);
    if (!caller.read(reinterpret_cast<uint64_t>(header.msg_iov), pieces.data(),
                     pieces.size() * sizeof(iovec)))
        return failed(EFAULT);
    if (auto bad = read_pieces(caller, std::move(pieces))) return bad;
    if (header.msg_control == nullptr || header.msg_controllen == 0) return std::nullopt;
    if (header.msg_controllen > kMostControl) return failed(ENOBUFS);
    control_.resize(header.msg_controllen);
    if (!caller.read(reinterpret_cast<uint64_t>(header.msg_control), control_.data(),
                     control_.size()))
        return failed(EFAULT);
    return take_control(caller);
}

std::optional<Answer> Sending::read_address(Caller& caller, uint64_t at, int size) {
    if (size < 0 || static_cast<size_t>(size) > sizeof to_.bytes) return failed(EINVAL);
    to_.size = static_cast<socklen_t>(size);
    if (!caller.read(at, &to_.bytes, to_.size)) return failed(EFAULT);
    return std::nullopt;
}

std::optional<Answer> Sending::read_pieces(Caller& caller, std::vector<iovec> pieces) {
    size_t size = 0;
    for (iovec& piece : pieces) {
        piece.iov_len = std::min(piece.iov_len, kMostData + 1 - size);
        size += piece.iov_len;
    }
    if (size > kMostData) {
        if (socket_.type != SOCK_STREAM) return failed(EMSGSIZE);
        size = kMostData;
    }
    data_.resize(size);
    if (!caller.read(pieces, data_.data(), size)) return failed(EFAULT);
    return std::nullopt;
}

std::optional<Answer> Sending::take_control(Caller& caller) {
    msghdr header{};
    header.msg_control = control_.data();
    header.msg_controllen = control_.size();
    for (cmsghdr* at = CMSG_FIRSTHDR(&header); at != nullptr; at = CMSG_NXTHDR(&header, at)) {
        const auto left =
            static_cast<size_t>(control_.data() + control_.size() - reinterpret_cast<char*>(at));
        if (at->cmsg_len < CMSG_LEN(0) || at->cmsg_len > left) return failed(EINVAL);
        const bool local = socket_.domain == AF_UNIX && at->cmsg_level == SOL_SOCKET;
        if (local && at->cmsg_type == SCM_RIGHTS) {
            if (auto bad = take_rights(caller, *at)) return bad;
        } else if (!socket_.is_inet() || !is_harmless(*at)) {
            return refused(caller.name() + " with control data " + std::to_string(at->cmsg_level) +
                           "/" + std::to_string(at->cmsg_type));
        }
    }
    return std::nullopt;
}

/// Its descriptors' numbers become those of our duplicates.
std::optional<Answer> Sending::take_rights(Caller& caller, cmsghdr& header) {
    const size_t count = (header.cmsg_len - CMSG_LEN(0)) / sizeof(int);
    if (rights_.size() + count > kMostRights) return failed(ETOOMANYREFS);
    for (size_t i = 0; i < count; ++i) {
        int number = -1;
        std::memcpy(&number, CMSG_DATA(&header) + i * sizeof(int), sizeof number);
        base::UniqueFd taken = caller.take(number);
        if (!taken.valid()) return failed(errno);
        number = taken.get();
        std::memcpy(CMSG_DATA(&header) + i * sizeof(int), &number, sizeof number);
        rights_.push_back(std::move(taken));
    }
    return std::nullopt;
}

std::optional<Answer> Sending::check(Caller& caller, const Reach& reach) {
    if ((flags_ & ~kFlags) != 0) return failed(EOPNOTSUPP);
    if (socket_.domain == AF_NETLINK) return check_netlink();
    if (to_.size == 0) return std::nullopt;  // to what it is connected to
    // AF_UNSPEC is none here: the kernel would take it for IPv4.
    if (to_.family() == AF_INET || to_.family() == AF_INET6) {
        if (!reach.may_connect(to_)) return refused_address("send to ", to_);
        return std::nullopt;
    }
    if (to_.family() == AF_UNIX) return check_path(caller, reach);
    return refused_address("send to ", to_);
}

/// Sent without its address, which is the kernel's anyway: with one, the kernel would ask for the
/// supervisor's capabilities, without, for those of who opened the socket.
std::optional<Answer> Sending::check_netlink() {
    if (!is_route_socket(socket_) || (to_.size != 0 && !is_kernel(to_)) || !control_.empty())
        return refused("send to netlink " + std::to_string(socket_.protocol));
    to_.size = 0;
    size_t at = 0;
    while (at + sizeof(nlmsghdr) <= data_.size()) {
        nlmsghdr header{};
        std::memcpy(&header, data_.data() + at, sizeof header);
        constexpr int kKinds = 3, kGet = RTM_GETLINK & kKinds;
        if (header.nlmsg_type < RTM_BASE || (header.nlmsg_type & kKinds) != kGet)
            return refused("netlink request " + std::to_string(header.nlmsg_type));
        if (header.nlmsg_len < sizeof header) break;
        at += NLMSG_ALIGN(static_cast<size_t>(header.nlmsg_len));
    }
    return std::nullopt;
}

std::optional<Answer> Sending::check_path(Caller& caller, const Reach& reach) {
    const auto path = to_.path();
    auto held = path.empty() ? std::nullopt : reach.socket_at(folder_of(caller), path);
    if (!held)
        return errno != 0 && !path.empty() ? failed(errno) : refused_address("send to ", to_);
    path_ = std::move(*held);
    to_ = path_.address;
    return std::nullopt;
}

std::optional<Answer> Sending::push(const Caller& caller) {
    do {
        iovec piece{data_.data() + done_, data_.size() - done_};
        msghdr header{};
        header.msg_iov = &piece;
        header.msg_iovlen = 1;
        header.msg_name = to_.size != 0 ? &to_.bytes : nullptr;
        header.msg_namelen = to_.size;
        header.msg_control = control_.empty() ? nullptr : control_.data();
        header.msg_controllen = control_.size();
        // Our SIGPIPE would not be the caller's.
        const ssize_t size = ::sendmsg(fd(), &header, flags_ | MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size < 0) {
            const bool may_wait = socket_.blocks && (flags_ & MSG_DONTWAIT) == 0;
            if (errno == EAGAIN && may_wait) return std::nullopt;
            return done_ > 0 ? sent(caller, done_) : failed(errno);
        }
        done_ += static_cast<size_t>(size);
        control_.clear();
        rights_.clear();
    } while (socket_.type == SOCK_STREAM && socket_.blocks && (flags_ & MSG_DONTWAIT) == 0 &&
             done_ < data_.size());
    return sent(caller, done_);
}

Answer Sending::give_up(const Caller& caller) const {
    return done_ > 0 ? sent(caller, done_) : failed(EAGAIN);
}

Answer Sending::sent(const Caller& caller, size_t size) const {
    if (count_at_ == 0) return {static_cast<int64_t>(size), 0, false, {}};
    const auto count = static_cast<unsigned>(size);
    if (caller.waits()) (void)caller.write(count_at_, &count, sizeof count);
    return {1, 0, false, {}};
}

}  // namespace bw::sandbox
