// SPDX-License-Identifier: Apache-2.0
// What spaces beside live know, and how they come to it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/hub/facts.h"

namespace bw::hub {

using nlohmann::json;

const Values* Facts::values(const std::string& space) const {
    const auto found = spaces_.find(space);
    return found == spaces_.end() ? nullptr : &found->second;
}

Values* Facts::values(const std::string& space) {
    const auto found = spaces_.find(space);
    return found == spaces_.end() ? nullptr : &found->second;
}

void Facts::before_last(const std::string& space, const std::string& key, const StoredPtr& old) {
    if (copies_.empty() || space != kLive) return;
    for (const auto& copy : copies_)
        if (const auto its = copy.lock()) its->before_last(key, old);
}

void Facts::before_record(const std::string& space, const std::string& key, const StoredPtr& old) {
    if (copies_.empty() || space != kLive) return;
    for (const auto& copy : copies_)
        if (const auto its = copy.lock()) its->before_record(key, old);
}

std::shared_ptr<LiveCopy> Facts::copy_live() {
    std::erase_if(copies_, [](const auto& copy) { return copy.expired(); });
    auto copy = std::make_shared<LiveCopy>(spaces_[kLive]);
    copies_.push_back(copy);
    return copy;
}

void Facts::add(const std::vector<StoredPtr>& rows, bool newer) {
    for (const StoredPtr& row : rows) {
        Values* its = values(row->space);
        if (its == nullptr) continue;
        const std::string key = Values::key(row->type, row->subject);
        if (row->revision != 0) {
            Values::Record& record = its->records[key];
            if (!record.committed || newer) record = {row, row->revision, record.on_the_way};
        } else if (registry_.keeps_last(row->type)) {
            // They come in the order of their keys.
            const auto there = its->last.try_emplace(its->last.end(), key, row);
            if (newer) there->second = row;
        }
    }
}

std::shared_ptr<const Values> Facts::close(const std::string& space) {
    const auto found = spaces_.find(space);
    if (found == spaces_.end() || space == kLive) return nullptr;
    auto its = std::make_shared<const Values>(std::move(found->second));
    spaces_.erase(found);
    return its;
}

std::vector<StoredPtr> Facts::past_of(const std::string& space, uint64_t sequence) {
    std::vector<StoredPtr> its;
    for (const StoredPtr& row : past_)
        if (row->space == space && row->sequence >= sequence) its.push_back(row);
    return its;
}

void Facts::play(const StoredPtr& row) {
    Values* its = values(row->space);
    if (its == nullptr) return;
    const std::string key = Values::key(row->type, row->subject);
    if (row->revision != 0)
        its->records[key] = {row, row->revision, 0};
    else if (row->kept == Kept::telemetry && registry_.keeps_last(row->type))
        its->last[key] = row;
    peers_.deliver(row);
}

void Facts::put_unkept(const RecordPut& write, const std::string& id, const std::string& sender,
                       const std::string& space, const ReplyFn& reply) {
    if (const std::string fault = revision_fault({write}, space); !fault.empty())
        return reply(refusal("conflict", fault));
    Values::Record& record = values(space)->records[Values::key(write.type, write.subject)];
    json event = {{"specversion", "1.0"},
                  {"id", id + "/0"},
                  {"type", write.type},
                  {"subject", write.subject},
                  {"data", json::parse(write.data, nullptr, false)}};
    // It has no sequence of its own, as telemetry has none.
    auto row = std::make_shared<Stored>(*stamp(std::move(event), sender, space, Kept::telemetry,
                                               record.revision + 1, write.tombstone));
    row->kept = Kept::durable;
    row->copied = true;
    record = {row, row->revision, 0};
    peers_.deliver(row);
    reply({{"ok", true}, {"sequence", committed_}, {"revisions", {row->revision}}});
}

}  // namespace bw::hub
