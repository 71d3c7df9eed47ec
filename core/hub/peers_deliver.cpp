// SPDX-License-Identifier: Apache-2.0
// From an event to the sockets: who wants it, what may go at once and together, what waits.
#include <algorithm>
#include <iterator>

#include "core/base/log.h"
#include "core/events/bundle.h"
#include "core/hub/peers.h"

namespace bw::hub {

using events::Socket;

namespace {

// So that the first of a flood does not wait for the last.
constexpr size_t kMaxHeld = events::kMaxBundle;

/// The same subject of another space is another thing.
std::string where(const Stored& event, const std::string& topic) {
    return event.space + '\n' + topic;
}

}  // namespace

void Peers::deliver(const StoredPtr& event) {
    held_.push_back({event, event->topic()});
    holds_telemetry_ = holds_telemetry_ || event->lane() == events::Lane::telemetry;
    if (holds_ && held_.size() < kMaxHeld) return;
    send_held();
    if (!holds_) drop_gone();
}

void Peers::release() {
    // What is done then may deliver again, and have something done after that.
    while (!held_.empty() || !after_.empty()) {
        send_held();
        std::vector<std::function<void()>> then;
        then.swap(after_);
        for (const auto& each : then) each();
    }
    holds_ = false;
    drop_gone();
}

void Peers::after_deliveries(std::function<void()> then) {
    if (holds_) return after_.push_back(std::move(then));
    then();
}

void Peers::set_sequence(uint64_t sequence) {
    // Telemetry that is held back happened before.
    if (holds_telemetry_) send_held();
    sequence_ = sequence;
}

void Peers::send_held() {
    if (held_.empty() || sending_) return;
    sending_ = true;
    std::vector<Held> held;
    held.swap(held_);
    holds_telemetry_ = false;
    for (auto& [route, peer] : peers_) hand_out(peer, held);
    held.clear();
    held_.swap(held);  // its room is used again
    sending_ = false;
}

void Peers::hand_out(Peer& peer, const std::vector<Held>& held) {
    wanted_.clear();
    for (const auto& [event, topic] : held)
        if (peer.wants(event->space, topic)) wanted_.push_back(event);
    if (wanted_.empty()) return;
    const bool waits = !peer.has_all();
    auto next = wanted_.begin();
    while (const size_t count = waits ? 0 : send_first(peer, next, wanted_.end(), false))
        next += static_cast<std::ptrdiff_t>(count);
    for (; next != wanted_.end(); ++next) {
        const std::string topic = (*next)->topic();
        // It is in the journal by now, and comes from there in its turn. Asked of each: the one
        // before may have been too much for its queue.
        if ((*next)->lane() == events::Lane::durable && peer.awaits((*next)->space, topic))
            continue;
        enqueue(peer, *next, topic);
    }
    if (waits) flush(peer);
    wanted_.clear();
}

void Peers::enqueue(Peer& peer, const StoredPtr& event, const std::string& topic) {
    if (event->lane() == events::Lane::telemetry) {
        const auto waiting = peer.waiting_telemetry.find(where(*event, topic));
        if (waiting != peer.waiting_telemetry.end()) {
            peer.waiting_bytes += event->json.size() - (*waiting->second)->json.size();
            *waiting->second = event;
            ++telemetry_dropped_;
            return;
        }
    }
    peer.queue.push_back(event);
    peer.waiting_bytes += event->json.size();
    if (event->lane() == events::Lane::durable)
        ++peer.waiting_durable;
    else
        peer.waiting_telemetry[where(*event, topic)] = std::prev(peer.queue.end());
    const auto too_much = [&peer] {
        return peer.waiting_durable > kMaxWaitingDurable || peer.waiting_bytes > kMaxWaitingBytes;
    };
    if (too_much()) fall_behind(peer);
    if (too_much()) cut(peer);
}

void Peers::cut(Peer& peer) {
    // The numbers are passed over, so the next delivery or beat tells the peer how many it missed.
    const uint64_t lost = peer.waiting();
    base::log_warning("{} is too slow: {} deliveries given up", peer.name, lost);
    peer.n += lost;
    peer.missed += lost;
    peer.untold = true;
    given_up_ += lost;
    peer.queue.clear();
    peer.waiting_telemetry.clear();
    peer.snapshot.clear();
    peer.in_snapshot.clear();
    peer.replays.clear();
    peer.replayed.clear();
    peer.waiting_durable = peer.waiting_bytes = 0;
}

uint64_t Peers::sequence_of(const Stored& event) const {
    return event.kept == Kept::durable ? event.sequence : sequence_;
}

bool Peers::sent(Peer& peer, Socket::Sent how, uint64_t count) {
    if (how == Socket::Sent::yes) peer.n += count;
    if (how == Socket::Sent::gone) gone_.push_back(peer.route);
    return how == Socket::Sent::yes;
}

bool Peers::send_one(Peer& peer, const StoredPtr& event, bool replayed) {
    if (shared_ != event) {
        shared_ = event;
        payload_ = events::Payload(event, event->json);
    }
    const events::Delivery head{event->lane(), replayed, sequence_of(*event), peer.n + 1, {}};
    return sent(peer, deliver_(peer.route, head, payload_), 1);
}

bool Peers::send_bundle(Peer& peer, bool replayed) {
    const auto same = [](const StoredPtr& one, const StoredPtr* other) { return one == *other; };
    if (!std::equal(shared_rows_.begin(), shared_rows_.end(), rows_.begin(), rows_.end(), same)) {
        auto bytes = std::make_shared<std::string>();
        size_t size = 0;
        for (const StoredPtr* row : rows_) size += (*row)->json.size();
        bytes->reserve(size);
        shared_rows_.clear();
        for (const StoredPtr* row : rows_) {
            shared_rows_.push_back(*row);
            *bytes += (*row)->json;
        }
        payload_of_rows_ = events::Payload(bytes, *bytes);
    }
    heads_.clear();
    uint64_t n = peer.n;
    for (const StoredPtr& row : shared_rows_)
        events::append_head(heads_, {row->lane(), replayed, sequence_of(*row), ++n, row->json});
    return sent(peer, bundle_(peer.route, heads_, payload_of_rows_), rows_.size());
}

template <typename Iterator>
size_t Peers::send_first(Peer& peer, Iterator begin, Iterator end, bool replayed) {
    if (begin == end || peer.n >= peer.credit_to) return 0;
    const size_t room =
        peer.bundles ? std::min<uint64_t>(peer.credit_to - peer.n, events::kMaxBundle) : 1;
    size_t bytes = 0;
    rows_.clear();
    for (; begin != end && rows_.size() < room; ++begin) {
        bytes += (*begin)->json.size();
        if (bytes > events::kMaxBundleBytes && !rows_.empty()) break;
        rows_.push_back(&*begin);
    }
    const bool sent =
        rows_.size() == 1 ? send_one(peer, *rows_.front(), replayed) : send_bundle(peer, replayed);
    return sent ? rows_.size() : 0;
}

template <typename Waiting, typename Sent>
void Peers::send_all(Peer& peer, Waiting& waiting, bool replayed, const Sent& each) {
    while (const size_t count = send_first(peer, waiting.begin(), waiting.end(), replayed))
        for (size_t i = 0; i < count; ++i) {
            each(*waiting.front());
            waiting.pop_front();
        }
}

// First what was, then what is: a snapshot, what comes from the journal, the queue.
bool Peers::flush(Peer& peer) {
    send_all(peer, peer.snapshot, true,
             [&](const Stored& event) { peer.in_snapshot.erase(&event); });
    if (peer.snapshot.empty() && flush_replay(peer)) flush_queue(peer);
    return std::find(gone_.begin(), gone_.end(), peer.route) == gone_.end();
}

bool Peers::flush_replayed(Peer& peer) {
    send_all(peer, peer.replayed, true, [](const Stored& /*event*/) {});
    return peer.replayed.empty();
}

void Peers::flush_queue(Peer& peer) {
    send_all(peer, peer.queue, false, [&](const Stored& event) {
        peer.waiting_bytes -= event.json.size();
        if (event.lane() == events::Lane::durable)
            --peer.waiting_durable;
        else
            peer.waiting_telemetry.erase(where(event, event.topic()));
    });
}

}  // namespace bw::hub
