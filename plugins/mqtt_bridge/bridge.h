// SPDX-License-Identifier: Apache-2.0
// The bridge: a site's maps, a broker, and the hub. The service's thread.
#pragma once

#include <beaconwall/service/service.h>

#include <memory>
#include <string>
#include <vector>

namespace bw::mqtt_bridge {

class Bridge {
  public:
    /// Reads SITE/data/NAME.toml, NAME being the plugin's. Without one, or with faults in it, the
    /// bridge says so in its state and does nothing.
    explicit Bridge(sdk::Service& service);
    ~Bridge();
    /// False when the connection's thread did not end in time: end the process without it.
    bool stop();

  private:
    struct Parts;
    sdk::Service& service_;
    std::unique_ptr<Parts> parts_;
};

}  // namespace bw::mqtt_bridge
