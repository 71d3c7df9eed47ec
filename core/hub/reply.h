// SPDX-License-Identifier: Apache-2.0
// How a request that a peer made ends.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace bw::hub {

/// Takes the reply's fields ("ok" among them); called once.
using ReplyFn = std::function<void(nlohmann::json)>;

/// The fields of a reply that says no. `code`: for programs (docs/wire.md), `text`: for people.
nlohmann::json refusal(const char* code, const std::string& text);

}  // namespace bw::hub
