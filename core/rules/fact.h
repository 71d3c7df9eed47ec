// SPDX-License-Identifier: Apache-2.0
// What the engine hears: an event, as far as rules look at it. Plain data.
#pragma once

#include <cstdint>
#include <string>

namespace bw::rules {

struct Fact {
    std::string id, type, subject;
    std::string data = "{}";  // JSON
    int64_t at_ns = 0;        // the hub's wall clock when it was told
    bool record = false;      // stays until it is written anew
    bool tombstone = false;
    // A last value from before we listened: it says what is so, not that something happened.
    bool replayed = false;
};

}  // namespace bw::rules
