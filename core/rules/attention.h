// SPDX-License-Identifier: Apache-2.0
// What people should look at: an item for each rule and subject, from when it began until it is
// over and was kept for a while, or somebody acknowledged it. One thread owns it; times are the
// hub's wall clock in ns and the caller's.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/config/rules.h"
#include "core/rules/conditions.h"

namespace bw::rules {

/// One record beaconwall.wall.attention.v1, as it should be now.
struct AttentionWrite {
    std::string subject;
    std::string data = "{}";
    bool tombstone = false;
};

class Attention {
  public:
    explicit Attention(const config::Rules& rules) : rules_(rules) {}
    void set_rules(const config::Rules& rules) { rules_ = rules; }

    void changed(const Conditions::Change& change);
    /// Somebody has seen it; false: there is no such item.
    bool acknowledge(const std::string& subject);
    /// Every item but those of these rules' subjects is over.
    void end_others(const std::map<std::string, std::set<std::string>>& holding, int64_t now_ns);
    void tick(int64_t now_ns);
    [[nodiscard]] int64_t next_wake_ns() const;

    /// Records that differ since the last call, at most `most`; the rest comes with the next one.
    std::vector<AttentionWrite> writes(size_t most);
    [[nodiscard]] bool waiting() const { return !dirty_.empty(); }
    /// Its record was not kept: it is written once more.
    void touch(const std::string& subject) { dirty_[subject] = !items_.contains(subject); }
    /// A record that an earlier life wrote.
    void restore(const std::string& subject, const nlohmann::json& data);
    [[nodiscard]] size_t size() const { return items_.size(); }

  private:
    struct Item {
        std::string rule, subject, type, event;
        config::Text title;
        int level = 1;
        uint64_t count = 1;                                           // events that said so
        int64_t since_ns = 0, last_ns = 0, over_ns = 0, keep_ms = 0;  // over 0: it still holds
    };
    [[nodiscard]] static std::string data_of(const Item& item);

    config::Rules rules_;
    std::map<std::string, Item> items_;  // by the record's subject
    std::map<std::string, bool> dirty_;  // the same; true: it is gone
};

}  // namespace bw::rules
