// SPDX-License-Identifier: Apache-2.0
// What CloudEvents 1.0.2 and its JSON format ask of an event, clause by clause; and our own bounds
// on its attributes. For the hub's door: what is inside is read by parse_event. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace bw::events {

/// A sentence why `event` is no event that may come in, with what to do; empty: it is one. Does not
/// look into `data`, nor at the size of the whole.
std::string cloud_event_fault(const nlohmann::json& event);
/// As above, of a text that stands in an attribute: no control characters, no noncharacters.
std::string attribute_text_fault(std::string_view name, std::string_view text);
/// Whether `data` is JSON by what the event says of itself (datacontenttype, data_base64).
bool has_json_data(const nlohmann::json& event);

}  // namespace bw::events
