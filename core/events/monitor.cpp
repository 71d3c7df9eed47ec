// SPDX-License-Identifier: Apache-2.0
#include "core/events/monitor.h"

#include <cstring>
#include <string>
#include <zmq.hpp>

namespace bw::events {

struct Monitor::Impl {
    zmq::socket_t* watched;
    zmq::socket_t pair;
};

std::unique_ptr<Monitor> Monitor::of(zmq::context_t& context, zmq::socket_t& socket, int kinds) {
    const std::string address =
        "inproc://monitor-" + std::to_string(reinterpret_cast<uintptr_t>(&socket));
    if (zmq_socket_monitor(socket.handle(), address.c_str(), kinds) != 0) return nullptr;
    try {
        auto impl = std::make_unique<Impl>(Impl{&socket, zmq::socket_t(context, ZMQ_PAIR)});
        impl->pair.set(zmq::sockopt::linger, 0);
        impl->pair.connect(address);
        return std::unique_ptr<Monitor>(new Monitor(std::move(impl)));
    } catch (const zmq::error_t&) {
        zmq_socket_monitor(socket.handle(), nullptr, 0);
        return nullptr;
    }
}

Monitor::Monitor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Monitor::~Monitor() {
    zmq_socket_monitor(impl_->watched->handle(), nullptr, 0);
}

int Monitor::fd() const {
    return impl_->pair.get(zmq::sockopt::fd);
}

bool Monitor::readable() const {
    return (impl_->pair.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0;
}

bool Monitor::next(Event& out) {
    try {
        zmq::message_t event, address;
        do {
            if (!impl_->pair.recv(event, zmq::recv_flags::dontwait)) return false;
            while (event.more() && impl_->pair.recv(address, zmq::recv_flags::dontwait))
                if (!address.more()) break;
        } while (event.size() != sizeof(out.kind) + sizeof(out.value));
        std::memcpy(&out.kind, event.data(), sizeof(out.kind));
        std::memcpy(&out.value, event.data<char>() + sizeof(out.kind), sizeof(out.value));
        return true;
    } catch (const zmq::error_t&) {
        return false;
    }
}

}  // namespace bw::events
