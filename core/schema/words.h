// SPDX-License-Identifier: Apache-2.0
// A fault in words: what was found, what is allowed. Private to core/schema.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/schema/schema.h"

namespace bw::schema {

/// `where`: the pointer of the schema whose `keyword` does not match; `at`: of the value in
/// `whole`.
Fault words_for(const nlohmann::json& schema, const std::string& where, const std::string& keyword,
                const nlohmann::json& whole, const std::string& at);
Fault too_much(const std::string& at, size_t most_values);
Fault zero_byte(const std::string& at);
Fault no_json();

}  // namespace bw::schema
