// SPDX-License-Identifier: Apache-2.0
// The keywords of a schema that are checked here, and what to write for those that are not.
// Private to core/schema.
#pragma once

#include <string_view>

namespace bw::schema {

/// What stands behind a keyword.
enum class Form {
    note,  // for people
    flag,
    count,
    number,
    names,
    types,
    values,
    pattern,
    reference,
    schema,
    schema_or_flag,
    schema_or_list,
    schema_list,
    schema_map,
};

/// Null: there is none, or it is not checked here.
const Form* form_of(std::string_view keyword);
/// What to write for a keyword of JSON Schema that is not checked here; empty: there is no such
/// keyword.
std::string_view instead_of(std::string_view keyword);

}  // namespace bw::schema
