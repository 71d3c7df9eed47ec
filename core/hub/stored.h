// SPDX-License-Identifier: Apache-2.0
// An event as the hub keeps it: stamped, serialised once, shared by every queue it stands in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/events/event.h"

namespace bw::hub {

/// What a row of the journal is. Commands are written down with their reply and never delivered.
enum class Kept : int { telemetry = 0, durable = 1, command = 2 };

struct Stored {
    Kept kept = Kept::telemetry;
    std::string space, type, subject, source, id;
    uint64_t sequence = 0, revision = 0;
    bool tombstone = false;
    bool copied = false;      // into another space: no row of the journal
    int64_t recorded_ns = 0;  // wall clock
    std::string json;         // the CloudEvent as it is delivered

    [[nodiscard]] std::string topic() const { return type + "/" + subject; }
    [[nodiscard]] events::Lane lane() const {
        return kept == Kept::durable ? events::Lane::durable : events::Lane::telemetry;
    }
};
using StoredPtr = std::shared_ptr<const Stored>;

/// True when one of `prefixes` begins `topic`.
inline bool begins(const std::vector<std::string>& prefixes, const std::string& topic) {
    return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& prefix) {
        return topic.compare(0, prefix.size(), prefix) == 0;
    });
}

}  // namespace bw::hub
