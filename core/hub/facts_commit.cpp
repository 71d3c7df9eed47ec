// SPDX-License-Identifier: Apache-2.0
// A durable write on its way: known already or refused, committed, delivered, acknowledged.
#include <nlohmann/json.hpp>

#include "core/hub/facts.h"

namespace bw::hub {

using nlohmann::json;

namespace {

constexpr const char* kTaken = "beaconwall.wall.taken.v1";
constexpr const char* kOtherId =
    "this id was that of another event: what is sent again has to be the same, and what is new "
    "needs an id of its own";

json result_of(const Outcome& outcome, uint64_t sequence) {
    if (!outcome.ok) return refusal("system", outcome.text);
    if (outcome.other) return refusal("conflict", kOtherId);
    // Member by member: a list of them is copied several times.
    json result = json::object();
    result["ok"] = true;
    result["sequence"] = sequence;
    if (outcome.already != 0) result["again"] = true;
    return result;
}

}  // namespace

// Before anything is numbered: what is refused leaves no trace.
bool Facts::refused(const ReplyFn& reply) const {
    const auto why = journal_.refusal();
    if (why) reply(refusal(why->code.c_str(), why->text));
    return why.has_value();
}

// True when the write is known: its reply has been given or will be. Whoever gives a second event
// the id of another is told: acknowledged like one that was sent again it would be lost.
bool Facts::seen(KnownWrites::Entry* known, uint64_t content, ReplyFn& reply) {
    if (known == nullptr) return false;
    if (known->content != 0 && known->content != content) {
        reply(refusal("conflict", kOtherId));
        return true;
    }
    // While the disk hangs nobody knows; otherwise it is answered with the first.
    if (known->sequence == 0) {
        if (!refused(reply)) known->waiting.push_back(std::move(reply));
    } else {
        reply({{"ok", true}, {"sequence", known->sequence}, {"again", true}});
    }
    return true;
}

void Facts::commit(const std::string& key, uint64_t content, std::vector<StoredPtr> rows,
                   ReplyFn reply) {
    KnownWrites::Write& write = known_.begin(key, content, std::move(reply));
    if (journal_.append(rows,
                        [this, &write](const Outcome& outcome) { committed(write, outcome); }))
        return;
    const auto why = journal_.refusal();
    committed(write,
              {false, 0, 0, why ? why->text : "the journal takes nothing", false, std::move(rows)});
}

void Facts::committed(KnownWrites::Write& write, const Outcome& outcome) {
    const std::vector<StoredPtr>& rows = outcome.rows;
    const bool fresh = outcome.ok && outcome.already == 0;
    const uint64_t sequence = outcome.already != 0 ? outcome.already : rows.front()->sequence;
    if (fresh) {
        committed_ = std::max(committed_, sequence);
        peers_.set_sequence(committed_);
    }
    for (const StoredPtr& row : rows) settle_record(row, fresh);
    // Delivered before it is acknowledged: who has the acknowledgement can ask any subscriber.
    if (fresh)
        for (const StoredPtr& row : rows) {
            if (row->type == kTaken) last_taken_ = row;
            peers_.deliver(row);
        }
    std::vector<ReplyFn> waiting =
        outcome.ok && !outcome.other ? known_.kept(write, sequence) : known_.failed(write);
    peers_.after_deliveries(
        [waiting = std::move(waiting), result = result_of(outcome, sequence)]() mutable {
            for (size_t i = 0; i + 1 < waiting.size(); ++i) waiting[i](result);
            if (!waiting.empty()) waiting.back()(std::move(result));
        });
}

void Facts::settle_record(const StoredPtr& row, bool ok) {
    if (row->revision == 0) return;
    Values* its = values(row->space);
    const std::string key = Values::key(row->type, row->subject);
    // Its space may have ended meanwhile, and one of that name begun.
    if (its == nullptr || !its->records.contains(key)) return;
    Values::Record& record = its->records[key];
    if (record.on_the_way == 0) return;
    --record.on_the_way;
    if (ok) {
        before_record(row->space, key, record.committed);
        record.committed = row;
    }
    // What failed never was: the next write starts from what is on the disk.
    if (!ok && record.on_the_way == 0)
        record.revision = record.committed ? record.committed->revision : 0;
}

void Facts::disk_hung(const std::string& text) {
    const json result =
        refusal("timeout", text +
                               "; whether this was kept is not known: send it again with the "
                               "same id when the disk answers");
    for (const ReplyFn& reply : known_.take_waiting()) reply(result);
}

}  // namespace bw::hub
