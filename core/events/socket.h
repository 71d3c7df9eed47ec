// SPDX-License-Identifier: Apache-2.0
// A ZeroMQ socket with every limit set, that never blocks, never lingers and never throws. One
// thread owns it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/events/delivery.h"
#include "core/events/payload.h"
#include "core/events/wire.h"

namespace bw::events {

struct CurveKeys;

/// How often an address where nobody listens is tried: first after that long, then after twice as
/// long each time, up to the most; libzmq adds up to `first_ms` by chance.
struct Retries {
    int first_ms, most_ms;
};
Retries retries_of(std::string_view endpoint);

class Socket {
  public:
    /// Why there is no connection to another machine. nobody: none listens there; refused: the hub
    /// does not know the key; broken: the handshake failed, as with the key of another hub.
    enum class Failing { no, nobody, refused, broken };
    enum class Kind { dealer, router };
    enum class Sent { yes, full, gone };  // full: try later; gone: no such peer

    /// With its own context and one I/O thread.
    static base::Result<Socket> make(Kind kind);
    Socket(Socket&&) noexcept;
    Socket& operator=(Socket&&) noexcept;
    ~Socket();

    base::Status bind(const std::string& endpoint);
    /// Binds an inherited, listening Unix socket; `fd` passes in.
    base::Status bind_fd(int fd, const std::string& path);
    base::Status connect(const std::string& endpoint);
    /// As above, to another machine, sealed with those keys. Tried again for as long as it takes,
    /// but for Failing::refused: then it takes another call.
    base::Status connect_sealed(const std::string& endpoint, const CurveKeys& keys);
    /// Of connect_sealed().
    [[nodiscard]] Failing failing();
    /// A router only: connects, and names the peer at the other end.
    base::Status connect_as(const std::string& endpoint, const std::string& routing_id);
    void disconnect(const std::string& endpoint);

    /// Edge-triggered: readable() says what is true.
    [[nodiscard]] int fd() const;
    [[nodiscard]] bool readable();
    /// Whether something came since readable() or receive() last said that nothing is there: one
    /// system call, where those make several.
    [[nodiscard]] bool stirred() const;
    /// All frames of the next message; false when there is none.
    bool receive(Frames& out);
    Sent send(const Frames& frames);
    /// To one peer of a router.
    Sent send_to(const std::string& routing_id, const Frames& frames);
    /// The same as send_to(encode_delivery()), without a copy of the event: that is in `event`, and
    /// `head.event` does not count.
    Sent deliver_to(const std::string& routing_id, const Delivery& head, Payload& event);
    /// A bundle of deliveries (bundle.h).
    Sent bundle_to(const std::string& routing_id, const std::string& heads, Payload& events);

  private:
    struct Impl;
    explicit Socket(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace bw::events
