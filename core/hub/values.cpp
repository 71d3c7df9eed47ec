// SPDX-License-Identifier: Apache-2.0
#include "core/hub/values.h"

namespace bw::hub {

StoredPtr Values::record(const std::string& type, const std::string& subject) const {
    const auto found = records.find(key(type, subject));
    return found == records.end() ? nullptr : found->second.committed;
}

std::vector<StoredPtr> Values::of_type(const std::string& type) const {
    std::vector<StoredPtr> out;
    const std::string from = key(type, "");
    for (auto it = records.lower_bound(from); it != records.end() && it->first.rfind(from, 0) == 0;
         ++it)
        if (it->second.committed && !it->second.committed->tombstone)
            out.push_back(it->second.committed);
    return out;
}

std::vector<StoredPtr> Values::snapshot(const std::vector<std::string>& prefixes) const {
    const auto wanted = [&](const StoredPtr& row) {
        if (row == nullptr) return false;
        const std::string topic = row->topic();
        for (const std::string& prefix : prefixes)
            if (topic.rfind(prefix, 0) == 0) return true;
        return false;
    };
    std::vector<StoredPtr> out;
    for (const auto& [record_key, record] : records)
        if (wanted(record.committed)) out.push_back(record.committed);
    for (const auto& [last_key, row] : last)
        if (wanted(row)) out.push_back(row);
    return out;
}

}  // namespace bw::hub
