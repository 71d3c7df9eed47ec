// SPDX-License-Identifier: Apache-2.0
// The rules of one site: facts in, orders and attention out. The clock is the caller's, and so is
// every socket and file, so that a rehearsal over last night runs the same code. One thread owns
// it; times are the hub's wall clock in ns.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "core/rules/attention.h"
#include "core/rules/conditions.h"
#include "core/rules/planner.h"

namespace bw::rules {

class Engine {
  public:
    explicit Engine(std::shared_ptr<const config::Site> site);
    /// A changed site: rules that are as they were go on.
    void set_site(std::shared_ptr<const config::Site> site, int64_t now_ns);
    [[nodiscard]] const config::Site& site() const { return *site_; }

    void hear(const Fact& fact);
    void on_air(uint64_t take, const std::string& layout, int64_t now_ns);
    void taken(uint64_t take, const std::string& by, int64_t now_ns);
    void holds_changed() { planner_.holds_changed(); }
    void answer_lost() { planner_.answer_lost(); }
    void answered(const std::string& id, const Answer& answer, int64_t now_ns);
    bool acknowledge(const std::string& subject) { return attention_.acknowledge(subject); }
    void tick(int64_t now_ns);
    [[nodiscard]] int64_t next_wake_ns(int64_t now_ns) const;

    /// What to do now; ask after every call above. Each is given once.
    std::vector<Order> orders(int64_t now_ns);
    Attention& attention() { return attention_; }
    std::vector<Note> notes();
    [[nodiscard]] uint64_t dropped() const { return conditions_.dropped(); }

    /// Prefixes of "type/subject" that the rules want to hear, none of which covers another.
    [[nodiscard]] std::vector<std::string> prefixes() const;

    /// What to remember over the process's death: names, each with its JSON.
    [[nodiscard]] std::map<std::string, std::string> save() const;
    /// False: it is not what save() makes, and nothing is remembered.
    bool restore(const std::map<std::string, std::string>& saved, int64_t now_ns);
    /// After the last values have been heard: what an earlier life raised or wanted and what holds
    /// no more, or whose rule is gone, is over.
    void settle(int64_t now_ns);

  private:
    void restore_parts(const std::map<std::string, std::string>& saved, int64_t now_ns);
    void apply(const std::vector<Conditions::Change>& changes);
    void began(const Conditions::Change& change, const config::Rule& rule);

    std::shared_ptr<const config::Site> site_;
    Conditions conditions_;
    Planner planner_;
    Attention attention_;
    std::map<std::string, std::set<std::string>> holding_;  // rule → subjects that hold
    std::string layout_;
    std::vector<Order> previews_;
    std::vector<Note> notes_;
};

}  // namespace bw::rules
