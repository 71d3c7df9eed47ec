// SPDX-License-Identifier: Apache-2.0
#include "core/events/curve_router.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <zmq.hpp>

#include "core/base/clock.h"
#include "core/events/monitor.h"
#include "core/events/tcp_look.h"

namespace bw::events {

namespace {

constexpr int64_t kLookNs = 250 * base::kMillisecond;
constexpr int kAsksPerTurn = 32, kTellsPerTurn = 256, kFramesPerCall = 1024;
constexpr size_t kKeptFrames = 4, kKeyBytes = 32;
constexpr int kEvents = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED |
                        ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

void set_up(zmq::socket_t& socket, const CurveRouter::Options& options) {
    using namespace zmq::sockopt;
    socket.set(linger, 0);
    socket.set(maxmsgsize, static_cast<int64_t>(kMaxMessageBytes));
    socket.set(handshake_ivl, 2000);
    // Who is silent on its line is gone; ours goes out only while it can be written.
    socket.set(heartbeat_ivl, 2000);
    socket.set(heartbeat_timeout, 8000);
    socket.set(backlog, 64);
    // kMaxOnTheWay is the brake; what a peer sends is taken from the kernel only a little ahead.
    socket.set(sndhwm, 4 * static_cast<int>(kMaxCredit));
    socket.set(rcvhwm, 32);
    socket.set(router_mandatory, 1);
    socket.set(ipv6, options.endpoint.find('[') == std::string::npos ? 0 : 1);
    socket.set(curve_server, 1);
    socket.set(curve_publickey, options.public_key);
    socket.set(curve_secretkey, options.secret_key);
    socket.set(zap_domain, "beaconwall");
}

/// At least so many bytes a frame has on the line, sealed.
size_t on_the_line(size_t payload) {
    return payload + 35;
}

}  // namespace

struct CurveRouter::Impl {
    struct Connection {
        std::string peer, route, key;
        uint64_t handed = 0;         // given to libzmq for it, as on the line
        uint64_t acknowledged = 0;   // of that, as far as was looked
        uint64_t before = 0;         // acknowledged of what was not ours: handshake, heartbeats
        uint64_t received_then = 0;  // when a message was last complete
        bool said = false;           // something since the last look
    };

    zmq::context_t context{1};
    // Ends last: where nobody answers for keys, libzmq 4.3 lets every key in.
    zmq::socket_t gate{context, ZMQ_REP};
    zmq::socket_t socket{context, ZMQ_ROUTER};
    std::unique_ptr<Monitor> monitor;
    Ask ask;
    Counts counts;
    std::unordered_map<int, Connection> connections;   // by descriptor
    std::unordered_map<std::string, int> descriptors;  // by route
    Said said;                                         // the message that is being read
    bool in_message = false;
    bool told = false;      // the newest of monitor's: why the next one is disconnected
    uint64_t unwanted = 0;  // refused keys whose connections have not ended yet
    int64_t look_ns = 0;

    void answer_one(const std::vector<zmq::message_t>& request);
    void answer();
    void listen();
    void accepted(int fd);
    void ended(int fd);
    void gone(int fd);
    Connection* of(const std::string& route);
    [[nodiscard]] size_t of_key(const std::string& key) const;
    void heard(int fd);
    void look();
    uint64_t on_the_way(int fd, Connection& its);
};

base::Result<std::unique_ptr<CurveRouter>> CurveRouter::open(const Options& options, Ask ask) {
    try {
        auto impl = std::make_unique<Impl>();
        impl->ask = std::move(ask);
        impl->gate.set(zmq::sockopt::linger, 0);
        impl->gate.bind("inproc://zeromq.zap.01");
        set_up(impl->socket, options);
        impl->monitor = Monitor::of(impl->context, impl->socket, kEvents);
        if (!impl->monitor)
            return base::Error{"system", "no more descriptors for " + options.endpoint};
        impl->socket.bind(options.endpoint);
        return std::unique_ptr<CurveRouter>(new CurveRouter(std::move(impl)));
    } catch (const zmq::error_t& e) {
        const bool taken = e.num() == EADDRINUSE;
        return base::Error{taken ? "taken" : "system",
                           "listening at " + options.endpoint + ": " +
                               (taken ? "another program has that port" : e.what())};
    }
}

CurveRouter::CurveRouter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CurveRouter::~CurveRouter() = default;

std::array<int, 3> CurveRouter::fds() const {
    return {impl_->socket.get(zmq::sockopt::fd), impl_->gate.get(zmq::sockopt::fd),
            impl_->monitor->fd()};
}

bool CurveRouter::readable() {
    const auto has = [](zmq::socket_t& socket) {
        return (socket.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0;
    };
    return has(impl_->socket) || has(impl_->gate) || impl_->monitor->readable();
}

void CurveRouter::work() {
    impl_->listen();
    impl_->answer();
}

// ZAP: [version][id][domain][address][identity][mechanism][credentials]
void CurveRouter::Impl::answer_one(const std::vector<zmq::message_t>& request) {
    Answer verdict = Answer::no;
    if (request.size() == 7 && request[5].to_string_view() == "CURVE" &&
        request[6].size() == kKeyBytes) {
        unsigned char key[kKeyBytes];
        std::memcpy(key, request[6].data(), kKeyBytes);
        verdict = ask(key, request[3].to_string());
    }
    std::string user;
    if (verdict == Answer::yes) {
        char text[41] = {};
        zmq_z85_encode(text, request[6].data<uint8_t>(), kKeyBytes);
        user = text;
        if (of_key(user) >= kMaxOfOneKey) verdict = Answer::later;
    }
    const char* code = verdict == Answer::yes ? "200" : verdict == Answer::no ? "400" : "300";
    const std::string id = request.size() > 1 ? request[1].to_string() : "";
    const std::string reply[] = {"1.0", id, code, "", verdict == Answer::yes ? user : "", ""};
    for (size_t i = 0; i < std::size(reply); ++i)
        gate.send(zmq::buffer(reply[i]),
                  (i + 1 < std::size(reply) ? zmq::send_flags::sndmore : zmq::send_flags::none) |
                      zmq::send_flags::dontwait);
}

void CurveRouter::Impl::answer() {
    try {
        for (int i = 0; i < kAsksPerTurn; ++i) {
            std::vector<zmq::message_t> request;
            do {
                request.emplace_back();
                if (!gate.recv(request.back(), zmq::recv_flags::dontwait)) return;
            } while (request.back().more());
            answer_one(request);
        }
    } catch (const zmq::error_t&) {
        // Who asked is gone: its handshake fails by itself.
    }
}

void CurveRouter::Impl::listen() {
    Monitor::Event event;
    for (int i = 0; i < kTellsPerTurn && monitor->next(event); ++i) {
        const int fd = static_cast<int>(event.value);
        if (event.kind == ZMQ_EVENT_ACCEPTED) {
            accepted(fd);
        } else if (event.kind == ZMQ_EVENT_DISCONNECTED) {
            ended(fd);
        } else if (event.kind == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) {
            ++unwanted;
        } else {
            ++counts.handshakes;
            told = true;
            continue;
        }
        told = false;
    }
}

void CurveRouter::Impl::accepted(int fd) {
    gone(fd);
    const TcpLook now = look_at(fd).value_or(TcpLook{});  // it may have ended already
    if (connections.size() >= kMaxConnections) {
        ++counts.crowded;
        shut(fd, now.peer);
        return;
    }
    Connection& its = connections[fd];
    its.peer = now.peer;
    its.received_then = now.received;
}

// libzmq does not tell of a handshake in a version of before CURVE that it failed.
void CurveRouter::Impl::ended(int fd) {
    const auto found = connections.find(fd);
    if (found != connections.end() && found->second.route.empty() && !told) {
        if (unwanted > 0)
            --unwanted;
        else
            ++counts.handshakes;
    }
    gone(fd);
}

void CurveRouter::Impl::gone(int fd) {
    const auto found = connections.find(fd);
    if (found == connections.end()) return;
    const auto route = descriptors.find(found->second.route);
    if (route != descriptors.end() && route->second == fd) descriptors.erase(route);
    connections.erase(found);
}

CurveRouter::Impl::Connection* CurveRouter::Impl::of(const std::string& route) {
    const auto fd = descriptors.find(route);
    if (fd == descriptors.end()) return nullptr;
    const auto found = connections.find(fd->second);
    return found == connections.end() ? nullptr : &found->second;
}

size_t CurveRouter::Impl::of_key(const std::string& key) const {
    return static_cast<size_t>(std::count_if(connections.begin(), connections.end(),
                                             [&](const auto& c) { return c.second.key == key; }));
}

// Which connection a route has. What a connection of before left in libzmq's pipe may come after
// its number was given to the next one; that one's own messages then put it right.
void CurveRouter::Impl::heard(int fd) {
    const auto found = connections.find(fd);
    if (found == connections.end()) return;
    Connection& its = found->second;
    its.said = true;
    if (its.route == said.route) return;
    its.route = said.route;
    its.key = said.key;
    descriptors[said.route] = fd;
}

bool CurveRouter::receive(Said& out) {
    Impl& its = *impl_;
    try {
        for (int i = 0; i < kFramesPerCall; ++i) {
            zmq::message_t part;
            if (!its.socket.recv(part, zmq::recv_flags::dontwait)) {
                if (!its.in_message) its.look();
                return false;
            }
            if (!its.in_message) {
                its.said = {part.to_string(), "", "", {}, 0};
                its.in_message = true;
                continue;
            }
            its.said.bytes += part.size();
            if (its.said.frames.size() < kKeptFrames)
                its.said.frames.emplace_back(part.data<char>(), part.size());
            if (part.more()) continue;
            its.in_message = false;
            const char* key = zmq_msg_gets(part.handle(), "User-Id");
            const char* address = zmq_msg_gets(part.handle(), "Peer-Address");
            its.said.key = key != nullptr ? key : "";
            its.said.address = address != nullptr ? address : "";
            its.heard(zmq_msg_get(part.handle(), ZMQ_SRCFD));
            out = std::move(its.said);
            return true;
        }
    } catch (const zmq::error_t&) {
    }
    return false;
}

// Right after all that is complete was taken: whatever more has arrived is a message without an
// end, which libzmq would keep in memory for as long as it grows.
void CurveRouter::Impl::look() {
    const int64_t now = base::mono_ns();
    if (now < look_ns) return;
    look_ns = now + kLookNs;
    for (auto& [fd, its] : connections) {
        const auto seen = look_at(fd);
        if (!seen || seen->peer != its.peer) continue;  // its end is about to be told
        if (its.said) its.received_then = seen->received;
        its.said = false;
        if (seen->received - its.received_then <= kMaxUnfinished) continue;
        ++counts.unfinished;
        shut(fd, its.peer);
    }
}

uint64_t CurveRouter::Impl::on_the_way(int fd, Connection& its) {
    if (its.handed - its.acknowledged <= kMaxOnTheWay / 2) return its.handed - its.acknowledged;
    const auto seen = look_at(fd);
    if (!seen || seen->peer != its.peer) return 0;
    // Heartbeats are acknowledged, too, and no part of what was handed.
    if (seen->acknowledged > its.before + its.handed) its.before = seen->acknowledged - its.handed;
    its.acknowledged = std::max(its.acknowledged, seen->acknowledged - its.before);
    return its.handed - its.acknowledged;
}

Socket::Sent CurveRouter::send_to(const std::string& route, const Frames& frames) {
    Impl::Connection* its = impl_->of(route);
    if (its != nullptr && impl_->on_the_way(impl_->descriptors[route], *its) > kMaxOnTheWay)
        return Socket::Sent::full;
    try {
        auto& socket = impl_->socket;
        if (!socket.send(zmq::buffer(route), zmq::send_flags::sndmore | zmq::send_flags::dontwait))
            return Socket::Sent::full;
        for (size_t i = 0; i < frames.size(); ++i) {
            const auto more =
                i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
            if (!socket.send(zmq::buffer(frames[i]), more | zmq::send_flags::dontwait))
                return Socket::Sent::full;
            if (its != nullptr) its->handed += on_the_line(frames[i].size());
        }
        return Socket::Sent::yes;
    } catch (const zmq::error_t& e) {
        return e.num() == EHOSTUNREACH ? Socket::Sent::gone : Socket::Sent::full;
    }
}

void CurveRouter::end(const std::string& route) {
    if (const Impl::Connection* its = impl_->of(route)) shut(impl_->descriptors[route], its->peer);
}

size_t CurveRouter::connections() const {
    return impl_->connections.size();
}

CurveRouter::Counts CurveRouter::counts() const {
    return impl_->counts;
}

}  // namespace bw::events
