// SPDX-License-Identifier: Apache-2.0
// Times that stand inside event data, "2031-07-21T06:00:00.000Z".
#pragma once

#include <cstdint>
#include <string>

namespace bw::flood {

/// Nanoseconds since 1970 of an RFC 3339 text in UTC; 0 if it is not one.
int64_t parse_time_ns(const std::string& text);

}  // namespace bw::flood
