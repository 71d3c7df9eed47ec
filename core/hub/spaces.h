// SPDX-License-Identifier: Apache-2.0
// Exercises and replays: spaces beside live, each with its own last values, records and clock.
// An exercise begins with what live knows at that moment, is journalled under its name and goes on
// over a restart of the hub; a replay plays a span of live's journal and ends with the hub. That
// neither can do anything outside of itself is Commands' (live_command.h). On the loop.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "core/hub/facts.h"
#include "core/hub/mailbox.h"
#include "core/hub/player.h"
#include "core/wall/scene.h"

namespace bw::hub {

class Spaces {
  public:
    static constexpr size_t kMaxSpaces = 4;
    static constexpr int kMaxSpeed = 60;

    Spaces(Facts& facts, Peers& peers, Journal& journal, Mailbox& mailbox,
           std::filesystem::path state_dir);

    /// What the last hub left: exercises go on, replays are over. After Facts::restore(), before
    /// the first peer.
    void restore();

    /// Commands space.start and space.end; `data` matches their schemas.
    void start(const nlohmann::json& data, const std::string& by, const ReplyFn& reply);
    void end(const nlohmann::json& data, const std::string& by, const ReplyFn& reply);
    /// Told when a space ends: `gone` has to be called once nothing of it is on air any more.
    using Gone = std::function<void()>;
    void on_ending(std::function<void(const std::string& space, Gone gone)> handler) {
        on_ending_ = std::move(handler);
    }
    /// Told when a space's clock was set anew.
    void on_clock(std::function<void(const std::string& space)> handler) {
        on_clock_ = std::move(handler);
    }

    /// A sentence why nothing is in that space; empty: it is live, or runs.
    [[nodiscard]] std::string fault(const std::string& space) const;
    /// As above, for writing; `view`: where a panel stands, which every space takes.
    [[nodiscard]] std::string write_fault(const std::string& space, bool view = false) const;
    /// Why an event that itself names the space `said` does not come into `space`: what happened in
    /// an exercise or a replay that runs must not become live by being sent on.
    [[nodiscard]] std::string stray_fault(const std::string& said, const std::string& space) const;
    [[nodiscard]] bool is_replay(const std::string& space) const;
    /// "exercise" or "replay"; empty: there is no such space.
    [[nodiscard]] std::string kind_of(const std::string& space) const;
    /// As a scene names it; none: live, or there is no such space. Also of one that is ending.
    [[nodiscard]] std::optional<wall::SceneSpace> scene_space(const std::string& space) const;

    [[nodiscard]] nlohmann::json list() const;
    /// Of the list; null: live, or there is no such space.
    [[nodiscard]] nlohmann::json one(const std::string& space) const;

    void tick();
    [[nodiscard]] int64_t next_wake_ns() const;

  private:
    enum class State { starting, running, ended, ending };  // ended: a replay at its end
    struct Space {
        wall::SceneSpace scene;
        State state = State::starting;
        std::string by;
        int64_t started_ns = 0;  // wall clock
        Player::Span span;       // of a replay
        std::shared_ptr<Player> player;
        int64_t begun_ns = 0;            // of the starting, monotonic
        std::shared_ptr<LiveCopy> copy;  // until it has all
        std::vector<StoredPtr> rows;     // not in the space yet
        bool rows_came = false;
        size_t subjects = 0;
        ReplyFn reply;  // until it runs
    };
    [[nodiscard]] Space* find(const std::string& name);
    [[nodiscard]] const Space* find(const std::string& name) const;
    [[nodiscard]] std::string names() const;
    [[nodiscard]] nlohmann::json one(const Space& space) const;
    [[nodiscard]] std::string start_fault(const nlohmann::json& data, Space& space) const;
    [[nodiscard]] bool held_up(const Space& space) const;

    // spaces_start.cpp
    void begin_exercise(Space& space);
    void step_copy(Space& space);
    void copied(const std::string& name, std::shared_ptr<std::vector<StoredPtr>> rows,
                const base::Status& written);
    void step_install(Space& space);
    void begin_replay(Space& space);
    void record(const Space& space);
    void recorded(const std::string& name, const nlohmann::json& result);
    void failed(const std::string& name, const std::string& code, const std::string& text);
    void forget(const std::string& name);
    void restore_exercise(const StoredPtr& row, const nlohmann::json& data);
    void close_record(const std::string& name, ReplyFn reply);

    Facts& facts_;
    Peers& peers_;
    Journal& journal_;
    Mailbox& mailbox_;
    const std::filesystem::path state_dir_;
    std::function<void(const std::string&, Gone)> on_ending_;
    std::function<void(const std::string&)> on_clock_;
    std::map<std::string, Space> spaces_;
    Worker worker_;
};

}  // namespace bw::hub
