// SPDX-License-Identifier: Apache-2.0
#include "departures.h"

#include <beaconwall/service/log.h>
#include <fmt/format.h>

#include <algorithm>

namespace bw::mqtt_bridge {
namespace {

constexpr size_t kMostTopics = 4096, kMostOnTheWay = 64;

/// A name for the file that remembers how far a map is; another topic is another map.
std::string feed_name(const OutMap& map) {
    uint32_t hash = 2166136261U;  // FNV-1a
    for (const std::string& part : {map.type, map.subject, map.topic})
        for (const char c : part + '\n') hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return fmt::format("out-{:08x}", hash);
}

bool begins(const std::string& text, const std::string& with) {
    return text.compare(0, with.size(), with) == 0;
}

bool covers(const OutMap& map, const events::Event& event) {
    // Exercises and replays have no way out.
    if (event.space != "live") return false;
    const bool open = !map.type.empty() && map.type.back() == '.';
    return (open ? begins(event.type, map.type) : event.type == map.type) &&
           begins(event.subject, map.subject);
}

}  // namespace

Departures::Departures(sdk::Service& service, const Maps& maps, Broker& broker, Echoes& echoes,
                       sdk::Tally& tally)
    : service_(service), maps_(maps), broker_(broker), echoes_(echoes), tally_(tally) {
    for (const OutMap& map : maps_.out) map.durable ? follow(map) : hear(map);
}

void Departures::follow(const OutMap& map) {
    feeds_.push_back(std::make_unique<sdk::DurableFeed>(
        service_, sdk::DurableFeed::Options{feed_name(map), map.type, map.subject},
        [this, &map](const events::Event& event, Done done) {
            if (covers(map, event)) return keep(map, event, std::move(done));
            done();
        }));
}

void Departures::hear(const OutMap& map) {
    service_.wire().on_event([this, &map](const events::Event& event, events::Lane, bool) {
        if (covers(map, event)) newest(map, event);
    });
    const bool open = map.type.back() == '.';
    service_.wire().subscribe({open ? map.type : map.type + "/" + map.subject});
}

// What came from a topic does not go back to it: else two bridges, or two maps, play for ever.
std::optional<Message> Departures::message(const OutMap& map, const events::Event& event) {
    auto made = message_of(map, event);
    if (!made) {
        tally_.fault(sdk::Tally::kUnsendable, event.type + "/" + event.subject, made.error().text);
        return std::nullopt;
    }
    if (topic_it_came_from(event) == made->topic) return std::nullopt;
    return std::move(*made);
}

void Departures::keep(const OutMap& map, const events::Event& event, Done done) {
    auto made = message(map, event);
    if (!made) return done();
    durable_.emplace_back(std::move(*made), std::move(done));
    flush();
}

void Departures::newest(const OutMap& map, const events::Event& event) {
    auto made = message(map, event);
    if (!made) return;
    const std::string topic = made->topic;
    if (newest_.size() >= kMostTopics && !newest_.contains(topic))
        return tally_.fault(sdk::Tally::kDropped, topic, "4096 topics wait for the broker already");
    newest_[topic] = std::move(*made);
    flush();
}

bool Departures::send(const Message& message, const Done& done) {
    if (!broker_.up() || on_the_way_.size() >= kMostOnTheWay) return false;
    bool heard = false;
    Names ignored;
    for (const InMap& map : maps_.in) heard = heard || map.topic.match(message.topic, ignored);
    // Before it is sent: it may be back before we look again.
    if (heard) echoes_.sent(message.topic, message.payload);
    const auto mid = broker_.publish(message);
    if (!mid && mid.error().code == "closed") {
        if (heard) echoes_.is_one(message.topic, message.payload);
        return false;
    }
    if (!mid) {
        tally_.fault(sdk::Tally::kUnsendable, message.topic, mid.error().text);
        if (done) done();
        return true;
    }
    tally_.count(sdk::Tally::kSent);
    on_the_way_[*mid] = {message.qos, done};
    return true;
}

void Departures::flush() {
    while (!durable_.empty()) {
        auto [message, done] = std::move(durable_.front());
        durable_.pop_front();
        if (send(message, done)) continue;
        durable_.emplace_front(std::move(message), std::move(done));
        return;
    }
    while (!newest_.empty() && send(newest_.begin()->second, nullptr))
        newest_.erase(newest_.begin());
}

void Departures::link(bool up) {
    // What has QoS 1 the library sends again by itself; the rest is lost, as QoS 0 is.
    if (!up) std::erase_if(on_the_way_, [](const auto& each) { return each.second.qos == 0; });
    if (up) flush();
}

void Departures::published(int mid) {
    const auto found = on_the_way_.find(mid);
    if (found == on_the_way_.end()) return;
    const OnTheWay over = std::move(found->second);
    on_the_way_.erase(found);
    if (over.qos > 0) tally_.count(sdk::Tally::kAcknowledged);
    if (over.done) over.done();
    flush();
}

size_t Departures::waiting() const {
    return durable_.size() + newest_.size() + on_the_way_.size();
}

}  // namespace bw::mqtt_bridge
