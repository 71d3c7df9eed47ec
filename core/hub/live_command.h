// SPDX-License-Identifier: Apache-2.0
// A command of live, and the only thing that a handler takes, here or in another process: what is
// done in an exercise or a replay cannot be made into one. Immutable.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace bw::hub {

class LiveCommand {
  public:
    /// `event`: a checked CloudEvent whose `space` the hub has set. None: it is not of live.
    static std::optional<LiveCommand> of(const nlohmann::json& event);

    [[nodiscard]] const nlohmann::json& event() const { return *event_; }
    /// An object when the event has none.
    [[nodiscard]] nlohmann::json data() const;
    [[nodiscard]] std::string type() const;
    [[nodiscard]] std::string subject() const;

  private:
    explicit LiveCommand(std::shared_ptr<const nlohmann::json> event) : event_(std::move(event)) {}
    std::shared_ptr<const nlohmann::json> event_;
};

}  // namespace bw::hub
