// SPDX-License-Identifier: Apache-2.0
// What a bridge has done so far, as its state event tells it, and faults that are logged sparingly.
// Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/base/mutex.h"

namespace bw::sdk {

class Tally {
  public:
    enum Count {
        kReceived,   // messages from the broker
        kPublished,  // events that the hub took
        kRefused,    // messages that made no event, or one that the hub refused
        kIgnored,    // echoes, retained ones, what no map wants
        kLeft,       // messages that were left with the broker for later
        kSent,       // messages to the broker
        kAcknowledged,
        kFailed,      // messages that nobody took, and that are sent again
        kUnsendable,  // events that made no message
        kDropped,     // telemetry that found no broker, and no room to wait for one
        kCounts
    };
    void count(Count what, uint64_t by = 1);
    /// Counts `what`, remembers the sentence, and logs it unless `about` has had one in the last
    /// minute: then it is told how many there were.
    void fault(Count what, const std::string& about, const std::string& text);
    /// The members of the state event's data that stand here, as a JSON object.
    [[nodiscard]] std::string json() const;

  private:
    struct Quiet {
        int64_t logged_ns = 0;
        uint64_t unsaid = 0;
    };
    mutable base::Mutex mutex_;
    uint64_t counts_[kCounts] BW_GUARDED_BY(mutex_) = {};
    std::string last_fault_ BW_GUARDED_BY(mutex_);
    std::map<std::string, Quiet> quiet_ BW_GUARDED_BY(mutex_);
};

}  // namespace bw::sdk
