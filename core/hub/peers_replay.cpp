// SPDX-License-Identifier: Apache-2.0
// Subscriptions from a sequence. What is committed is in the journal before it is delivered, so a
// peer that is behind needs no queue: it is read to the newest committed sequence, page by page
// under its credit, and gets what is delivered only from the moment on when both are the same.
#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "core/hub/peers.h"

namespace bw::hub {

bool Peer::awaits(const std::string& in, const std::string& topic) const {
    return std::any_of(replays.begin(), replays.end(), [&](const Replay& replay) {
        return replay.space == in && begins(replay.prefixes, topic);
    });
}

namespace {

bool brings(const Replay& replay, const Stored& event) {
    return event.lane() == events::Lane::durable && event.space == replay.space &&
           event.sequence > replay.after.sequence && begins(replay.prefixes, event.topic());
}

/// All up to `sequence` has been read; of a list of records not only the beginning.
bool has_all(const Replay& replay, uint64_t sequence) {
    return replay.after.sequence > sequence ||
           (replay.after.sequence == sequence && replay.after.row == INT64_MAX);
}

/// What waits for the peer and will come from the journal.
void take_out(Peer& peer, const Replay& replay) {
    for (auto it = peer.queue.begin(); it != peer.queue.end();) {
        if (!brings(replay, **it)) {
            ++it;
            continue;
        }
        peer.waiting_bytes -= (*it)->json.size();
        --peer.waiting_durable;
        it = peer.queue.erase(it);
    }
    std::erase_if(peer.replayed, [&](const StoredPtr& event) { return brings(replay, *event); });
    std::erase_if(peer.replays, [&](const Replay& other) {
        return other.space == replay.space && other.prefixes == replay.prefixes;
    });
}

}  // namespace

void Peers::subscribe_since(Peer& peer, const Interest& interest, uint64_t since) {
    send_held();
    Replay replay;
    replay.number = ++replays_;
    replay.space = interest.space;
    replay.prefixes = interest.prefixes;
    replay.after.sequence = since;
    take_out(peer, replay);
    peer.add(interest);
    if (std::find(peer.follows.begin(), peer.follows.end(), interest) == peer.follows.end())
        peer.follows.push_back(interest);
    peer.replays.push_back(std::move(replay));
    if (!flush(peer)) gone_.push_back(peer.route);
    drop_gone();
}

// Too much waits for it: what is in the journal needs no queue. The rest of a list that it has in
// part stays, for the journal is asked by sequence.
void Peers::fall_behind(Peer& peer) {
    for (const Interest& follow : peer.follows) {
        Replay replay;
        const auto ours = [&](const StoredPtr& event) {
            return event->lane() == events::Lane::durable && event->space == follow.space &&
                   begins(follow.prefixes, event->topic());
        };
        const auto first = std::find_if(peer.queue.begin(), peer.queue.end(), ours);
        if (first == peer.queue.end() || (*first)->sequence >= sequence_) continue;
        replay.after.sequence = (*first)->sequence;
        for (const StoredPtr& event : peer.queue)
            if (event->sequence == replay.after.sequence && ours(event))
                peer.replayed.push_back(event);
        peer.waiting_durable -= std::erase_if(peer.queue, [&](const StoredPtr& event) {
            if (!ours(event)) return false;
            peer.waiting_bytes -= event->json.size();
            return true;
        });
        replay.number = ++replays_;
        replay.space = follow.space;
        replay.prefixes = follow.prefixes;
        peer.replays.push_back(std::move(replay));
    }
}

bool Peers::flush_replay(Peer& peer) {
    if (!flush_replayed(peer)) return false;
    while (!peer.replays.empty() && has_all(peer.replays.front(), sequence_))
        peer.replays.pop_front();
    if (peer.replays.empty()) return true;
    Replay& replay = peer.replays.front();
    if (replay.asked || peer.n >= peer.credit_to) return false;
    replay.asked = true;
    ReplayQuery query;
    query.after = replay.after;
    query.upto = sequence_;
    query.space = replay.space;
    query.prefixes = replay.prefixes;
    read_journal_(query, [this, route = peer.route, number = replay.number,
                          upto = query.upto](base::Result<ReplayPage> page) {
        if (page && !page->more) page->next = {upto, INT64_MAX};
        page_came(route, number, std::move(page));
    });
    return false;
}

void Peers::page_came(const std::string& route, uint64_t number, base::Result<ReplayPage> page) {
    Peer* peer = find(route);
    if (peer == nullptr || peer->replays.empty() || peer->replays.front().number != number) return;
    Replay& replay = peer->replays.front();
    replay.asked = false;
    if (!page) {  // asked again with the next beat
        base::log_warning("{} waits for the journal: {}", peer->name, page.error().text);
        return;
    }
    for (StoredPtr& event : page->events) peer->replayed.push_back(std::move(event));
    replay.after = page->next;
    if (!flush(*peer)) gone_.push_back(route);
    drop_gone();
}

}  // namespace bw::hub
