// SPDX-License-Identifier: Apache-2.0
// Events on their way to webhooks: durable ones from the hub's journal, one after the other, each
// until it was taken or refused for good; of telemetry the newest of each subject. The service's
// thread.
#pragma once

#include <beaconwall/service/durable_feed.h>
#include <beaconwall/service/service.h>
#include <beaconwall/service/tally.h>

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "web.h"

namespace bw::http_bridge {

/// One [[out]] of the file.
class HookLine {
  public:
    HookLine(sdk::Service& service, const Hook& hook, Web& web, sdk::Tally& tally);
    HookLine(const HookLine&) = delete;
    HookLine& operator=(const HookLine&) = delete;
    [[nodiscard]] size_t waiting() const { return durable_.size() + newest_.size(); }

  private:
    using Done = sdk::DurableFeed::Done;
    [[nodiscard]] bool covers(const events::Event& event) const;
    void newest(const events::Event& event);
    void next();
    void answered(const Answer& answer);
    void over();
    int64_t again_ms(const Answer& answer);

    sdk::Service& service_;
    const Hook& hook_;
    Web& web_;
    sdk::Tally& tally_;
    std::unique_ptr<sdk::DurableFeed> feed_;
    std::deque<std::pair<events::Event, Done>> durable_;
    std::map<std::string, events::Event> newest_;
    events::Event in_hand_;  // telemetry
    bool busy_ = false;      // one is with the webhook, or rests until it may try again
    int failures_ = 0;
    std::minstd_rand random_{std::random_device{}()};
    std::shared_ptr<HookLine*> alive_ = std::make_shared<HookLine*>(this);
};

}  // namespace bw::http_bridge
