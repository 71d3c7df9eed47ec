// SPDX-License-Identifier: Apache-2.0
// What the rules would have done: the engine over recorded events, on a wall that is played. Takes
// of persons and holds are those of the recording; takes that rules made then are left out. One
// thread owns it.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "core/events/event.h"
#include "core/rules/engine.h"

namespace bw::rules {

/// A recorded event as rules see it; at the time when the hub had it, else its own.
Fact fact_of(const events::Event& event);

class Rehearsal {
  public:
    struct Sum {
        uint64_t events = 0;  // that a rule looks at
        uint64_t takes = 0, returns = 0, previews = 0;
        uint64_t items = 0;  // of attention, raised
        std::string on_air;  // at the end
    };
    explicit Rehearsal(std::shared_ptr<const config::Site> site);
    /// In the order of their times; an older one counts as of now.
    void hear(const events::Event& event);
    /// Nothing more was recorded up to then.
    void end(int64_t at_ns);
    std::vector<Note> notes();
    [[nodiscard]] Sum sum() const;

  private:
    void advance(int64_t to_ns);
    void follow_orders();
    Answer obey(const Order& order);
    void person_took(const events::Event& event);
    void holds(const events::Event& event);
    void count_items();

    std::shared_ptr<const config::Site> site_;
    Engine engine_;
    std::vector<std::string> prefixes_;
    int64_t now_ns_ = 0;
    uint64_t take_ = 1;
    std::vector<std::string> layouts_;  // on air last, what undo goes back to before it
    bool all_held_ = false;
    std::map<std::string, bool> items_;
    std::vector<Note> notes_;
    Sum sum_;
};

}  // namespace bw::rules
