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
    bool bundles = false;    // several deliveries of its may come in one message

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
    [[nodiscard]] bool has_all() const { return waiting() == 0 && replays.empty(); }
    [[nodiscard]] bool is(const char* role) const { return name.rfind(role, 0) == 0; }
};

/// The way out: frames to the peer at the other end of `route`.
using SendTo = std::function<events::Socket::Sent(const std::string& route, const events::Frames&)>;

/// The same for a delivery; `event` is the frame that all have in common.
using DeliverTo = std::function<events::Socket::Sent(
    const std::string& route, const events::Delivery& head, events::Payload& event)>;

/// Several at once; the heads are the peer's own, the events what all have in common.
using BundleTo = std::function<events::Socket::Sent(
    const std::string& route, const std::string& heads, events::Payload& events)>;

/// Reads a page of the journal on another thread, then runs `done` on the loop.
using ReadJournal =
    std::function<void(ReplayQuery query, std::function<void(base::Result<ReplayPage>)> done)>;

class Peers {
  public:
    Peers(SendTo send, DeliverTo deliver, BundleTo bundle)
        : send_(std::move(send)), deliver_(std::move(deliver)), bundle_(std::move(bundle)) {}
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
    /// To everybody who wants it in its space: at once, or held back until they all go together.
    void deliver(const StoredPtr& event);
    /// Holds deliveries back, so that what happens in one turn of the loop goes out in bundles.
    void hold() { holds_ = true; }
    /// The end of hold(): sends them, then does what was to be done after them.
    void release();
    /// Sends what is held back: whatever else goes to a peer goes after it. Drops nobody.
    void send_held();
    /// Runs `then` when what was given to deliver() so far has been sent.
    void after_deliveries(std::function<void()> then);
    /// `sequence`: of the newest durable event that is committed.
    void set_sequence(uint64_t sequence);
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
    struct Held {
        StoredPtr event;
        std::string topic;
    };
    void hand_out(Peer& peer, const std::vector<Held>& held);
    void enqueue(Peer& peer, const StoredPtr& event, const std::string& topic);
    void cut(Peer& peer);
    void fall_behind(Peer& peer);
    bool flush(Peer& peer);  // false when the peer is gone
    void flush_queue(Peer& peer);
    bool flush_replay(Peer& peer);    // true when there is no more of it
    bool flush_replayed(Peer& peer);  // what was read of it so far
    void page_came(const std::string& route, uint64_t number, base::Result<ReplayPage> page);
    /// As many of the first of them as go in one message; how many that were.
    template <typename Iterator>
    size_t send_first(Peer& peer, Iterator begin, Iterator end, bool replayed);
    /// As many as its credit and its pipe take; `each` is told of one before it is taken out.
    template <typename Waiting, typename Sent>
    void send_all(Peer& peer, Waiting& waiting, bool replayed, const Sent& each);
    bool send_one(Peer& peer, const StoredPtr& event, bool replayed);
    bool send_bundle(Peer& peer, bool replayed);  // rows_
    bool sent(Peer& peer, events::Socket::Sent how, uint64_t count);
    [[nodiscard]] uint64_t sequence_of(const Stored& event) const;
    events::Socket::Sent send_beat(const Peer& peer);
    void drop_gone();

    SendTo send_;
    DeliverTo deliver_;
    BundleTo bundle_;
    // What was sent last, and its bytes: the next peer mostly gets the same.
    StoredPtr shared_;
    events::Payload payload_;
    std::vector<StoredPtr> shared_rows_;
    std::vector<const StoredPtr*> rows_;  // of the message that is made
    std::string heads_;
    events::Payload payload_of_rows_;
    bool holds_ = false, holds_telemetry_ = false, sending_ = false;
    std::vector<Held> held_;
    std::vector<StoredPtr> wanted_;  // of held_, by the peer whose turn it is
    std::vector<std::function<void()>> after_;
    ReadJournal read_journal_;
    std::function<void(const Peer&)> on_drop_;
    std::map<std::string, Peer> peers_;  // by route
    std::vector<std::string> gone_;
    uint64_t sequence_ = 0, telemetry_dropped_ = 0, given_up_ = 0, replays_ = 0;
};

}  // namespace bw::hub
