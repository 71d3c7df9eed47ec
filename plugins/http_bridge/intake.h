// SPDX-License-Identifier: Apache-2.0
// Requests on their way into the hub: each is answered when the hub has all of its events, or says
// why not. The service's thread.
#pragma once

#include <beaconwall/service/service.h>
#include <beaconwall/service/tally.h>

#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "web.h"

namespace bw::http_bridge {

class Intake {
  public:
    Intake(sdk::Service& service, bool durable, sdk::Tally& tally);
    void take(std::vector<events::Event> events, Respond respond);

  private:
    struct Waiting {
        Respond respond;
        size_t open = 0, number = 0;  // number: of events in all
        Answer worst{204, {}, 0};
        int64_t until_ns = 0;
        bool answered = false;
    };
    using Shared = std::shared_ptr<Waiting>;
    void kept(const Shared& waiting, size_t index, const events::Reply& reply);
    void answer(const Shared& waiting, Answer answer);
    void give_up();

    sdk::Service& service_;
    const bool durable_;
    sdk::Tally& tally_;
    std::list<Shared> waiting_;
};

}  // namespace bw::http_bridge
