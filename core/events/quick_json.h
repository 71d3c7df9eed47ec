// SPDX-License-Identifier: Apache-2.0
// JSON read by RapidJSON into nlohmann's values: every message of the wire passes here, and
// nlohmann's own parser takes twice as long. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace bw::events {

/// True: `out` is what nlohmann's parser makes of `text`. False: nothing is said about `text`,
/// which may be JSON all the same (numbers beyond the doubles, a byte order mark, …), and `out` is
/// anything. Deeper nesting than kMaxJsonDepth is false.
bool read_quickly(std::string_view text, nlohmann::json& out);

}  // namespace bw::events
