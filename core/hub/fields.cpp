// SPDX-License-Identifier: Apache-2.0
#include "core/hub/fields.h"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>

namespace bw::hub {

using nlohmann::json;

namespace {

enum class Kind { text, whole, flag };

struct Field {
    std::string_view verb, name;  // verb empty: of every one
    Kind kind;
};

constexpr Field kFields[] = {
    {"", "id", Kind::text},
    {"", "session", Kind::text},
    {"hello", "protocol", Kind::whole},
    {"hello", "name", Kind::text},
    {"hello", "cycle", Kind::text},
    {"hello", "space", Kind::text},
    {"hello", "token", Kind::text},
    {"subscribe", "from", Kind::text},
    {"subscribe", "since", Kind::whole},
    {"subscribe", "to", Kind::whole},
    {"credit", "to", Kind::whole},
    {"publish", "lane", Kind::text},
    {"command", "expires_ms", Kind::whole},
    {"command", "sent_ns", Kind::whole},
    {"command", "rule", Kind::text},
    {"record", "op", Kind::text},
    {"record", "type", Kind::text},
    {"record", "subject", Kind::text},
    {"record", "after", Kind::text},
    {"record", "write", Kind::text},
    {"blob", "op", Kind::text},
    {"blob", "digest", Kind::text},
    {"blob", "size", Kind::whole},
    {"blob", "offset", Kind::whole},
    {"blob", "length", Kind::whole},
    {"events", "since", Kind::whole},
    {"events", "type", Kind::text},
    {"events", "subject", Kind::text},
    {"events", "limit", Kind::whole},
    {"journal", "op", Kind::text},
    {"audit", "after", Kind::whole},
    {"audit", "limit", Kind::whole},
    {"sign_in", "name", Kind::text},
    {"sign_in", "password", Kind::text},
};

constexpr Field kWriteFields[] = {
    {"", "type", Kind::text},
    {"", "subject", Kind::text},
    {"", "revision", Kind::whole},
    {"", "tombstone", Kind::flag},
};

/// As our signed 64 bits have it: nothing that is counted here has more, or is below 0.
bool is_whole(const json& value) {
    if (value.is_number_unsigned()) return value.get<uint64_t>() <= uint64_t{INT64_MAX};
    return value.is_number_integer() && value.get<int64_t>() >= 0;
}

const char* found_word(const json& value) {
    if (value.is_string()) return "a text";
    if (value.is_number()) return "another number";
    if (value.is_boolean()) return "true or false";
    return value.is_object() ? "an object" : "a list";
}

std::string fault_of(const Field& field, const json& body) {
    const auto found = body.find(field.name);
    if (found == body.end() || found->is_null()) return {};
    const bool fine = field.kind == Kind::text    ? found->is_string()
                      : field.kind == Kind::whole ? is_whole(*found)
                                                  : found->is_boolean();
    if (fine) return {};
    const char* allowed = field.kind == Kind::text    ? "a text"
                          : field.kind == Kind::whole ? "a whole number from 0, below 2^63"
                                                      : "true or false";
    const char* word =
        found->is_number() && field.kind != Kind::whole ? "a number" : found_word(*found);
    return fmt::format("{}: found {}; allowed: {}", field.name, word, allowed);
}

}  // namespace

std::string field_fault(std::string_view verb, const json& body) {
    for (const Field& field : kFields)
        if (field.verb.empty() || field.verb == verb)
            if (std::string fault = fault_of(field, body); !fault.empty()) return fault;
    return {};
}

std::string write_field_fault(const json& write) {
    for (const Field& field : kWriteFields)
        if (std::string fault = fault_of(field, write); !fault.empty()) return fault;
    return {};
}

}  // namespace bw::hub
