// SPDX-License-Identifier: Apache-2.0
#include "core/events/tcp_connections.h"

#include <algorithm>

#include "core/events/tcp_look.h"

namespace bw::events {

namespace {

/// At least so many bytes a frame has on the line, sealed.
size_t on_the_line(size_t payload) {
    return payload + 35;
}

}  // namespace

uint64_t TcpConnections::Connection::on_the_way() {
    if (handed_ - acknowledged_ <= kMaxOnTheWay / 2) return handed_ - acknowledged_;
    const auto seen = look_at(fd_);
    if (!seen || seen->peer != peer_) return 0;
    // Heartbeats are acknowledged, too, and no part of what was handed.
    if (seen->acknowledged > before_ + handed_) before_ = seen->acknowledged - handed_;
    acknowledged_ = std::max(acknowledged_, seen->acknowledged - before_);
    return handed_ - acknowledged_;
}

bool TcpConnections::Connection::is_full() {
    return on_the_way() > kMaxOnTheWay;
}

void TcpConnections::Connection::sent(size_t payload) {
    handed_ += on_the_line(payload);
}

bool TcpConnections::accepted(int fd) {
    forget(fd);
    const TcpLook now = look_at(fd).value_or(TcpLook{});  // it may have ended already
    if (connections_.size() >= kMax) {
        shut(fd, now.peer);
        return false;
    }
    Connection& its = connections_[fd];
    its.fd_ = fd;
    its.peer_ = now.peer;
    its.received_then_ = now.received;
    return true;
}

bool TcpConnections::ended(int fd) {
    const auto found = connections_.find(fd);
    const bool silent = found != connections_.end() && found->second.route_.empty();
    forget(fd);
    return silent;
}

void TcpConnections::forget(int fd) {
    const auto found = connections_.find(fd);
    if (found == connections_.end()) return;
    const auto route = descriptors_.find(found->second.route_);
    if (route != descriptors_.end() && route->second == fd) descriptors_.erase(route);
    connections_.erase(found);
}

// Which connection a route has. What a connection of before left in libzmq's pipe may come after
// its number was given to the next one; that one's own messages then put it right.
void TcpConnections::heard(int fd, const std::string& route, const std::string& key) {
    const auto found = connections_.find(fd);
    if (found == connections_.end()) return;
    Connection& its = found->second;
    its.said_ = true;
    if (its.route_ == route) return;
    its.route_ = route;
    its.key_ = key;
    descriptors_[route] = fd;
}

TcpConnections::Connection* TcpConnections::of(const std::string& route) {
    const auto fd = descriptors_.find(route);
    if (fd == descriptors_.end()) return nullptr;
    const auto found = connections_.find(fd->second);
    return found == connections_.end() ? nullptr : &found->second;
}

size_t TcpConnections::of_key(const std::string& key) const {
    return static_cast<size_t>(std::count_if(connections_.begin(), connections_.end(),
                                             [&](const auto& c) { return c.second.key_ == key; }));
}

uint64_t TcpConnections::end_unfinished() {
    uint64_t count = 0;
    for (auto& [fd, its] : connections_) {
        const auto seen = look_at(fd);
        if (!seen || seen->peer != its.peer_) continue;  // its end is about to be told
        if (its.said_) its.received_then_ = seen->received;
        its.said_ = false;
        if (seen->received - its.received_then_ <= kMaxUnfinished) continue;
        ++count;
        shut(fd, its.peer_);
    }
    return count;
}

void TcpConnections::end(const std::string& route) {
    if (const Connection* its = of(route)) shut(its->fd_, its->peer_);
}

}  // namespace bw::events
