// SPDX-License-Identifier: Apache-2.0
#include "core/events/curve_router.h"

#include <cstring>
#include <zmq.hpp>

#include "core/base/clock.h"
#include "core/events/monitor.h"
#include "core/events/tcp_connections.h"

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
    // TcpConnections::kMaxOnTheWay is the brake; what a peer sends is taken from the kernel only a
    // little ahead.
    socket.set(sndhwm, 4 * static_cast<int>(kMaxCredit));
    socket.set(rcvhwm, 32);
    socket.set(router_mandatory, 1);
    socket.set(ipv6, options.endpoint.find('[') == std::string::npos ? 0 : 1);
    socket.set(curve_server, 1);
    socket.set(curve_publickey, options.public_key);
    socket.set(curve_secretkey, options.secret_key);
    socket.set(zap_domain, "beaconwall");
}

}  // namespace

struct CurveRouter::Impl {
    zmq::context_t context{1};
    // Ends last: where nobody answers for keys, libzmq 4.3 lets every key in.
    zmq::socket_t gate{context, ZMQ_REP};
    zmq::socket_t socket{context, ZMQ_ROUTER};
    std::unique_ptr<Monitor> monitor;
    Ask ask;
    Counts counts;
    TcpConnections connections;
    Said said;  // the message that is being read
    bool in_message = false;
    bool told = false;      // the newest of monitor's: why the next one is disconnected
    uint64_t unwanted = 0;  // refused keys whose connections have not ended yet
    int64_t look_ns = 0;

    void answer_one(const std::vector<zmq::message_t>& request);
    void answer();
    void listen();
    void ended(int fd);
    void look();
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
        if (connections.of_key(user) >= kMaxOfOneKey) verdict = Answer::later;
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
            if (!connections.accepted(fd)) ++counts.crowded;
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

// libzmq does not tell of a handshake in a version of before CURVE that it failed.
void CurveRouter::Impl::ended(int fd) {
    if (!connections.ended(fd) || told) return;
    if (unwanted > 0)
        --unwanted;
    else
        ++counts.handshakes;
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
            its.connections.heard(zmq_msg_get(part.handle(), ZMQ_SRCFD), its.said.route,
                                  its.said.key);
            out = std::move(its.said);
            return true;
        }
    } catch (const zmq::error_t&) {
    }
    return false;
}

void CurveRouter::Impl::look() {
    const int64_t now = base::mono_ns();
    if (now < look_ns) return;
    look_ns = now + kLookNs;
    counts.unfinished += connections.end_unfinished();
}

Socket::Sent CurveRouter::send_to(const std::string& route, const Frames& frames) {
    TcpConnections::Connection* its = impl_->connections.of(route);
    if (its != nullptr && its->is_full()) return Socket::Sent::full;
    try {
        auto& socket = impl_->socket;
        if (!socket.send(zmq::buffer(route), zmq::send_flags::sndmore | zmq::send_flags::dontwait))
            return Socket::Sent::full;
        for (size_t i = 0; i < frames.size(); ++i) {
            const auto more =
                i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
            if (!socket.send(zmq::buffer(frames[i]), more | zmq::send_flags::dontwait))
                return Socket::Sent::full;
            if (its != nullptr) its->sent(frames[i].size());
        }
        return Socket::Sent::yes;
    } catch (const zmq::error_t& e) {
        return e.num() == EHOSTUNREACH ? Socket::Sent::gone : Socket::Sent::full;
    }
}

void CurveRouter::end(const std::string& route) {
    impl_->connections.end(route);
}

size_t CurveRouter::connections() const {
    return impl_->connections.size();
}

CurveRouter::Counts CurveRouter::counts() const {
    return impl_->counts;
}

}  // namespace bw::events
