// SPDX-License-Identifier: Apache-2.0
// What of draft 4 is checked here: the keywords, the form of their values, and bounds on what a
// schema may cost. Everything else is refused, typing errors too. Private to core/schema.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/base/result.h"

namespace bw::schema {

struct Bounds {
    size_t branches = 0;  // of allOf, anyOf, oneOf and not, with every $ref written out
    size_t steps = 0;     // that a character may cost, of the costliest pattern; 0: there is none
    size_t matched = 0;   // characters of the longest text that is held against a pattern
};

/// "invalid" with the pointer of the fault and what to do.
base::Result<Bounds> check_subset(const nlohmann::json& schema);
/// Without what no check reads (title, description, default, examples, …), which RapidJSON would
/// take for schemas.
nlohmann::json without_notes(const nlohmann::json& schema);

}  // namespace bw::schema
