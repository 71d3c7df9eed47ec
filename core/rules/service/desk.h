// SPDX-License-Identifier: Apache-2.0
// The rules' place at the hub: hears what the rules look at and what the wall does, sends what the
// engine orders under the name of its rule, and remembers. The role's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/events/client.h"
#include "core/rules/service/memory.h"

namespace bw::rules {

class Desk {
  public:
    /// `engine` stays the caller's. `sequence`: of the desk before, whose engine this is; nothing:
    /// the engine is new, and gets what an earlier life left.
    static base::Result<std::unique_ptr<Desk>> open(const std::string& endpoint, Engine& engine,
                                                    std::optional<uint64_t> sequence);

    void pump();
    /// Descriptors to wait for; the second one is -1 most of the time.
    [[nodiscard]] int fd() const { return client_->fd(); }
    [[nodiscard]] int values_fd() const { return values_ ? values_->fd() : -1; }
    /// CLOCK_MONOTONIC when pump() must run again.
    [[nodiscard]] int64_t next_wake_ns() const;
    /// The hub's wall clock.
    [[nodiscard]] int64_t now_ns() const;
    /// True once after each change of the site's files that the hub took over.
    bool site_changed() { return std::exchange(site_changed_, false); }
    [[nodiscard]] uint64_t sequence() const { return sequence_; }
    [[nodiscard]] const std::vector<std::string>& prefixes() const { return prefixes_; }
    /// False until it has heard all that was before.
    [[nodiscard]] bool listens() const { return stage_ == Stage::listening; }

  private:
    enum class Stage { waiting, loading, catching_up, listening };
    Desk(std::string endpoint, Engine& engine, std::unique_ptr<events::Client> client);
    void begin();
    void listen(std::optional<uint64_t> since);
    void ask_for_values();
    void pump_values();
    void linked(bool up);
    void heard(const events::Event& event, events::Lane lane, bool replayed);
    bool heard_of_wall(const events::Event& event, bool replayed);
    [[nodiscard]] Fact fact(const events::Event& event, bool replayed) const;
    void acknowledge(const events::Event& event, const events::Client::Answer& answer);
    void follow_orders();
    void send(const Order& order);
    void tell_notes();

    const std::string endpoint_;
    Engine& engine_;
    std::unique_ptr<events::Client> client_;
    std::unique_ptr<events::Client> values_;  // hears last values, then goes
    std::vector<std::string> prefixes_;
    int64_t values_heard_ns_ = 0, values_from_ns_ = 0;
    Memory memory_;
    Stage stage_ = Stage::waiting;
    std::optional<uint64_t> given_sequence_;
    uint64_t sequence_ = 0;
    bool first_life_ = false;
    std::vector<Fact> early_;  // what came before the last values were heard
    bool site_changed_ = false;
    uint64_t dropped_ = 0;
    int64_t engine_wake_ns_ = 0;  // monotonic
};

}  // namespace bw::rules
