// SPDX-License-Identifier: Apache-2.0
// The last frame of a delivery that goes to many: libzmq shares its bytes, it does not copy them
// for each peer.
#pragma once

#include <memory>
#include <string_view>

namespace zmq {
class message_t;
}

namespace bw::events {

/// Made and sent on one thread.
class Payload {
  public:
    Payload();
    /// `owner` keeps `bytes` as they are until the last message with them has left; it is then let
    /// go of, perhaps on a thread of libzmq's.
    Payload(std::shared_ptr<const void> owner, std::string_view bytes);
    Payload(Payload&&) noexcept;
    Payload& operator=(Payload&&) noexcept;
    ~Payload();

    [[nodiscard]] std::string_view bytes() const;
    /// One more message with the same bytes. Throws zmq::error_t.
    void share(zmq::message_t& out);

  private:
    std::unique_ptr<zmq::message_t> message_;
};

}  // namespace bw::events
