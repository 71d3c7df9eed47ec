// SPDX-License-Identifier: Apache-2.0
// Of what kind the fields of a request are. One of another kind, taken for none, would turn a
// conditional write into one that overwrites, and an old command into a new one. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace bw::hub {

/// Why `body` cannot be a request of this verb; empty: its fields are of their kinds. A field that
/// is null is one that is not there. What a kind allows beyond that is the verb's own to say.
std::string field_fault(std::string_view verb, const nlohmann::json& body);

/// The same of one of the `writes` of a list of records.
std::string write_field_fault(const nlohmann::json& write);

}  // namespace bw::hub
