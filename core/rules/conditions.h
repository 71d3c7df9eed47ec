// SPDX-License-Identifier: Apache-2.0
// Whether the conditions of the rules hold, and since when: for each rule, of each subject by
// itself, or of all together where it counts. Knows nothing of walls. One thread owns it; times are
// the hub's wall clock in ns and the caller's.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/config/site.h"
#include "core/rules/fact.h"
#include "core/rules/places.h"
#include "core/rules/window.h"

namespace bw::rules {

class Conditions {
  public:
    struct Change {
        enum class What {
            began,  // it holds
            again,  // a further event says so
            over,   // it holds no more
        } what = What::began;
        std::string rule;
        std::string subject;  // empty: of all together
        std::string event;    // began: the id of the event that made it so
        std::string type;     // of that event
        int64_t at_ns = 0;
        // began: it was so before anybody looked; that is no reason to switch a wall.
        bool old = false;
    };
    /// More subjects of a rule than this are not told apart; they count as dropped().
    static constexpr size_t kMaxSubjects = 2000;

    explicit Conditions(const config::Site& site);
    /// Of rules that are as they were the state stays; what held of the others is over.
    void set_site(const config::Site& site, int64_t now_ns, std::vector<Change>& out);

    void hear(const Fact& fact, std::vector<Change>& out);
    void tick(int64_t now_ns, std::vector<Change>& out);
    /// When tick() has something to do; INT64_MAX: never, until something is heard.
    [[nodiscard]] int64_t next_wake_ns(int64_t now_ns) const;
    [[nodiscard]] uint64_t dropped() const { return dropped_; }

    [[nodiscard]] nlohmann::json save() const;
    /// What an earlier life saved. From then on a last value that is new to us is news.
    /// When each was heard last is not kept: that it lasts counts from now.
    void restore(const nlohmann::json& saved, int64_t now_ns);

  private:
    struct Told {  // what the last event of a subject says, while it says so
        std::string event, type;
        int64_t since_ns = 0, heard_ns = 0;
        bool record = false;  // says so until it is written anew
        bool met = false;     // told as begun
        bool old = false;
    };
    struct State {
        config::Rule rule;
        std::map<std::string, Told> told;  // by type and subject; counting: one, named ""
        Window window{0, false};
    };
    [[nodiscard]] bool counts(const State& state) const { return state.rule.when.count > 1; }
    [[nodiscard]] bool hours_allow(const State& state, int64_t now_ns) const;
    [[nodiscard]] int64_t due_ns(const State& state, const Told& told, int64_t now_ns) const;
    void heard(State& state, const Fact& fact, bool holds, std::vector<Change>& out);
    void count(State& state, const Fact& fact, bool holds, std::vector<Change>& out);
    void tell_more(State& state, const std::string& key, const Fact& fact,
                   std::vector<Change>& out);
    void end(State& state, std::map<std::string, Told>::iterator at, int64_t now_ns,
             std::vector<Change>& out);
    void turn(State& state, int64_t now_ns, std::vector<Change>& out);
    static State fresh(const config::Rule& rule);

    std::vector<State> states_;
    Places places_;
    int utc_offset_minutes_;
    bool restored_ = false;
    uint64_t dropped_ = 0;
};

}  // namespace bw::rules
