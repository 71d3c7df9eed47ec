// SPDX-License-Identifier: Apache-2.0
// Who is connected, what each wants, and what waits for each. Nothing is sent beyond a peer's
// credit; what waits is bounded. On the loop.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/events/socket.h"
#include "core/hub/stored.h"

namespace bw::hub {

inline constexpr size_t kMaxWaitingDurable = 4096;
inline constexpr size_t kMaxWaitingBytes = 16 * 1024 * 1024;

struct Peer {
    std::string route, name, space, cycle;
    std::vector<std::string> prefixes, handles;
    uint64_t credit_to = 0;  // deliveries numbered up to this may go out
    uint64_t n = 0;          // of the last delivery that was sent or given up
    uint64_t missed = 0;     // given up in all

    std::deque<StoredPtr> snapshot;
    std::unordered_set<const Stored*> in_snapshot;
    std::list<StoredPtr> queue;
    std::unordered_map<std::string, std::list<StoredPtr>::iterator> waiting_telemetry;  // by topic
    size_t waiting_durable = 0, waiting_bytes = 0;

    [[nodiscard]] bool wants(const std::string& topic) const;
    [[nodiscard]] bool is(const char* role) const { return name.rfind(role, 0) == 0; }
};

/// The way out: frames to the peer at the other end of `route`.
using SendTo = std::function<events::Socket::Sent(const std::string& route, const events::Frames&)>;

class Peers {
  public:
    explicit Peers(SendTo send) : send_(std::move(send)) {}

    [[nodiscard]] Peer* find(const std::string& route);
    Peer& greet(const std::string& route, const std::string& name, const std::string& space,
                const std::string& cycle);
    void drop(const std::string& route, const char* why);
    /// Told of each peer that is dropped, while it is still there.
    void on_drop(std::function<void(const Peer&)> handler) { on_drop_ = std::move(handler); }

    void subscribe(Peer& peer, const std::vector<std::string>& prefixes,
                   std::vector<StoredPtr> snapshot);
    void give_credit(Peer& peer, uint64_t to);
    /// To everybody who wants it and lives in its space.
    void deliver(const StoredPtr& event);
    /// `sequence`: of the newest durable event that is committed.
    void set_sequence(uint64_t sequence) { sequence_ = sequence; }
    /// Heartbeats to all, and another try for those whose pipe was full.
    void beat();

    void each(const std::function<void(Peer&)>& visit);
    [[nodiscard]] std::vector<std::string> named(
        const char* role) const;  // names of "compositor:…"
    /// Who registered the longest prefix of `topic`.
    [[nodiscard]] Peer* handler_of(const std::string& topic);
    [[nodiscard]] size_t size() const { return peers_.size(); }
    [[nodiscard]] uint64_t telemetry_dropped() const { return telemetry_dropped_; }
    [[nodiscard]] uint64_t given_up() const { return given_up_; }

  private:
    void enqueue(Peer& peer, const StoredPtr& event, const std::string& topic);
    void cut(Peer& peer);
    bool flush(Peer& peer);  // false when the peer is gone
    bool send_one(Peer& peer, const StoredPtr& event, bool replayed);
    void drop_gone();

    SendTo send_;
    std::function<void(const Peer&)> on_drop_;
    std::map<std::string, Peer> peers_;  // by route
    std::vector<std::string> gone_;
    uint64_t sequence_ = 0, telemetry_dropped_ = 0, given_up_ = 0;
};

}  // namespace bw::hub
