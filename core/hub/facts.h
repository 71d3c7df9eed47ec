// SPDX-License-Identifier: Apache-2.0
// The two lanes: stamping, last values, records with revisions, and the order commit → deliver →
// acknowledge; what each space knows, apart. On the loop.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>

#include "core/hub/journal.h"
#include "core/hub/known_writes.h"
#include "core/hub/live_copy.h"
#include "core/hub/peers.h"
#include "core/hub/registry.h"

namespace bw::hub {

/// The space of what is so.
inline constexpr const char* kLive = "live";

struct RecordPut {
    std::string type, subject;
    std::string data;  // JSON
    uint64_t revision = 0;
    bool tombstone = false;
};

class Facts {
  public:
    Facts(Journal& journal, Peers& peers, const Registry& registry)
        : journal_(journal), peers_(peers), registry_(registry) {}

    /// What is of live; the rest waits for past_of().
    void restore(const Remembered& remembered);
    /// The disk does not come back from a write: who waits for it is told that the outcome is not
    /// known. What is written after all is delivered then. In facts_commit.cpp.
    void disk_hung(const std::string& text);
    /// A new journal was begun: what must not be missing from it is written again.
    void journal_renewed();

    /// `event`: a checked CloudEvent of `sender`.
    StoredPtr telemetry(nlohmann::json event, const std::string& sender, const std::string& space);
    void durable(nlohmann::json event, const std::string& sender, const std::string& space,
                 ReplyFn reply);
    /// The hub's own.
    void publish(const std::string& type, const std::string& subject, nlohmann::json data);
    void publish_durable(const std::string& type, const std::string& subject, nlohmann::json data,
                         ReplyFn reply);
    /// `write`: the list's id; written twice it counts once.
    void put(const std::vector<RecordPut>& writes, const std::string& write,
             const std::string& sender, const std::string& space, ReplyFn reply);
    /// Journals a command with its reply; not delivered.
    void note_command(nlohmann::json event, const std::string& sender, const nlohmann::json& reply);

    [[nodiscard]] StoredPtr record(const std::string& space, const std::string& type,
                                   const std::string& subject) const;
    /// Live ones in the order of their subjects.
    [[nodiscard]] std::vector<StoredPtr> records(const std::string& space,
                                                 const std::string& type) const;
    [[nodiscard]] std::vector<StoredPtr> snapshot(const std::string& space,
                                                  const std::vector<std::string>& prefixes) const;
    [[nodiscard]] uint64_t sequence() const { return committed_; }
    /// Why nothing durable is taken at the moment; none: it is.
    [[nodiscard]] std::optional<base::Error> disk_refusal() const { return journal_.refusal(); }

    // facts_spaces.cpp: spaces beside live
    /// That it knows of; live always is.
    [[nodiscard]] bool has(const std::string& space) const { return spaces_.contains(space); }
    /// A space that knows nothing yet.
    void open(const std::string& space) { spaces_[space]; }
    /// Into a space that is open; what is there already stays, unless `newer`.
    void add(const std::vector<StoredPtr>& rows, bool newer = false);
    /// Forgets it. What it knew, for another thread to free.
    [[nodiscard]] std::shared_ptr<const Values> close(const std::string& space);
    /// Of all that live knows now.
    [[nodiscard]] std::shared_ptr<LiveCopy> copy_live();
    /// What the journal has of that space since `sequence`, the newest of each subject; once.
    [[nodiscard]] std::vector<StoredPtr> past_of(const std::string& space, uint64_t sequence);
    void forget_past() { past_.clear(); }
    /// What was once, into a space where it is again: known and delivered, not journalled.
    void play(const StoredPtr& row);
    /// As put(), of one write that no journal keeps.
    void put_unkept(const RecordPut& write, const std::string& id, const std::string& sender,
                    const std::string& space, const ReplyFn& reply);

  private:
    [[nodiscard]] const Values* values(const std::string& space) const;
    [[nodiscard]] Values* values(const std::string& space);
    void before_last(const std::string& space, const std::string& key, const StoredPtr& old);
    void before_record(const std::string& space, const std::string& key, const StoredPtr& old);
    StoredPtr stamp(nlohmann::json event, const std::string& sender, const std::string& space,
                    Kept kept, uint64_t revision, bool tombstone);
    std::string revision_fault(const std::vector<RecordPut>& writes,
                               const std::string& space) const;
    // facts_commit.cpp
    bool seen(KnownWrites::Entry* known, uint64_t content, ReplyFn& reply);
    bool refused(const ReplyFn& reply) const;
    void commit(const std::string& key, uint64_t content, std::vector<StoredPtr> rows,
                ReplyFn reply);
    void committed(KnownWrites::Write& write, const Outcome& outcome);
    void settle_record(const StoredPtr& row, bool ok);

    Journal& journal_;
    Peers& peers_;
    const Registry& registry_;
    uint64_t next_ = 1, committed_ = 0;
    StoredPtr last_taken_;
    std::map<std::string, Values> spaces_ = {{kLive, {}}};
    std::vector<std::weak_ptr<LiveCopy>> copies_;  // under way
    std::vector<StoredPtr> past_;                  // of other spaces than live
    KnownWrites known_;
};

}  // namespace bw::hub
