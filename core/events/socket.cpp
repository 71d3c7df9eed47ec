// SPDX-License-Identifier: Apache-2.0
#include "core/events/socket.h"

#include <poll.h>

#include <cerrno>
#include <csignal>
#include <zmq.hpp>

#include "core/events/big_endian.h"
#include "core/events/bundle.h"
#include "core/events/client.h"
#include "core/events/monitor.h"

namespace bw::events {

struct Socket::Impl {
    zmq::context_t context{1};
    zmq::socket_t socket;
    std::unique_ptr<Monitor> monitor;  // of connect_sealed()
    Failing failing = Failing::no;
    const int fd;
    Impl(zmq::socket_type type) : socket(context, type), fd(socket.get(zmq::sockopt::fd)) {}

    Sent send_last(Payload& shared) {
        try {
            zmq::message_t last;
            shared.share(last);
            return socket.send(last, zmq::send_flags::dontwait) ? Sent::yes : Sent::full;
        } catch (const zmq::error_t&) {
            return Sent::full;
        }
    }
};

namespace {

/// libzmq's threads keep all signals off, but only a moment after they began: born under this, they
/// never take one that their owner waits for.
class NoSignals {
  public:
    NoSignals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    NoSignals(const NoSignals&) = delete;
    NoSignals& operator=(const NoSignals&) = delete;

  private:
    sigset_t before_{};
};

base::Error zmq_error(const std::string& what, const zmq::error_t& e) {
    return {"system", what + ": " + e.what()};
}

void set_limits(zmq::socket_t& socket, Socket::Kind kind) {
    using namespace zmq::sockopt;
    socket.set(linger, 0);
    socket.set(maxmsgsize, static_cast<int64_t>(kMaxMessageBytes));
    socket.set(handshake_ivl, 2000);
    // Credit is the real brake; these only bound what a peer that ignores it can pile up.
    socket.set(sndhwm, kind == Socket::Kind::router ? 2 * static_cast<int>(kMaxCredit) : 1000);
    socket.set(rcvhwm, 1000);
    if (kind == Socket::Kind::router) {
        socket.set(router_mandatory, 1);
    } else {
        // Nothing waits in a pipe for a hub that is not there: it would reach the next one unasked.
        socket.set(immediate, 1);
        // An empty message on each new connection: a hub that does not know us says so at once, not
        // at our next beat.
        socket.set(probe_router, 1);
    }
}

/// For the connections that are begun from now on.
void set_retries(zmq::socket_t& socket, const std::string& endpoint) {
    const Retries retries = retries_of(endpoint);
    socket.set(zmq::sockopt::reconnect_ivl, retries.first_ms);
    socket.set(zmq::sockopt::reconnect_ivl_max, retries.most_ms);
}

// Only the first frame of a message can be refused: the rest follow it atomically.
Socket::Sent why_not() {
    return zmq_errno() == EHOSTUNREACH ? Socket::Sent::gone : Socket::Sent::full;
}

}  // namespace

Retries retries_of(std::string_view endpoint) {
    // A try on a Unix socket is one call that fails at once, and a hub is back in a tenth of a
    // second. Another machine's network need not hear us knock that often.
    constexpr Retries kLocal{20, 100}, kRemote{50, 500};
    return endpoint.substr(0, 6) == "ipc://" ? kLocal : kRemote;
}

Socket::Socket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;
Socket::~Socket() = default;

base::Result<Socket> Socket::make(Kind kind) {
    try {
        const NoSignals quiet;
        auto impl = std::make_unique<Impl>(kind == Kind::router ? zmq::socket_type::router
                                                                : zmq::socket_type::dealer);
        set_limits(impl->socket, kind);
        return Socket(std::move(impl));
    } catch (const zmq::error_t& e) {
        return zmq_error("making a ZeroMQ socket", e);
    }
}

base::Status Socket::bind(const std::string& endpoint) {
    try {
        impl_->socket.bind(endpoint);
        return {};
    } catch (const zmq::error_t& e) {
        return zmq_error("binding " + endpoint, e);
    }
}

base::Status Socket::bind_fd(int fd, const std::string& path) {
    try {
        impl_->socket.set(zmq::sockopt::use_fd, fd);
        impl_->socket.bind("ipc://" + path);
        return {};
    } catch (const zmq::error_t& e) {
        return zmq_error("binding the inherited socket " + path, e);
    }
}

base::Status Socket::connect(const std::string& endpoint) {
    try {
        set_retries(impl_->socket, endpoint);
        impl_->socket.connect(endpoint);
        return {};
    } catch (const zmq::error_t& e) {
        return zmq_error("connecting to " + endpoint, e);
    }
}

base::Status Socket::connect_sealed(const std::string& endpoint, const CurveKeys& keys) {
    using namespace zmq::sockopt;
    try {
        zmq::socket_t& socket = impl_->socket;
        if (!impl_->monitor) {
            socket.set(curve_publickey, keys.public_key);
            socket.set(curve_secretkey, keys.secret_key);
            socket.set(curve_serverkey, keys.server_key);
            socket.set(ipv6, endpoint.find('[') == std::string::npos ? 0 : 1);
            // A line that is cut, or a machine without power, ends nothing by itself.
            socket.set(heartbeat_ivl, 2000);
            socket.set(heartbeat_timeout, 8000);
            set_retries(socket, endpoint);
            impl_->monitor = Monitor::of(impl_->context, socket,
                                         ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                                             ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                                             ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                                             ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
        }
        disconnect(endpoint);
        impl_->failing = Failing::no;
        socket.connect(endpoint);
        return {};
    } catch (const zmq::error_t& e) {
        return zmq_error("connecting to " + endpoint, e);
    }
}

Socket::Failing Socket::failing() {
    Monitor::Event event;
    while (impl_->monitor && impl_->monitor->next(event)) {
        if (event.kind == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            impl_->failing = Failing::no;
        else if (event.kind == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
            impl_->failing = Failing::refused;
        else if (event.kind != ZMQ_EVENT_CONNECT_RETRIED)
            impl_->failing = Failing::broken;
        else if (impl_->failing == Failing::no)
            impl_->failing = Failing::nobody;  // after a broken handshake it is retried, too
    }
    return impl_->failing;
}

base::Status Socket::connect_as(const std::string& endpoint, const std::string& routing_id) {
    try {
        set_retries(impl_->socket, endpoint);
        impl_->socket.set(zmq::sockopt::connect_routing_id, routing_id);
        impl_->socket.connect(endpoint);
        return {};
    } catch (const zmq::error_t& e) {
        return zmq_error("connecting to " + endpoint, e);
    }
}

void Socket::disconnect(const std::string& endpoint) {
    try {
        impl_->socket.disconnect(endpoint);
    } catch (const zmq::error_t&) {
        // Never connected, or already gone: as wished.
    }
}

int Socket::fd() const {
    return impl_->fd;
}

bool Socket::stirred() const {
    pollfd entry{impl_->fd, POLLIN, 0};
    return ::poll(&entry, 1, 0) != 0;
}

bool Socket::readable() {
    try {
        return (impl_->socket.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0;
    } catch (const zmq::error_t&) {
        return false;
    }
}

bool Socket::receive(Frames& out) {
    out.clear();
    try {
        zmq::message_t part;
        do {
            if (!impl_->socket.recv(part, zmq::recv_flags::dontwait)) return false;
            out.emplace_back(part.data<char>(), part.size());
        } while (part.more());
        return true;
    } catch (const zmq::error_t&) {
        return false;
    }
}

Socket::Sent Socket::send(const Frames& frames) {
    try {
        for (size_t i = 0; i < frames.size(); ++i) {
            const auto more =
                i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
            // Only the first frame of a message can be refused: the rest follow it atomically.
            if (!impl_->socket.send(zmq::buffer(frames[i]), more | zmq::send_flags::dontwait))
                return Sent::full;
        }
        return Sent::yes;
    } catch (const zmq::error_t& e) {
        return e.num() == EHOSTUNREACH ? Sent::gone : Sent::full;
    }
}

Socket::Sent Socket::send_to(const std::string& routing_id, const Frames& frames) {
    if (zmq_send(impl_->socket.handle(), routing_id.data(), routing_id.size(),
                 ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
        return why_not();
    return send(frames);
}

Socket::Sent Socket::deliver_to(const std::string& routing_id, const Delivery& head,
                                Payload& event) {
    void* const socket = impl_->socket.handle();
    const auto put = [&](const void* bytes, size_t size) {
        return zmq_send(socket, bytes, size, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0;
    };
    const char lane = lane_byte(head.lane, head.replayed);
    const std::string sequence = be64(head.sequence), n = be64(head.n);
    if (!put(routing_id.data(), routing_id.size()) || !put("event", 5) || !put(&lane, 1) ||
        !put(sequence.data(), sequence.size()) || !put(n.data(), n.size()))
        return why_not();
    return impl_->send_last(event);
}

Socket::Sent Socket::bundle_to(const std::string& routing_id, const std::string& heads,
                               Payload& events) {
    void* const socket = impl_->socket.handle();
    for (const std::string_view frame :
         {std::string_view(routing_id), std::string_view(kBundle), std::string_view(heads)})
        if (zmq_send(socket, frame.data(), frame.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
            return why_not();
    return impl_->send_last(events);
}

}  // namespace bw::events
