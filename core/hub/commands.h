// SPDX-License-Identifier: Apache-2.0
// Commands: none that is too old, none twice, each answered once, and none of another space than
// live. What the hub does not do itself goes to the peer that handles it. On the loop.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "core/hub/contracts.h"
#include "core/hub/facts.h"
#include "core/hub/live_command.h"
#include "core/hub/people.h"
#include "core/hub/spaces.h"

namespace bw::hub {

class Commands {
  public:
    using Handler =
        std::function<void(const LiveCommand& command, const std::string& by, ReplyFn reply)>;
    Commands(Facts& facts, Peers& peers, const Registry& registry, Contracts& contracts,
             People& people, const Spaces& spaces, SendTo send)
        : facts_(facts),
          peers_(peers),
          registry_(registry),
          contracts_(contracts),
          people_(people),
          spaces_(spaces),
          send_(std::move(send)) {}

    /// A type that the hub itself executes.
    void handle(const std::string& type, Handler handler) { own_[type] = std::move(handler); }

    /// `body`: of the verb command, with a checked event.
    void run(const Peer& from, const nlohmann::json& body, ReplyFn reply);
    /// `body`: of the verb answer.
    void answer(const Peer& from, const nlohmann::json& body);
    void peer_left(const Peer& peer);
    /// A press on a pane of `plugin`.
    void pressed(const std::string& plugin);
    void tick(int64_t now);
    [[nodiscard]] int64_t next_wake_ns() const;

  private:
    struct Once {
        bool done = false;
        std::shared_ptr<const nlohmann::json> reply;  // null until done
        std::vector<ReplyFn> waiting;
        int64_t forget_ns = 0;
    };
    struct Forwarded {
        std::string route;
        ReplyFn reply;
        int64_t deadline_ns = 0;
    };
    [[nodiscard]] std::string press_fault(const Peer& from) const;
    void execute(const LiveCommand& command, const std::string& by, int64_t until_ns,
                 ReplyFn reply);
    void forward(const LiveCommand& command, int64_t until_ns, ReplyFn reply);
    void finished(const std::string& key, const LiveCommand& command, const std::string& by,
                  nlohmann::json reply);
    [[nodiscard]] nlohmann::json refusal_in(const std::string& space) const;

    Facts& facts_;
    Peers& peers_;
    const Registry& registry_;
    Contracts& contracts_;
    People& people_;
    const Spaces& spaces_;
    SendTo send_;
    std::map<std::string, Handler> own_;
    std::map<std::string, Once> once_;            // by source and id
    std::map<std::string, Forwarded> forwarded_;  // by our id
    std::map<std::string, int64_t> presses_;      // plugin → when (monotonic)
    uint64_t next_id_ = 1;
};

}  // namespace bw::hub
