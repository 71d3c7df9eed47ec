// SPDX-License-Identifier: Apache-2.0
#include "arrivals.h"

#include <beaconwall/service/clock.h>
#include <beaconwall/service/ids.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace bw::mqtt_bridge {
namespace {

constexpr size_t kMostEchoes = 1024, kMostSeen = 64, kMostPosted = 1000;
constexpr int64_t kEchoNs = 60 * base::kSecond;
constexpr std::chrono::seconds kAnswerWithin(20);

size_t hash_of(std::string_view topic, std::string_view payload) {
    return std::hash<std::string_view>()(topic) * 31 + std::hash<std::string_view>()(payload);
}

/// The hub may take it later: its disk is full, or slow, or too much waits for it.
bool for_later(const std::string& code) {
    return code == "system" || code == "timeout" || code == "full";
}

}  // namespace

void Echoes::sent(const std::string& topic, const std::string& payload) {
    const std::lock_guard lock(mutex_);
    if (sent_.size() >= kMostEchoes) sent_.pop_front();
    sent_.push_back({hash_of(topic, payload), base::mono_ns()});
}

bool Echoes::is_one(const std::string& topic, std::string_view payload) {
    const size_t hash = hash_of(topic, payload);
    const int64_t oldest = base::mono_ns() - kEchoNs;
    const std::lock_guard lock(mutex_);
    while (!sent_.empty() && sent_.front().at_ns < oldest) sent_.pop_front();
    const auto found = std::find_if(sent_.begin(), sent_.end(),
                                    [&](const Sent& each) { return each.hash == hash; });
    if (found == sent_.end()) return false;
    sent_.erase(found);
    return true;
}

/// A message whose events the hub has to keep before it is acknowledged.
struct Arrivals::Waiting {
    size_t open = 0;     // events without an answer
    bool later = false;  // one of them could not be kept now
};

Arrivals::Arrivals(sdk::Service& service, const std::vector<InMap>& maps, Echoes& echoes,
                   sdk::Tally& tally)
    : service_(service), maps_(maps), echoes_(echoes), tally_(tally) {}

const InMap* Arrivals::map_of(const std::string& topic, Names& names) const {
    for (const InMap& map : maps_)
        if (map.topic.match(topic, names)) return &map;
    return nullptr;
}

// A broker that did not hear our acknowledgement sends a message again with its number, while the
// session lasts: its events get the ids that they had, and the hub keeps them once.
std::string Arrivals::id_of(const Broker::Incoming& message) {
    if (message.qos == 0) return base::random_uuid();
    const size_t hash = hash_of(message.topic, message.payload);
    for (const Seen& seen : seen_)
        if (seen.mid == message.mid && seen.hash == hash) return seen.id;
    if (seen_.size() >= kMostSeen) seen_.pop_front();
    seen_.push_back({message.mid, hash, base::random_uuid()});
    return seen_.back().id;
}

void Arrivals::session(bool known) {
    if (!known) seen_.clear();
}

Broker::Verdict Arrivals::take(const Broker::Incoming& message) {
    tally_.count(sdk::Tally::kReceived);
    Names names;
    const InMap* map = map_of(message.topic, names);
    const bool unwanted = map == nullptr || (message.retained && !map->retained) ||
                          (message.payload.empty() && message.retained) ||
                          echoes_.is_one(message.topic, message.payload);
    if (unwanted) {
        tally_.count(sdk::Tally::kIgnored);
        return Broker::Verdict::acknowledge;
    }
    auto events = events_of(*map, message.topic, names, message.payload, base::wall_ns());
    if (!events) {
        tally_.fault(sdk::Tally::kRefused, message.topic, events.error().text);
        return Broker::Verdict::acknowledge;
    }
    const std::string id = id_of(message);
    for (size_t i = 0; i < events->size(); ++i)
        (*events)[i].id = i == 0 ? id : fmt::format("{}-{}", id, i);
    if (map->durable) return keep(std::move(*events), message.topic);
    return post(std::move(*events)) ? Broker::Verdict::acknowledge : Broker::Verdict::leave;
}

// Telemetry: the newest of each subject counts. While there is no hub the wire's client keeps
// those.
bool Arrivals::post(std::vector<events::Event> events) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return posted_ < kMostPosted || over_; });
        if (over_) return false;
        ++posted_;
    }
    service_.post([this, events = std::move(events)]() mutable {
        tally_.count(sdk::Tally::kPublished, events.size());
        for (events::Event& event : events) service_.wire().publish(std::move(event));
        const std::lock_guard lock(mutex_);
        --posted_;
        changed_.notify_all();
    });
    return true;
}

Broker::Verdict Arrivals::keep(std::vector<events::Event> events, const std::string& topic) {
    const auto waiting = std::make_shared<Waiting>();
    std::unique_lock lock(mutex_);
    if (!up_ || over_) {
        tally_.count(sdk::Tally::kLeft);
        return Broker::Verdict::leave;
    }
    waiting->open = events.size();
    lock.unlock();
    service_.post([this, topic, waiting, events = std::move(events)]() mutable {
        for (events::Event& event : events)
            service_.wire().publish_durable(
                std::move(event), [this, topic, waiting](const events::Reply& reply) {
                    if (reply.ok) tally_.count(sdk::Tally::kPublished);
                    const bool later = !reply.ok && for_later(reply.code);
                    if (!reply.ok && !later) tally_.fault(sdk::Tally::kRefused, topic, reply.text);
                    const std::lock_guard inner(mutex_);
                    waiting->later = waiting->later || later;
                    --waiting->open;
                    changed_.notify_all();
                });
    });
    lock.lock();
    const bool answered =
        changed_.wait_for(lock, kAnswerWithin, [&] { return waiting->open == 0 || !up_ || over_; });
    if (answered && waiting->open == 0 && !waiting->later) return Broker::Verdict::acknowledge;
    tally_.count(sdk::Tally::kLeft);
    return Broker::Verdict::leave;
}

void Arrivals::link(bool up) {
    const std::lock_guard lock(mutex_);
    up_ = up;
    changed_.notify_all();
}

void Arrivals::end() {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
}

}  // namespace bw::mqtt_bridge
