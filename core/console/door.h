// SPDX-License-Identifier: Apache-2.0
// Who comes in while the wall has operators: the hub is asked whom a session stands for, and its
// word counts for a moment; longer while it is away, so that a picture of the wall stays where it
// was on. Main thread only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/console/hub_link.h"

namespace bw::console {

class Door {
  public:
    static constexpr int64_t kFreshNs = 2 * base::kSecond;
    static constexpr int64_t kAwayNs = 60 * base::kSecond;
    /// Sessions that are remembered, so that whoever makes them up fills nothing.
    static constexpr size_t kMaxKnown = 512;
    enum class Verdict { in, out, unknown };  // unknown: the hub does not say

    /// `hub` outlives it.
    explicit Door(HubLink& hub) : hub_(hub) {}
    /// The hub let it in a moment ago.
    [[nodiscard]] bool fresh(const std::string& session) const;
    /// `done` once, within kHubWaitMs; never after the door's end.
    void ask(const std::string& session, std::function<void(Verdict)> done);
    void forget(const std::string& session) { known_.erase(session); }

  private:
    [[nodiscard]] Verdict heard(const std::string& session, const events::Reply& reply);

    HubLink& hub_;
    std::map<std::string, int64_t> known_;  // let in at (CLOCK_MONOTONIC)
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace bw::console
