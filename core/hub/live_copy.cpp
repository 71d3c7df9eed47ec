// SPDX-License-Identifier: Apache-2.0
#include "core/hub/live_copy.h"

namespace bw::hub {

void LiveCopy::before(Half& half, const std::string& key, const StoredPtr& old) {
    if (half.done || (half.begun && key <= half.cursor)) return;
    if (half.touched.insert(key).second && old) rows_.push_back(old);
}

void LiveCopy::before_record(const std::string& key, const StoredPtr& old) {
    before(records_, key, old);
}

void LiveCopy::before_last(const std::string& key, const StoredPtr& old) {
    before(last_, key, old);
}

// How many it looked at.
template <class Map, class Row>
size_t LiveCopy::step(const Map& map, Half& half, size_t most, const Row& row) {
    if (half.done) return 0;
    size_t looked = 0;
    auto it = half.begun ? map.upper_bound(half.cursor) : map.begin();
    for (; it != map.end() && looked < most; ++it, ++looked) {
        const StoredPtr& found = row(it->second);
        if (found && !half.touched.contains(it->first)) rows_.push_back(found);
        half.cursor = it->first;
        half.begun = true;
    }
    half.done = it == map.end();
    return looked;
}

bool LiveCopy::step(size_t most) {
    const auto committed = [](const Values::Record& record) -> const StoredPtr& {
        return record.committed;
    };
    const auto itself = [](const StoredPtr& row) -> const StoredPtr& { return row; };
    const size_t looked = step(from_.records, records_, most, committed);
    if (records_.done) step(from_.last, last_, most - looked, itself);
    return records_.done && last_.done;
}

}  // namespace bw::hub
