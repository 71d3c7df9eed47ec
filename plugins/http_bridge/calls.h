// SPDX-License-Identifier: Apache-2.0
// What the web's thread tells the rest of the bridge, and what it is answered.
#pragma once

#include <beaconwall/service/event.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bw::http_bridge {

/// What a request is answered with, or what it was answered.
struct Answer {
    int status = 0;             // 0, out: there was none
    std::string text;           // why
    int64_t retry_after_s = 0;  // 0: nothing was said
};
using Respond = std::function<void(Answer)>;

/// Called on the web's thread.
struct Calls {
    /// `respond` once, from any thread.
    std::function<void(std::vector<events::Event>, Respond)> take;
    std::function<void(const std::string& who, const std::string& why)> refused;
    /// Whether it listens; `why` not. Only where the settings say to.
    std::function<void(bool up, const std::string& why)> link;
};

}  // namespace bw::http_bridge
