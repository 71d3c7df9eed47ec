// SPDX-License-Identifier: Apache-2.0
// What the wall shows: preview, take, undo, and adopting what is on air. On the loop. The steps
// stand in docs/architecture.md ("Take, step by step").
#pragma once

#include <optional>
#include <set>

#include "core/hub/facts.h"
#include "core/wall/scene.h"

namespace bw::hub {

inline constexpr int64_t kReadyDeadlineMs = 1000;
inline constexpr int64_t kTakenDeadlineMs = 500;
inline constexpr int64_t kAdoptDeadlineMs = 2000;
inline constexpr size_t kMaxHistory = 20;

class Scenes {
  public:
    Scenes(Facts& facts, Peers& peers) : facts_(facts), peers_(peers) {}

    /// `last_taken`: of the journal, or empty. `site` stays the caller's; set_site() after a
    /// change.
    void start(const config::Site& site, const std::string& last_taken);
    void set_site(const config::Site& site);

    void take(const nlohmann::json& data, const std::string& by, ReplyFn reply);
    void preview(const nlohmann::json& data, ReplyFn reply);
    void undo(const nlohmann::json& data, const std::string& by, ReplyFn reply);

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
    struct Taking {  // waits for ready
        wall::Scene scene;
        std::optional<config::Transition> transition;  // none: the scene's own
        int64_t deadline_ns = 0;
        bool undo = false;
        std::string by;
        ReplyFn reply;
    };
    struct Landing {  // is live, waits for taken and for the journal
        uint64_t take = 0;
        std::string layout;
        std::set<std::string> compositors;
        int64_t deadline_ns = 0;
        bool journalled = false;
        ReplyFn reply;
    };
    void settle();
    void prepare(wall::Scene scene);
    void begin(Taking taking);
    void supersede();
    [[nodiscard]] bool all_ready() const;
    void go_live(Taking taking);
    void publish_live(const config::Transition& transition);
    void journal_take(const Taking& taking);
    void finish_landing(Landing& landing);
    void check_landings(int64_t now);
    [[nodiscard]] const config::Layout* find(const std::string& name, const ReplyFn& reply) const;

    Facts& facts_;
    Peers& peers_;
    const config::Site* site_ = nullptr;
    std::optional<wall::Scene> on_air_, next_;
    std::set<std::string> ready_;  // compositors that have all of next_
    uint64_t take_ = 0;
    bool recorded_ = true, settled_ = false;
    int64_t settle_by_ns_ = 0;
    std::vector<std::string> history_;  // layouts, the newest last
    std::optional<Taking> taking_;
    std::vector<Landing> landings_;
};

}  // namespace bw::hub
