// SPDX-License-Identifier: Apache-2.0
// The hub's socket for other machines: a ROUTER over TCP with CURVE (ZeroMQ RFC 26). Whose key may
// in is asked of the owner, in its own loop (ZAP, RFC 27); every connection is known, bounded both
// ways, and can be ended. Everything that arrives is hostile. It has a libzmq context of its own,
// so handshakes never keep local peers waiting. One thread owns it; nothing here waits.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/events/socket.h"

namespace bw::events {

class CurveRouter {
  public:
    static constexpr size_t kMaxOfOneKey = 32;

    struct Options {
        std::string endpoint;                // "tcp://ADDRESS:PORT"
        std::string public_key, secret_key;  // Z85
    };
    enum class Answer { yes, no, later };  // later: it may try again by itself
    /// Whether that key may in: 32 bytes of it, and the address it comes from.
    using Ask = std::function<Answer(const unsigned char (&key)[32], const std::string& address)>;

    struct Said {
        std::string route;
        std::string key;      // Z85, of the sender
        std::string address;  // "192.0.2.7"
        Frames frames;        // without the routing frame; more than 4 are not kept
        size_t bytes = 0;     // of all frames
    };
    struct Counts {
        uint64_t handshakes = 0;  // that failed: no CURVE, wrong, broken off before the first word
        uint64_t crowded = 0;     // connections beyond TcpConnections::kMax
        uint64_t unfinished = 0;  // messages without an end
    };

    /// "taken": the address is in use; "system": what else went wrong.
    static base::Result<std::unique_ptr<CurveRouter>> open(const Options& options, Ask ask);
    ~CurveRouter();

    /// To wait for; edge-triggered: after a wait, work() and receive() until it is false.
    [[nodiscard]] std::array<int, 3> fds() const;
    /// Something waits that fds() will not tell again.
    [[nodiscard]] bool readable();
    /// Answers who asks to come in, and looks after the connections. Each turn of the loop.
    void work();
    bool receive(Said& out);
    /// full: also while more than TcpConnections::kMaxOnTheWay has not arrived there.
    Socket::Sent send_to(const std::string& route, const Frames& frames);
    /// Ends the connection; what was sent just before may not arrive.
    void end(const std::string& route);

    [[nodiscard]] size_t connections() const;
    [[nodiscard]] Counts counts() const;

  private:
    struct Impl;
    explicit CurveRouter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace bw::events
