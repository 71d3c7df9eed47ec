// SPDX-License-Identifier: Apache-2.0
// The two lanes: stamping, last values, records with revisions, and the order commit → deliver →
// acknowledge. On the loop.
#pragma once

#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <unordered_map>

#include "core/hub/journal.h"
#include "core/hub/peers.h"
#include "core/hub/registry.h"

namespace bw::hub {

/// Takes the reply's fields ("ok" among them); called once.
using ReplyFn = std::function<void(nlohmann::json)>;
nlohmann::json refusal(const char* code, const std::string& text);

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

    void restore(const Remembered& remembered);
    /// The disk does not come back from a write: who waits for it is told that the outcome is not
    /// known. What is written after all is delivered then.
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

  private:
    struct Record {
        StoredPtr committed;
        uint64_t revision = 0;  // of the newest write, committed or on its way
        int on_the_way = 0;
    };
    struct Once {
        uint64_t sequence = 0;  // 0: on its way
        std::vector<ReplyFn> waiting;
    };
    static std::string key(const std::string& space, const std::string& type,
                           const std::string& subject);
    StoredPtr stamp(nlohmann::json event, const std::string& sender, const std::string& space,
                    Kept kept, uint64_t revision, bool tombstone);
    bool seen(const std::string& once_key, ReplyFn& reply);
    bool refused(const ReplyFn& reply) const;
    void commit(const std::string& once_key, std::vector<StoredPtr> rows, ReplyFn reply);
    void committed(const std::string& once_key, const std::vector<StoredPtr>& rows,
                   const Outcome& outcome);
    void settle_record(const StoredPtr& row, bool ok);
    std::string revision_fault(const std::vector<RecordPut>& writes,
                               const std::string& space) const;

    Journal& journal_;
    Peers& peers_;
    const Registry& registry_;
    uint64_t next_ = 1, committed_ = 0;
    StoredPtr last_taken_;
    std::map<std::string, Record> records_;  // by space, type, subject
    std::map<std::string, StoredPtr> last_;  // telemetry, by the same
    std::unordered_map<std::string, Once> once_;
    std::deque<std::string> once_order_;
};

}  // namespace bw::hub
