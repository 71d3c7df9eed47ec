// SPDX-License-Identifier: Apache-2.0
#include "core/hub/live_command.h"

#include <nlohmann/json.hpp>

#include "core/events/json.h"

namespace bw::hub {

using nlohmann::json;

std::optional<LiveCommand> LiveCommand::of(const json& event) {
    if (events::text_of(event, "space") != "live") return std::nullopt;
    return LiveCommand(std::make_shared<const json>(event));
}

json LiveCommand::data() const {
    return event_->value("data", json::object());
}

std::string LiveCommand::type() const {
    return events::text_of(*event_, "type");
}

std::string LiveCommand::subject() const {
    return events::text_of(*event_, "subject");
}

}  // namespace bw::hub
