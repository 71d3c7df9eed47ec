// SPDX-License-Identifier: Apache-2.0
// A hub of a few lines for tests of one role: greets, answers subscriptions, sends what it is told
// to, keeps what it hears. One thread owns it; call pump() often.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/events/event.h"
#include "core/events/socket.h"

namespace bw::media::testing {

class FakeHub {
  public:
    explicit FakeHub(const std::string& endpoint);
    void pump();
    /// Hears and says nothing, as one that hangs.
    void hang(bool hangs) { hangs_ = hangs; }
    /// Delivered now if a peer is there, and at every later subscription.
    void record(const std::string& type, const std::string& subject, const std::string& data);
    /// Delivered once.
    void send(const std::string& type, const std::string& subject, const std::string& data);

    [[nodiscard]] bool greeted() const { return !peer_.empty(); }
    [[nodiscard]] const std::string& peer_name() const { return name_; }
    [[nodiscard]] const std::vector<events::Event>& heard() const { return heard_; }
    /// The newest data heard of a type and subject; empty: none.
    [[nodiscard]] std::string newest(const std::string& type, const std::string& subject) const;

  private:
    void handle(const events::Frames& frames);
    void deliver(const events::Event& event, bool replayed);
    events::Socket socket_;
    std::string peer_, name_;
    std::map<std::string, events::Event> records_;
    std::vector<events::Event> heard_;
    uint64_t n_ = 0;
    int64_t beat_ns_ = 0;
    bool hangs_ = false;
};

}  // namespace bw::media::testing
