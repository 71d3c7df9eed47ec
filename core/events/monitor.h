// SPDX-License-Identifier: Apache-2.0
// What libzmq tells of a socket's connections (zmq_socket_monitor). One thread owns it and the
// socket; it has to end before the socket does.
#pragma once

#include <cstdint>
#include <memory>

namespace zmq {
class context_t;
class socket_t;
}  // namespace zmq

namespace bw::events {

class Monitor {
  public:
    struct Event {
        uint16_t kind = 0;   // ZMQ_EVENT_…
        uint32_t value = 0;  // a descriptor, an errno or a ZAP status: zmq_socket_monitor(3)
    };
    /// Null when libzmq has no descriptors left. `kinds`: ZMQ_EVENT_… of interest.
    static std::unique_ptr<Monitor> of(zmq::context_t& context, zmq::socket_t& socket, int kinds);
    ~Monitor();

    /// Edge-triggered, as every descriptor of libzmq's: next() until it is false.
    [[nodiscard]] int fd() const;
    [[nodiscard]] bool readable() const;
    bool next(Event& out);

  private:
    struct Impl;
    explicit Monitor(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace bw::events
