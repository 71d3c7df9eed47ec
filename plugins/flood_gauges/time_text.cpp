// SPDX-License-Identifier: Apache-2.0
#include "time_text.h"

#include <beaconwall/sdk/panel.h>

namespace bw::flood {

int64_t parse_time_ns(const std::string& text) {
    sdk::Event event;
    event.time = text;
    return event.time_ns();
}

}  // namespace bw::flood
