// SPDX-License-Identifier: Apache-2.0
// Which rule has the wall: priority, dwell, hold, limits, and the way back. Knows conditions only
// as wants. One order at a time is on its way; the next one waits for its answer. One thread owns
// it; times are the hub's wall clock in ns and the caller's.
#pragma once

#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/config/site.h"
#include "core/rules/order.h"

namespace bw::rules {

class Planner {
  public:
    explicit Planner(const config::Rules& rules) : rules_(rules) {}
    /// Wants of rules that are gone, or do something else now, are forgotten.
    void set_rules(const config::Rules& rules);

    /// A condition of that rule began to hold, by this event.
    void began(const std::string& rule, const std::string& event, int64_t now_ns);
    /// The last of them is over.
    void over(const std::string& rule, int64_t now_ns);

    /// Of every rule but these the last condition is over.
    void end_others(const std::map<std::string, std::set<std::string>>& holding, int64_t now_ns);

    /// What is on air. Another take than ours is a person's: then the way back is forgotten, and
    /// what the rules wanted so far has been answered.
    void on_air(uint64_t take, const std::string& layout, int64_t now_ns);
    /// Whose take it was ("rule:NAME", or a person).
    void taken(uint64_t take, const std::string& by, int64_t now_ns);
    /// Somebody holds something else than before: what was refused for it may be tried again.
    void holds_changed();
    /// What answers was lost; whether the order on its way was done, nobody knows.
    void answer_lost() {
        if (pending_) pending_->unsure = true;
    }
    void answered(const std::string& id, const Answer& answer, int64_t now_ns);

    /// What to do now, if anything. Ask again after each change, and at next_wake_ns().
    std::optional<Order> next(int64_t now_ns);
    [[nodiscard]] int64_t next_wake_ns(int64_t now_ns) const;
    std::vector<Note> notes() { return std::exchange(notes_, {}); }

    [[nodiscard]] nlohmann::json save() const;
    /// An order that was on its way is given by next() once more, with the same id.
    void restore(const nlohmann::json& saved);

  private:
    struct Want {
        std::string event;  // why
        int64_t since_ns = 0;
        int64_t over_ns = 0;    // 0: it still holds
        bool answered = false;  // a person took since, or it is shown anyway: no more takes for it
        bool waits_for_holds = false;
        int tries = 0;
        int64_t not_before_ns = 0;
        std::string told;  // the last reason that was noted
    };
    struct Step {  // a take of ours that lies under what is on air, or is it
        std::string rule;
        int64_t at_ns = 0, dwell_ns = 0;
        int priority = 0;
        bool returns = true;
    };
    struct Pending {
        Order order;
        std::string before;  // the layout that was on air
        int64_t first_ns = 0, sent_ns = 0;
        bool unsure = false;        // nobody knows whether it was done
        int64_t verdict_by_ns = 0;  // until then the wall may say whose take it was; 0: not asked
    };
    [[nodiscard]] bool wants(const Want& want, const config::Rule& rule, int64_t now_ns) const;
    [[nodiscard]] const config::Rule* best(int64_t now_ns) const;
    [[nodiscard]] bool may_replace(const config::Rule& rule, int64_t now_ns) const;
    std::optional<Order> pending_again(int64_t now_ns);
    std::optional<Order> act(const config::Rule& rule, int64_t now_ns);
    std::optional<Order> end_stay(int64_t now_ns);
    std::optional<Order> go_back(size_t to, int64_t now_ns);
    bool shown_already(const config::Rule& rule, Want& want, int64_t now_ns);
    Order send(Order order, int64_t now_ns);
    [[nodiscard]] std::string why_not(const Want& want, int64_t now_ns) const;
    [[nodiscard]] bool after_person(int64_t now_ns) const;
    void person(int64_t now_ns);
    void done(const Pending& what, uint64_t take, int64_t now_ns);
    void refused(const Pending& what, const Answer& answer, int64_t now_ns);
    void refused_back(const Answer& answer, int64_t now_ns);
    void forget_old(int64_t now_ns);
    void note(int64_t now_ns, const std::string& rule, std::string text);

    config::Rules rules_;
    std::map<std::string, Want> wants_;  // by rule
    std::vector<Step> chain_;            // the newest last; empty: what a person chose is on air
    std::string before_;                 // the layout under the chain
    std::deque<int64_t> takes_;          // when rules took, oldest first
    int64_t person_ns_ = 0;              // a person's last take; 0: none that we know of
    bool back_waits_ = false;            // for holds
    int back_tries_ = 0;
    int64_t back_not_before_ns_ = 0;
    bool known_ = false;            // what is on air
    uint64_t take_ = 0, ours_ = 0;  // on air; the newest of ours
    std::string layout_;
    std::optional<Pending> pending_;
    std::vector<Note> notes_;
};

}  // namespace bw::rules
