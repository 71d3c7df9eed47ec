// SPDX-License-Identifier: Apache-2.0
#include "core/sandbox/connecting.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "core/sandbox/sending.h"

namespace bw::sandbox {
namespace {

/// The socket and the address of both calls. Nothing: all was read.
std::optional<Answer> read_both(Caller& caller, Socket& socket, Address& to) {
    if (!socket.open(caller, caller.number(0))) return failed(errno);
    const int size = caller.number(2);
    if (size < static_cast<int>(sizeof(sa_family_t)) || static_cast<size_t>(size) > sizeof to.bytes)
        return failed(EINVAL);
    to.size = static_cast<socklen_t>(size);
    if (!caller.read(caller.argument(1), &to.bytes, to.size)) return failed(EFAULT);
    return std::nullopt;
}

bool is_inet(const Address& address) {
    return address.family() == AF_INET || address.family() == AF_INET6;
}

}  // namespace

std::variant<Connecting, Answer> Connecting::read(Caller& caller, const Reach& reach) {
    Connecting out;
    auto bad = read_both(caller, out.socket_, out.to_);
    if (!bad) bad = out.check(caller, reach);
    if (bad) return std::move(*bad);
    return out;
}

std::optional<Answer> Connecting::check(Caller& caller, const Reach& reach) {
    if (to_.family() == AF_UNSPEC) return std::nullopt;  // ends a connection
    if (is_inet(to_) && reach.may_connect(to_)) return std::nullopt;
    if (is_route_socket(socket_) && is_kernel(to_)) return std::nullopt;
    const auto path = to_.family() == AF_UNIX ? to_.path() : std::filesystem::path();
    if (path.empty()) return refused_address("connect to ", to_);
    auto held = reach.socket_at(folder_of(caller), path);
    if (!held) return errno != 0 ? failed(errno) : refused_address("connect to ", to_);
    path_ = std::move(*held);
    to_ = path_.address;
    return std::nullopt;
}

std::optional<Answer> Connecting::start() {
    const int fd = socket_.fd.get();
    const bool lift = socket_.blocks && socket_.type != SOCK_DGRAM;
    const int flags = lift ? fcntl(fd, F_GETFL) : 0;
    if (lift) fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    const int error = ::connect(fd, to_.get(), to_.size) == 0 ? 0 : errno;
    if (lift) fcntl(fd, F_SETFL, flags);
    if (!lift) return failed(error);
    // EALREADY: begun by a call that a signal has interrupted since.
    begun_ = error == EINPROGRESS || error == EALREADY;
    const bool full = error == EAGAIN && socket_.domain == AF_UNIX;
    if (begun_ || full) return std::nullopt;
    return failed(error);
}

std::optional<Answer> Connecting::push() {
    if (!begun_) return start();
    pollfd wait{socket_.fd.get(), POLLOUT, 0};
    if (poll(&wait, 1, 0) <= 0) return std::nullopt;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(socket_.fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return failed(error);
}

Answer Connecting::give_up() {
    const sockaddr none{AF_UNSPEC, {}};
    if (begun_) (void)::connect(socket_.fd.get(), &none, sizeof none);
    return failed(ETIMEDOUT);
}

std::variant<Binding, Answer> Binding::read(Caller& caller, const Reach& reach) {
    Binding out;
    auto bad = read_both(caller, out.socket_, out.to_);
    if (!bad) bad = out.check(caller, reach);
    if (bad) return std::move(*bad);
    return out;
}

std::optional<Answer> Binding::check(Caller& caller, const Reach& reach) {
    if (is_inet(to_) && reach.may_bind(to_)) return std::nullopt;
    if (is_route_socket(socket_) && to_.family() == AF_NETLINK) return std::nullopt;
    if (to_.family() != AF_UNIX) return refused_address("bind to ", to_);
    // Without a name the kernel gives one that nobody knows.
    if (to_.size == sizeof(sa_family_t)) return std::nullopt;
    const auto path = to_.path();
    if (path.empty()) return refused_address("bind to ", to_);
    auto held = reach.new_socket_at(folder_of(caller), path);
    if (!held) return errno != 0 ? failed(errno) : refused_address("bind to ", to_);
    path_ = std::move(*held);
    to_ = path_.address;
    return std::nullopt;
}

Answer Binding::make() {
    if (::bind(socket_.fd.get(), to_.get(), to_.size) != 0) return failed(errno);
    return {};
}

}  // namespace bw::sandbox
