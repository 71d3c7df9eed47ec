// SPDX-License-Identifier: Apache-2.0
#include "core/schema/keywords.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace bw::schema {

namespace {

struct Keyword {
    std::string_view name;
    Form form;
};

constexpr Keyword kKeywords[] = {
    {"$schema", Form::note},
    {"id", Form::note},
    {"title", Form::note},
    {"description", Form::note},
    {"default", Form::note},
    {"examples", Form::note},
    {"definitions", Form::schema_map},
    {"$ref", Form::reference},
    {"type", Form::types},
    {"enum", Form::values},
    {"properties", Form::schema_map},
    {"required", Form::names},
    {"additionalProperties", Form::schema_or_flag},
    {"minProperties", Form::count},
    {"maxProperties", Form::count},
    {"items", Form::schema_or_list},
    {"additionalItems", Form::schema_or_flag},
    {"minItems", Form::count},
    {"maxItems", Form::count},
    {"uniqueItems", Form::flag},
    {"minLength", Form::count},
    {"maxLength", Form::count},
    {"pattern", Form::pattern},
    {"minimum", Form::number},
    {"maximum", Form::number},
    {"exclusiveMinimum", Form::flag},
    {"exclusiveMaximum", Form::flag},
    {"allOf", Form::schema_list},
    {"anyOf", Form::schema_list},
    {"oneOf", Form::schema_list},
    {"not", Form::schema},
};

/// Keywords of JSON Schema that are not checked here, and what to write.
constexpr std::pair<std::string_view, std::string_view> kOthers[] = {
    {"const", "\"enum\" with one value"},
    {"if", "\"anyOf\""},
    {"then", "\"anyOf\""},
    {"else", "\"anyOf\""},
    {"contains", "\"items\", or leave it out"},
    {"propertyNames", "\"properties\" with \"additionalProperties\": false"},
    {"patternProperties", "\"additionalProperties\" with a schema for all of them"},
    {"dependencies", "\"anyOf\""},
    {"dependentRequired", "\"anyOf\""},
    {"dependentSchemas", "\"anyOf\""},
    {"multipleOf", "\"enum\", or leave it out"},
    {"format", "\"pattern\" with \"maxLength\", or say it in \"description\""},
    {"$id", "\"id\""},
    {"$defs", "\"definitions\""},
    {"$comment", "\"description\""},
    {"prefixItems", "\"items\" with a list"},
    {"unevaluatedProperties", "\"additionalProperties\""},
    {"unevaluatedItems", "\"additionalItems\""},
    {"minContains", "\"minItems\""},
    {"maxContains", "\"maxItems\""},
};

}  // namespace

const Form* form_of(std::string_view keyword) {
    const auto* found = std::find_if(std::begin(kKeywords), std::end(kKeywords),
                                     [&](const Keyword& k) { return k.name == keyword; });
    return found == std::end(kKeywords) ? nullptr : &found->form;
}

std::string_view instead_of(std::string_view keyword) {
    const auto* found = std::find_if(std::begin(kOthers), std::end(kOthers),
                                     [&](const auto& other) { return other.first == keyword; });
    return found == std::end(kOthers) ? std::string_view() : found->second;
}

}  // namespace bw::schema
