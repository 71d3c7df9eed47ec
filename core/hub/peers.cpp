// SPDX-License-Identifier: Apache-2.0
#include "core/hub/peers.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/events/wire.h"

namespace bw::hub {

using events::Socket;

namespace {

constexpr const char* kGone = "its connection is gone";

Interest* of_space(std::vector<Interest>& interests, const std::string& space) {
    const auto found = std::find_if(interests.begin(), interests.end(),
                                    [&](const Interest& each) { return each.space == space; });
    return found == interests.end() ? nullptr : &*found;
}

}  // namespace

Peer* Peers::find(const std::string& route) {
    const auto found = peers_.find(route);
    return found == peers_.end() ? nullptr : &found->second;
}

Peer& Peers::greet(const std::string& route, const std::string& name, const std::string& space,
                   const std::string& cycle) {
    send_held();
    Peer& peer = peers_[route];
    peer = Peer{};
    peer.route = route;
    peer.name = name;
    peer.space = space;
    peer.cycle = cycle;
    return peer;
}

void Peers::drop(const std::string& route, const char* why) {
    const auto found = peers_.find(route);
    if (found == peers_.end()) return;
    send_held();
    // Of one that went and listened to nothing, such as a ctl that has its answer, nothing is lost.
    const Peer& peer = found->second;
    if (why == kGone && peer.interests.empty() && peer.handles.empty())
        base::log_debug("{} left: {}", peer.name, why);
    else
        base::log_info("{} left: {}", peer.name, why);
    const Peer last = std::move(found->second);
    peers_.erase(found);
    if (on_drop_) on_drop_(last);
}

bool Peer::wants(const std::string& in, const std::string& topic) const {
    return std::any_of(interests.begin(), interests.end(), [&](const Interest& each) {
        return each.space == in && begins(each.prefixes, topic);
    });
}

void Peer::add(const Interest& more) {
    Interest* its = of_space(interests, more.space);
    if (its == nullptr) its = &interests.emplace_back(Interest{more.space, {}});
    for (const std::string& prefix : more.prefixes)
        if (std::find(its->prefixes.begin(), its->prefixes.end(), prefix) == its->prefixes.end())
            its->prefixes.push_back(prefix);
}

bool Peer::has_room(const Interest& more, bool from_sequence) const {
    const auto has = [](const auto& list, const auto& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    if (from_sequence && follows.size() >= kMaxFollows && !has(follows, more)) return false;
    size_t all = more.prefixes.size();
    for (const Interest& each : interests) all += each.prefixes.size();
    if (all <= kMaxPrefixesOfPeer) return true;
    for (const Interest& each : interests)
        if (each.space == more.space)
            all -= static_cast<size_t>(
                std::count_if(more.prefixes.begin(), more.prefixes.end(),
                              [&](const std::string& one) { return has(each.prefixes, one); }));
    return all <= kMaxPrefixesOfPeer;
}

void Peers::forget_space(const std::string& space) {
    send_held();
    const auto of_it = [&](const auto& each) { return each.space == space; };
    for (auto& [route, peer] : peers_) {
        std::erase_if(peer.interests, of_it);
        std::erase_if(peer.follows, of_it);
        std::erase_if(peer.replays, of_it);
    }
}

void Peers::subscribe(Peer& peer, const Interest& interest, std::vector<StoredPtr> snapshot) {
    send_held();  // the snapshot has it
    peer.add(interest);
    for (StoredPtr& event : snapshot)
        if (peer.in_snapshot.insert(event.get()).second) peer.snapshot.push_back(std::move(event));
    if (!flush(peer)) gone_.push_back(peer.route);
    drop_gone();
}

void Peers::give_credit(Peer& peer, uint64_t to) {
    peer.credit_to = std::max(peer.credit_to, std::min(to, peer.n + events::kMaxCredit));
    if (!flush(peer)) gone_.push_back(peer.route);
    drop_gone();
}

void Peers::drop_gone() {
    std::vector<std::string> gone;
    gone.swap(gone_);
    for (const std::string& route : gone) drop(route, kGone);
}

Socket::Sent Peers::send_beat(const Peer& peer) {
    auto beat = fmt::format("{{\"wall_ns\":{},\"mono_ns\":{},\"sequence\":{},\"n\":{}",
                            base::wall_ns(), base::mono_ns(), sequence_, peer.n);
    if (peer.missed > 0)
        beat += fmt::format(
            ",\"missed\":{},\"why\":\"you read too slowly: more than {} durable events or {} MiB "
            "waited for you\"",
            peer.missed, kMaxWaitingDurable, kMaxWaitingBytes >> 20);
    return send_(peer.route, {"beat", beat + "}"});
}

void Peers::beat() {
    send_held();
    for (auto& [route, peer] : peers_)
        if (send_beat(peer) == Socket::Sent::gone || !flush(peer)) gone_.push_back(route);
    drop_gone();
}

void Peers::tell_missed(Peer& peer) {
    if (peer.untold && send_beat(peer) == Socket::Sent::yes) peer.untold = false;
}

void Peers::each(const std::function<void(Peer&)>& visit) {
    for (auto& [route, peer] : peers_) visit(peer);
}

std::vector<std::string> Peers::named(const char* role) const {
    std::vector<std::string> names;
    for (const auto& [route, peer] : peers_)
        if (peer.is(role)) names.push_back(peer.name);
    return names;
}

Peer* Peers::handler_of(const std::string& topic) {
    Peer* best = nullptr;
    size_t longest = 0;
    for (auto& [route, peer] : peers_)
        for (const std::string& prefix : peer.handles)
            if (prefix.size() >= longest && topic.compare(0, prefix.size(), prefix) == 0) {
                best = &peer;
                longest = prefix.size();
            }
    return best;
}

}  // namespace bw::hub
