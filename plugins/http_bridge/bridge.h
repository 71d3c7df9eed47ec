// SPDX-License-Identifier: Apache-2.0
// The bridge: a site's settings, HTTP, and the hub. The service's thread.
#pragma once

#include <beaconwall/service/service.h>

#include <memory>

namespace bw::http_bridge {

class Bridge {
  public:
    /// Reads SITE/data/NAME.toml, NAME being the plugin's. Without one, or with faults in it, the
    /// bridge says so in its state and does nothing.
    explicit Bridge(sdk::Service& service);
    ~Bridge();
    /// False when the web's thread did not end in time: end the process without it.
    bool stop();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace bw::http_bridge
