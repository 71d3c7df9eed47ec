// SPDX-License-Identifier: Apache-2.0
#include "core/hub/known_writes.h"

#include <nlohmann/json.hpp>

namespace bw::hub {

KnownWrites::Entry* KnownWrites::find(const std::string& key) {
    const auto found = writes_.find(key);
    return found == writes_.end() ? nullptr : &found->second;
}

KnownWrites::Entry* KnownWrites::find_anew(const std::string& key) {
    const auto found = writes_.find(key);
    if (found == writes_.end()) return nullptr;
    Entry& entry = found->second;
    if (entry.sequence == 0 || entry.content != 0) return &entry;
    writes_.erase(found);
    return nullptr;
}

KnownWrites::Write& KnownWrites::begin(const std::string& key, uint64_t content, ReplyFn reply) {
    Write& write = *writes_.try_emplace(key).first;
    write.second.content = content;
    write.second.waiting.push_back(std::move(reply));
    return write;
}

std::vector<ReplyFn> KnownWrites::kept(Write& write, uint64_t sequence) {
    std::vector<ReplyFn> waiting = std::exchange(write.second.waiting, {});
    write.second.sequence = sequence;
    order_.emplace_back(sequence, write.first);
    if (order_.size() > kMax) {
        const auto& [its, key] = order_.front();
        // One that was forgotten may be on its way again.
        if (const auto old = writes_.find(key); old != writes_.end() && old->second.sequence == its)
            writes_.erase(old);
        order_.pop_front();
    }
    return waiting;
}

std::vector<ReplyFn> KnownWrites::failed(Write& write) {
    std::vector<ReplyFn> waiting = std::exchange(write.second.waiting, {});
    writes_.erase(std::string(write.first));  // the key goes with it
    return waiting;
}

void KnownWrites::restore(const std::string& key, uint64_t sequence) {
    writes_[key] = {sequence, 0, {}};
    order_.emplace_back(sequence, key);
}

std::vector<ReplyFn> KnownWrites::take_waiting() {
    std::vector<ReplyFn> all;
    for (auto& [key, entry] : writes_) {
        if (entry.sequence != 0) continue;
        for (ReplyFn& reply : entry.waiting) all.push_back(std::move(reply));
        entry.waiting.clear();
    }
    return all;
}

}  // namespace bw::hub
