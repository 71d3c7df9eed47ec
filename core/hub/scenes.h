// SPDX-License-Identifier: Apache-2.0
// What the wall shows: preview, take, undo, edits, and adopting what is on air. On the loop. The
// steps stand in docs/architecture.md ("Take, step by step").
#pragma once

#include <optional>
#include <set>

#include "core/hub/entry.h"
#include "core/hub/facts.h"
#include "core/hub/holds.h"
#include "core/hub/sites.h"
#include "core/hub/spaces.h"
#include "core/wall/scene.h"

namespace bw::hub {

inline constexpr int64_t kReadyDeadlineMs = 1000;
inline constexpr int64_t kTakenDeadlineMs = 500;
inline constexpr int64_t kAdoptDeadlineMs = 2000;
inline constexpr size_t kMaxHistory = 20;
inline constexpr size_t kMaxEdits = 50;

class Scenes {
  public:
    Scenes(Facts& facts, Peers& peers, const Registry& registry, Sites& sites, Holds& holds,
           const Spaces& spaces)
        : facts_(facts),
          peers_(peers),
          registry_(registry),
          sites_(sites),
          holds_(holds),
          spaces_(spaces) {}

    /// `last_taken`: of the journal, or empty. `site` stays the caller's; set_site() after a
    /// change.
    void start(const config::Site& site, const std::string& last_taken);
    void set_site(const config::Site& site);
    /// What is prepared or waits is prepared again.
    void holds_changed();

    void take(const nlohmann::json& data, const std::string& by, ReplyFn reply);
    /// Of a rule (`by`: "rule:NAME"): never in place of what a person prepares or takes.
    void preview(const nlohmann::json& data, const std::string& by, const ReplyFn& reply);
    void undo(const nlohmann::json& data, const std::string& by, ReplyFn reply);
    void edit(const nlohmann::json& data, const std::string& by, ReplyFn reply);

    struct Change {
        std::vector<wall::RectMm> rects;   // of panes that go, and of those that come
        std::vector<std::string> sources;  // of panes that come, each once
    };
    /// What a take, preview, undo or edit would change of what is on air; one that will be refused
    /// changes nothing.
    [[nodiscard]] Change change_of(const std::string& type, const nlohmann::json& data,
                                   const std::string& by) const;

    // scenes_spaces.cpp
    /// Of what is on air.
    [[nodiscard]] const std::string& space() const { return entry_.space; }
    /// It would bring a space that is not live, and not on air, onto the wall or into the preview.
    [[nodiscard]] bool enters_space(const std::string& type, const nlohmann::json& data,
                                    const std::string& by) const;
    /// Why it is none that a rule may ask for, whatever its role: rules take in live. Empty: it is.
    [[nodiscard]] std::string rule_fault(const std::string& type, const nlohmann::json& data,
                                         const std::string& by) const;
    /// A space ends: back to what was on air in live, over holds, too; then `gone`.
    void leave(const std::string& space, Spaces::Gone gone);
    /// What is on air or prepared there is made anew.
    void clock_changed(const std::string& space);

    void ready(const std::string& compositor, const nlohmann::json& data);
    void taken(const std::string& compositor, const nlohmann::json& data);
    void on_air(const nlohmann::json& data);
    /// A compositor subscribes: what was on air at its end it has said before.
    void compositor_listens() { settle(); }
    void compositor_left(const std::string& name);

    void tick(int64_t now);
    [[nodiscard]] int64_t next_wake_ns() const;

    [[nodiscard]] nlohmann::json status() const;   // "layout" of the status document
    [[nodiscard]] nlohmann::json layouts() const;  // of the verb layouts

  private:
    struct Composed {  // an entry as the wall would show it now
        wall::Scene scene;
        Entry entry;
        std::string plain;                  // the hash of the scene that it would be without holds
        std::vector<std::string> held;      // zones
        std::vector<std::string> left_out;  // panes, by these
    };
    struct Taking {  // waits for ready
        Composed what;
        std::optional<config::Transition> transition;  // none: the scene's own
        int64_t deadline_ns = 0;
        size_t undo = 0;      // steps back; 0: it is no undo
        bool leaves = false;  // a space that ends
        std::string by;
        ReplyFn reply;
    };
    struct Landing {  // is live, waits for taken and for the journal
        uint64_t take = 0;
        std::string layout, space;
        std::string left;  // the space that it went away from
        std::vector<std::string> held, left_out;
        std::set<std::string> compositors;
        int64_t deadline_ns = 0;
        bool journalled = false;
        ReplyFn reply;
    };
    void settle();
    void adopt(wall::Scene scene, uint64_t take);
    /// Reads what every command that takes has in common; false: it has been refused.
    bool begin_taking(const nlohmann::json& data, const std::string& by, const ReplyFn& reply,
                      Taking& taking) const;
    [[nodiscard]] const config::Layout* find(const std::string& name, const ReplyFn& reply) const;
    void compose_again();

    // scenes_spaces.cpp
    [[nodiscard]] bool enters(const std::string& type, const nlohmann::json& data,
                              const std::string& by) const;
    [[nodiscard]] base::Result<Entry> asked(const nlohmann::json& data,
                                            const std::string& by) const;
    [[nodiscard]] Entry in_live() const;
    [[nodiscard]] Entry base_of(const std::string& by) const;
    [[nodiscard]] bool is_gone(const Entry& entry) const;
    [[nodiscard]] std::optional<Entry> undone(size_t steps, const std::string& by) const;
    [[nodiscard]] nlohmann::json space_refusal(const Taking& taking) const;
    [[nodiscard]] Composed home() const;
    void go_home();
    void tell_left();

    // scenes_edit.cpp
    [[nodiscard]] std::optional<Composed> compose(const Entry& entry) const;
    [[nodiscard]] const config::Layout* edited_file(const Entry& entry, const ReplyFn& reply) const;
    [[nodiscard]] base::Result<Entry> with_edit(const config::Layout& layout, const Entry& base,
                                                const nlohmann::json& data) const;
    [[nodiscard]] const Hold* held_by(const config::Layout& layout, const Entry& was,
                                      const Entry& is) const;
    void save(const nlohmann::json& data, const std::string& by, const ReplyFn& reply);

    // scenes_change.cpp
    [[nodiscard]] std::optional<Entry> entry_of(const std::string& type, const nlohmann::json& data,
                                                const std::string& by) const;

    // scenes_take.cpp
    void prepare(Composed what);
    void forget_next();
    void begin(Taking taking);
    void supersede();
    [[nodiscard]] bool all_ready() const;
    void go_live(Taking taking);
    void remember_entry();
    void keep_preview(const Taking& taking);
    void give_preview_back();
    void publish_live(const config::Transition& transition);
    void journal_take(const Taking& taking);
    void finish_landing(Landing& landing);
    void check_landings(int64_t now);

    Facts& facts_;
    Peers& peers_;
    const Registry& registry_;
    Sites& sites_;
    Holds& holds_;
    const Spaces& spaces_;
    const config::Site* site_ = nullptr;
    std::optional<wall::Scene> on_air_;
    Entry entry_;   // of what is on air
    Entry before_;  // what was on air in live, before another space was; no layout: nothing
    std::vector<std::pair<std::string, Spaces::Gone>> leaving_;  // spaces that end
    std::string plain_;  // as in Composed; empty: it was adopted
    std::optional<Composed> next_;
    bool next_of_rule_ = false;            // a rule prepared it, no person
    std::optional<Entry> next_of_person_;  // comes back when a rule's take is over
    std::set<std::string> ready_;          // compositors that have all of next_
    uint64_t take_ = 0;
    bool recorded_ = true, settled_ = false;
    bool site_changed_ = false;  // while a take waited
    int64_t settle_by_ns_ = 0;
    std::vector<Entry> history_;  // the newest last
    std::optional<Taking> taking_;
    std::vector<Landing> landings_;
};

}  // namespace bw::hub
