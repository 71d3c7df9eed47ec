// SPDX-License-Identifier: Apache-2.0
// The status document: asks compositors and media for their reports, waits for them at most 1 s,
// and adds what the hub knows. On the loop.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>

#include "core/control/message.h"
#include "core/hub/facts.h"

namespace bw::hub {

inline constexpr int64_t kReportDeadlineMs = 1000;

class StatusDesk {
  public:
    /// `fill` adds the hub's own parts ("layout", "hub", "faults" …) to a document.
    using Fill = std::function<void(nlohmann::json&)>;
    StatusDesk(Facts& facts, Peers& peers, std::string machine, Fill fill);

    void ask(ReplyFn reply);
    void report(const std::string& peer, const nlohmann::json& data);
    /// It has just subscribed. One that is awaited may have said hello before the question and
    /// subscribed after it: it is asked again.
    void listens(const Peer& peer);
    void peer_left(const Peer& peer);
    void tick(int64_t now);
    [[nodiscard]] int64_t next_wake_ns() const;

    void role(const control::Message& message);
    void address(const std::string& url) { console_ = url; }

  private:
    struct Round {
        std::string nonce;
        int64_t deadline_ns = 0;
        std::set<std::string> awaited;
        std::map<std::string, std::shared_ptr<const nlohmann::json>> reports;
        std::vector<ReplyFn> waiting;
    };
    struct Role {
        std::string role, name;
        int64_t pid = 0, state = 0, restarts = 0;
    };
    void put_question();
    void finish();
    [[nodiscard]] nlohmann::json document() const;
    [[nodiscard]] nlohmann::json roles() const;
    [[nodiscard]] nlohmann::json sources() const;

    Facts& facts_;
    Peers& peers_;
    const std::string machine_;
    const Fill fill_;
    const int64_t started_ns_;
    std::string console_;
    std::map<std::string, Role> roles_;  // by ROLE/NAME
    Round round_;
    uint64_t rounds_ = 0;
};

}  // namespace bw::hub
