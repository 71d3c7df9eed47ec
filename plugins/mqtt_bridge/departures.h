// SPDX-License-Identifier: Apache-2.0
// Events on their way to the broker: durable ones from the hub's journal, each until the broker has
// acknowledged it; of telemetry the newest of each topic. The service's thread.
#pragma once

#include <beaconwall/service/durable_feed.h>
#include <beaconwall/service/service.h>
#include <beaconwall/service/tally.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "arrivals.h"
#include "broker.h"
#include "maps.h"

namespace bw::mqtt_bridge {

class Departures {
  public:
    Departures(sdk::Service& service, const Maps& maps, Broker& broker, Echoes& echoes,
               sdk::Tally& tally);

    /// The broker is there again, or gone.
    void link(bool up);
    /// The broker has, or QoS 0: was sent, what publish() gave that number.
    void published(int mid);
    /// Events that were taken from the hub and that no broker has yet.
    [[nodiscard]] size_t waiting() const;

  private:
    using Done = sdk::DurableFeed::Done;
    void follow(const OutMap& map);
    void hear(const OutMap& map);
    void keep(const OutMap& map, const events::Event& event, Done done);
    void newest(const OutMap& map, const events::Event& event);
    std::optional<Message> message(const OutMap& map, const events::Event& event);
    /// False when it has to wait: no broker, or enough is on its way already.
    bool send(const Message& message, const Done& done);
    void flush();

    sdk::Service& service_;
    const Maps& maps_;
    Broker& broker_;
    Echoes& echoes_;
    sdk::Tally& tally_;
    std::vector<std::unique_ptr<sdk::DurableFeed>> feeds_;
    std::deque<std::pair<Message, Done>> durable_;  // no more than the feeds' windows
    std::map<std::string, Message> newest_;         // telemetry by topic
    struct OnTheWay {
        int qos = 0;
        Done done;
    };
    std::map<int, OnTheWay> on_the_way_;  // by the broker's number
};

}  // namespace bw::mqtt_bridge
