// SPDX-License-Identifier: Apache-2.0
// What one space knows: the newest of each subject. Plain data of one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/hub/stored.h"

namespace bw::hub {

struct Values {
    struct Record {
        StoredPtr committed;
        uint64_t revision = 0;  // of the newest write, committed or on its way
        int on_the_way = 0;
    };
    std::map<std::string, Record> records;  // by key()
    std::map<std::string, StoredPtr> last;  // telemetry, by the same

    static std::string key(const std::string& type, const std::string& subject) {
        return type + '\n' + subject;
    }
    /// As it is committed, a tombstone too; null: there is none.
    [[nodiscard]] StoredPtr record(const std::string& type, const std::string& subject) const;
    /// Committed records that are no tombstones, in the order of their subjects.
    [[nodiscard]] std::vector<StoredPtr> of_type(const std::string& type) const;
    /// Records, then last telemetry, whose topics begin with one of these.
    [[nodiscard]] std::vector<StoredPtr> snapshot(const std::vector<std::string>& prefixes) const;
};

}  // namespace bw::hub
