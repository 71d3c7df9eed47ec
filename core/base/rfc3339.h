// SPDX-License-Identifier: Apache-2.0
// Times as RFC 3339 (5.6) writes them, with what is wrong where one is none.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.h"

namespace bw::base {

/// As parse_rfc3339 (clock.h), or why it is none: "found …; allowed: …", which has at most 64 bytes
/// of the text. Code "range": it looks like a time, and the sentence names the part that is none;
/// else "invalid".
Result<int64_t> read_rfc3339(std::string_view text);

}  // namespace bw::base
