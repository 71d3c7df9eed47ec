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
#include "core/hub/database.h"

namespace bw::hub {

inline constexpr size_t kMaxWaitingDurable = 4096;
inline constexpr size_t kMaxPrefixesOfPeer = 4096, kMaxFollows = 256;
inline constexpr size_t kMaxWaitingBytes = 16 * 1024 * 1024;

/// A subscription from a sequence that is behind: its durable events come from the journal, one
/// page after the other, until it has what everybody has.
struct Replay {
    uint64_t number = 0;  // tells it from others
    std::string space;
    std::vector<std::string> prefixes;
    ReplayQuery::After after;
    bool asked = false;  // a page is on its way
};

/// What a peer hears in one space.
struct Interest {
    std::string space;
    std::vector<std::string> prefixes;
    bool operator==(const Interest&) const = default;
};

struct Peer {
    std::string route, name, cycle;
    std::string space;                // of its hello: where it is when it does not say
    std::string token;                // hash of the one it came with; empty: none
    size_t asking = 0;                // requests that another thread works on
    std::string key, address;         // of another machine; the key in Z85
    int64_t heard_ns = 0;             // monotonic; of the last word
    std::vector<Interest> interests;  // one of a space
    std::vector<std::string> handles;
    uint64_t credit_to = 0;  // deliveries numbered up to this may go out
    uint64_t n = 0;          // of the last delivery that was sent or given up
    uint64_t missed = 0;     // given up in all
    bool untold = false;     // it does not know yet that it missed something

    std::deque<StoredPtr> snapshot;
    std::unordered_set<const Stored*> in_snapshot;
    std::vector<Interest> follows;   // subscribed from a sequence
    std::deque<Replay> replays;      // the first is under way
    std::deque<StoredPtr> replayed;  // read from the journal, not sent yet
    std::list<StoredPtr> queue;
    /// By where().
    std::unordered_map<std::string, std::list<StoredPtr>::iterator> waiting_telemetry;
    size_t waiting_durable = 0, waiting_bytes = 0;

    [[nodiscard]] bool wants(const std::string& space, const std::string& topic) const;
    void add(const Interest& more);
    /// For it in addition: each delivery is compared with all that a peer has.
    [[nodiscard]] bool has_room(const Interest& more, bool from_sequence) const;
    /// Deliveries that wait for it.
    [[nodiscard]] size_t waiting() const {
        return queue.size() + snapshot.size() + replayed.size();
    }
    /// A replay will bring durable events of that topic.
    [[nodiscard]] bool awaits(const std::string& space, const std::string& topic) const;
    [[nodiscard]] bool is(const char* role) const { return name.rfind(role, 0) == 0; }
};

/// The way out: frames to the peer at the other end of `route`.
using SendTo = std::function<events::Socket::Sent(const std::string& route, const events::Frames&)>;

/// The same for a delivery; `event` is the frame that all have in common.
using DeliverTo = std::function<events::Socket::Sent(
    const std::string& route, const events::Delivery& head, events::Payload& event)>;

/// Reads a page of the journal on another thread, then runs `done` on the loop.
using ReadJournal =
    std::function<void(ReplayQuery query, std::function<void(base::Result<ReplayPage>)> done)>;

class Peers {
  public:
    Peers(SendTo send, DeliverTo deliver) : send_(std::move(send)), deliver_(std::move(deliver)) {}
    void read_journal_by(ReadJournal read) { read_journal_ = std::move(read); }

    [[nodiscard]] Peer* find(const std::string& route);
    Peer& greet(const std::string& route, const std::string& name, const std::string& space,
                const std::string& cycle);
    void drop(const std::string& route, const char* why);
    /// Told of each peer that is dropped, while it is still there.
    void on_drop(std::function<void(const Peer&)> handler) { on_drop_ = std::move(handler); }

    void subscribe(Peer& peer, const Interest& interest, std::vector<StoredPtr> snapshot);
    /// Durable events later than `since`, then what happens from now on. Again with the same
    /// prefixes: begins anew.
    void subscribe_since(Peer& peer, const Interest& interest, uint64_t since);
    /// A space is over: nobody hears anything in it any more.
    void forget_space(const std::string& space);
    void give_credit(Peer& peer, uint64_t to);
    /// Says at once what was given up since it last knew.
    void tell_missed(Peer& peer);
    /// To everybody who wants it in its space.
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
    void fall_behind(Peer& peer);
    bool flush(Peer& peer);  // false when the peer is gone
    void flush_queue(Peer& peer);
    bool flush_replay(Peer& peer);  // true when there is no more of it
    void page_came(const std::string& route, uint64_t number, base::Result<ReplayPage> page);
    bool send_one(Peer& peer, const StoredPtr& event, bool replayed);
    events::Socket::Sent send_beat(const Peer& peer);
    void drop_gone();

    SendTo send_;
    DeliverTo deliver_;
    StoredPtr shared_;         // what was sent last: the next peer mostly gets the same
    events::Payload payload_;  // its bytes
    ReadJournal read_journal_;
    std::function<void(const Peer&)> on_drop_;
    std::map<std::string, Peer> peers_;  // by route
    std::vector<std::string> gone_;
    uint64_t sequence_ = 0, telemetry_dropped_ = 0, given_up_ = 0, replays_ = 0;
};

}  // namespace bw::hub
