// SPDX-License-Identifier: Apache-2.0
#include "core/rules/service/memory.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/events/json.h"

namespace bw::rules {

using nlohmann::json;

namespace {

constexpr const char* kSequence = "sequence";
constexpr int64_t kBetweenSavesNs = base::kSecond;
// A take does not wait longer for a disk.
constexpr int64_t kDiskNs = 300 * base::kMillisecond;
constexpr size_t kItemsOfList = 200;
constexpr int64_t kListMs = 3000;

}  // namespace

void Memory::list(events::Client& client, const std::string& type, const std::string& after,
                  Loaded each, std::function<void()> done) {
    const json body = {{"op", "list"}, {"type", type}, {"after", after}};
    client.request("record", body.dump(), kListMs,
                   [this, &client, type, each = std::move(each),
                    done = std::move(done)](const events::Reply& reply) {
                       json answer;
                       if (!reply.ok || !events::read_json(reply.body, answer)) {
                           base::log_warning("what the rules knew is not read: {}", reply.text);
                           if (reply.code != "timeout") return done();
                           // A hub that is back is asked by whoever sees that.
                           if (client.up()) list(client, type, "", each, done);
                           return;
                       }
                       std::string last;
                       for (const json& one : answer.value("events", json::array())) {
                           const auto event = events::parse_event(one.dump());
                           if (!event) continue;
                           last = event->subject;
                           each(*event);
                       }
                       if (answer.value("more", false) && !last.empty())
                           return list(client, type, last, each, done);
                       done();
                   });
}

void Memory::load(events::Client& client, Engine& engine,
                  std::function<void(std::optional<uint64_t>)> done) {
    read_.clear();
    read_sequence_.reset();
    const auto state = [this](const events::Event& event) {
        written_[event.subject] = event.data;
        json data;
        if (event.subject != kSequence) {
            read_[event.subject] = event.data;
        } else if (events::read_json(event.data, data)) {
            read_sequence_ =
                static_cast<uint64_t>(std::max<int64_t>(0, events::integer_of(data, kSequence, 0)));
        }
    };
    const auto items = [&engine](const events::Event& event) {
        json data;
        if (events::read_json(event.data, data)) engine.attention().restore(event.subject, data);
    };
    list(client, kStateType, "", state, [this, &client, &engine, items, done = std::move(done)] {
        const int64_t now = base::wall_ns() + client.clock_offset_ns();
        if (!read_.empty() && !engine.restore(read_, now))
            base::log_error("what the rules knew cannot be read: they begin anew");
        list(client, kAttentionType, "", items, [this, done] {
            const auto known = read_.empty() ? std::nullopt : read_sequence_;
            done(known);
        });
    });
}

std::vector<events::RecordWrite> Memory::changes(Engine& engine, uint64_t sequence) {
    std::vector<events::RecordWrite> writes;
    std::map<std::string, std::string> now = engine.save();
    for (const auto& [name, text] : now)
        if (written_[name] != text) writes.push_back({kStateType, name, text, 0, false});
    for (const auto& [name, text] : written_)
        if (name != kSequence && !text.empty() && !now.contains(name))
            writes.push_back({kStateType, name, "{}", 0, true});
    if (writes.empty()) return writes;
    // What was worked through since changed nothing, or stands in the same list.
    now[kSequence] = json{{kSequence, sequence}}.dump();
    writes.push_back({kStateType, kSequence, now[kSequence], 0, false});
    written_ = std::move(now);
    return writes;
}

void Memory::write_state(events::Client& client, Engine& engine, uint64_t sequence, int64_t now_ns,
                         std::function<void()> done) {
    next_save_ns_ = now_ns + kBetweenSavesNs;
    auto writes = changes(engine, sequence);
    if (writes.empty()) return done();
    client.put_records(std::move(writes), [this, done = std::move(done)](const events::Reply& r) {
        told(r);
        if (!r.ok)
            for (auto& [name, text] : written_) text.clear();  // written anew the next time
        done();
    });
}

/// Once for each time that it ends.
void Memory::told(const events::Reply& reply) {
    if (!reply.ok && keeps_) base::log_warning("what the rules know is not kept: {}", reply.text);
    keeps_ = reply.ok;
}

void Memory::write_attention(events::Client& client, Engine& engine, int64_t now_ns) {
    if (writing_items_ || now_ns < next_items_ns_ || !engine.attention().waiting()) return;
    std::vector<events::RecordWrite> writes;
    for (AttentionWrite& item : engine.attention().writes(kItemsOfList))
        writes.push_back({kAttentionType, item.subject, std::move(item.data), 0, item.tombstone});
    writing_items_ = true;
    client.put_records(writes, [this, &engine, writes](const events::Reply& reply) {
        writing_items_ = false;
        told(reply);
        if (reply.ok) return;
        next_items_ns_ = base::mono_ns() + 2 * base::kSecond;
        for (const events::RecordWrite& write : writes) engine.attention().touch(write.subject);
    });
}

void Memory::save(events::Client& client, Engine& engine, uint64_t sequence, int64_t now_ns) {
    write_attention(client, engine, now_ns);
    if (now_ns >= next_save_ns_) write_state(client, engine, sequence, now_ns, [] {});
}

void Memory::save_first(events::Client& client, Engine& engine, uint64_t sequence, int64_t now_ns,
                        std::function<void()> done) {
    waiting_ = std::move(done);
    waits_until_ns_ = now_ns + kDiskNs;
    const uint64_t id = ++waiting_id_;
    write_state(client, engine, sequence, now_ns, [this, id] {
        if (id == waiting_id_ && waiting_) std::exchange(waiting_, nullptr)();
    });
}

void Memory::tick(int64_t now_ns) {
    if (waiting_ && now_ns >= waits_until_ns_) std::exchange(waiting_, nullptr)();
}

int64_t Memory::next_wake_ns() const {
    return waiting_ ? waits_until_ns_ : INT64_MAX;
}

}  // namespace bw::rules
