// SPDX-License-Identifier: Apache-2.0
// Messages on their way into the hub: what becomes of each is decided on the broker's thread, which
// waits for the hub where a map is durable; what is said to the hub is said on the service's.
#pragma once

#include <beaconwall/service/service.h>
#include <beaconwall/service/tally.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "broker.h"
#include "maps.h"

namespace bw::mqtt_bridge {

/// What we sent to topics that we hear ourselves: it comes back once, and is no news. Any thread.
class Echoes {
  public:
    void sent(const std::string& topic, const std::string& payload);
    /// True, once per message sent in the last minute, when it is that one.
    bool is_one(const std::string& topic, std::string_view payload);

  private:
    struct Sent {
        size_t hash = 0;
        int64_t at_ns = 0;
    };
    std::mutex mutex_;
    std::deque<Sent> sent_;
};

class Arrivals {
  public:
    Arrivals(sdk::Service& service, const std::vector<InMap>& maps, Echoes& echoes,
             sdk::Tally& tally);

    /// On the broker's thread.
    Broker::Verdict take(const Broker::Incoming& message);
    void session(bool known);

    /// On the service's: whoever waits for the hub waits no longer.
    void link(bool up);
    /// As above, for good. Any thread.
    void end();

  private:
    struct Waiting;
    [[nodiscard]] const InMap* map_of(const std::string& topic, Names& names) const;
    std::string id_of(const Broker::Incoming& message);
    bool post(std::vector<events::Event> events);
    Broker::Verdict keep(std::vector<events::Event> events, const std::string& topic);

    sdk::Service& service_;
    const std::vector<InMap>& maps_;
    Echoes& echoes_;
    sdk::Tally& tally_;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool up_ = false, over_ = false;
    size_t posted_ = 0;  // telemetry that the service's thread has not said yet

    // The broker's thread's own: messages that may come again, by their number and content.
    struct Seen {
        int mid = 0;
        size_t hash = 0;
        std::string id;
    };
    std::deque<Seen> seen_;
};

}  // namespace bw::mqtt_bridge
