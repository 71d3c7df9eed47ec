// SPDX-License-Identifier: Apache-2.0
#include "core/schema/subset.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <vector>

#include "core/schema/keywords.h"
#include "core/schema/pattern.h"
#include "core/schema/pointer.h"
#include "core/schema/schema.h"

namespace bw::schema {

using nlohmann::json;

namespace {

constexpr size_t kMaxSchemas = 4000;  // with every $ref written out
constexpr size_t kMaxBranches = 64, kMaxEnum = 500;
constexpr uint64_t kMaxUnique = 1000, kMaxMatched = 4096;
constexpr const char* kDraft = "http://json-schema.org/draft-04/schema#";
constexpr std::string_view kDefinitions = "#/definitions/";

bool is_type(const json& word) {
    constexpr std::string_view kTypes[] = {"array",  "boolean", "integer", "null",
                                           "number", "object",  "string"};
    return word.is_string() && std::count(std::begin(kTypes), std::end(kTypes),
                                          word.get_ref<const std::string&>()) != 0;
}

bool distinct_texts(const json& list, bool (*good)(const json&)) {
    if (!list.is_array() || list.empty()) return false;
    std::set<std::string> seen;
    return std::all_of(list.begin(), list.end(), [&](const json& word) {
        return word.is_string() && good(word) && seen.insert(word.get<std::string>()).second;
    });
}

bool has_zero(const json& value) {
    return value.is_string() && value.get_ref<const std::string&>().find('\0') != std::string::npos;
}

bool is_count(const json& value) {
    return value.is_number_unsigned() && value.get<uint64_t>() <= UINT32_MAX - 1;
}

bool plain_values(const json& list) {
    return list.is_array() && !list.empty() && list.size() <= kMaxEnum &&
           std::none_of(list.begin(), list.end(),
                        [](const json& value) { return value.is_structured() || has_zero(value); });
}

/// Walks a schema with every $ref written out.
class Walk {
  public:
    explicit Walk(const json& root) : root_(root) {}

    bool schema(const json& node, const std::string& at, int depth) {
        if (!node.is_object()) return fail(at, "a schema is an object");
        if (depth > kMaxDepth) return fail(at, "nests deeper than 48 levels; write it flatter");
        if (++schemas_ > kMaxSchemas)
            return fail(at, "more than 4000 schemas, each $ref written out; write it smaller");
        if (node.contains("$ref")) return reference(node, at, depth);
        for (const auto& [name, value] : node.items())
            if (!member(node, name, value, at + step(name), depth)) return false;
        return together(node, at);
    }
    [[nodiscard]] const std::string& why() const { return why_; }
    [[nodiscard]] Bounds bounds() const { return {branches_, steps_, matched_}; }

  private:
    bool fail(const std::string& at, const std::string& what) {
        if (why_.empty()) why_ = fmt::format("{}: {}", at.empty() ? "the schema" : at, what);
        return false;
    }

    bool unknown(const std::string& name, const std::string& at) {
        const std::string_view instead = instead_of(name);
        if (instead.empty())
            return fail(at, fmt::format("there is no keyword \"{}\" in draft 4", name));
        return fail(at, fmt::format("\"{}\" is not checked here; allowed: {}", name, instead));
    }

    bool member(const json& node, const std::string& name, const json& value, const std::string& at,
                int depth) {
        const Form* form = form_of(name);
        if (form == nullptr) return unknown(name, at);
        switch (*form) {
            case Form::note:
                return note(name, value, at);
            case Form::flag:
                if (value.is_number() && name.rfind("exclusive", 0) == 0)
                    return fail(
                        at, fmt::format("a number here is of a later draft; allowed: "
                                        "\"{}\" with the number and \"{}\": true",
                                        name == "exclusiveMinimum" ? "minimum" : "maximum", name));
                return value.is_boolean() || fail(at, "allowed: true or false");
            case Form::count:
                return is_count(value) || fail(at, "allowed: a whole number from 0");
            case Form::number:
                return value.is_number() || fail(at, "allowed: a number");
            case Form::names:
                return distinct_texts(value, [](const json&) { return true; }) ||
                       fail(at, "allowed: a list of names, each once, at least one");
            case Form::types:
                return is_type(value) || distinct_texts(value, is_type) ||
                       fail(at,
                            "allowed: array, boolean, integer, null, number, object, string, "
                            "or a list of them");
            case Form::values:
                return plain_values(value) ||
                       fail(at, "allowed: a list of 1 to 500 texts, numbers, true, false or null");
            case Form::pattern:
                return pattern(node, value, at);
            default:
                return schemas(name, *form, value, at, depth);
        }
    }

    bool note(const std::string& name, const json& value, const std::string& at) {
        if (name == "$schema")
            return value == kDraft || fail(at, fmt::format("allowed: \"{}\"", kDraft));
        if (name == "examples") return value.is_array() || fail(at, "allowed: a list");
        return name == "default" || value.is_string() || fail(at, "allowed: a text");
    }

    bool pattern(const json& node, const json& value, const std::string& at) {
        if (!value.is_string()) return fail(at, "allowed: a text");
        if (std::string why = pattern_fault(value.get<std::string>()); !why.empty())
            return fail(at, why);
        const auto longest = node.find("maxLength");
        if (longest == node.end() || !is_count(*longest) || longest->get<uint64_t>() > kMaxMatched)
            return fail(at,
                        "a pattern needs \"maxLength\" of at most 4096 beside it, so that no "
                        "text costs much to match");
        steps_ = std::max(steps_, pattern_steps(value.get<std::string>()));
        matched_ = std::max(matched_, longest->get<size_t>());
        return true;
    }

    bool schemas(const std::string& name, Form form, const json& value, const std::string& at,
                 int depth) {
        if (form == Form::schema_or_flag && value.is_boolean()) return true;
        if (form == Form::schema_map) {
            if (!value.is_object()) return fail(at, "allowed: an object of schemas");
            for (const auto& [key, each] : value.items())
                if (!schema(each, at + step(key), depth + 1)) return false;
            return true;
        }
        const bool list =
            form == Form::schema_list || (form == Form::schema_or_list && value.is_array());
        if (list && (!value.is_array() || value.empty()))
            return fail(at, "allowed: a list of schemas, at least one");
        const bool branch = form == Form::schema_list || name == "not";
        if (branch && (branches_ += list ? value.size() : 1) > kMaxBranches)
            return fail(at, "more than 64 branches of allOf, anyOf, oneOf and not; write fewer");
        if (!list) return schema(value, at, depth + 1);
        for (size_t i = 0; i < value.size(); ++i)
            if (!schema(value[i], at + step(std::to_string(i)), depth + 1)) return false;
        return true;
    }

    /// Rules between keywords of one schema.
    bool together(const json& node, const std::string& at) {
        const auto has = [&](const char* name) { return node.contains(name); };
        if (has("exclusiveMinimum") && !has("minimum"))
            return fail(at, "\"exclusiveMinimum\" needs \"minimum\" beside it");
        if (has("exclusiveMaximum") && !has("maximum"))
            return fail(at, "\"exclusiveMaximum\" needs \"maximum\" beside it");
        if (has("additionalItems") && !(has("items") && node["items"].is_array()))
            return fail(at, "\"additionalItems\" needs \"items\" with a list beside it");
        if (node.value("uniqueItems", false) &&
            !(has("maxItems") && node["maxItems"].get<uint64_t>() <= kMaxUnique))
            return fail(at, "\"uniqueItems\" needs \"maxItems\" of at most 1000 beside it");
        if (has("definitions") && !at.empty())
            return fail(at + "/definitions", "allowed: in the outermost schema alone");
        return true;
    }

    bool reference(const json& node, const std::string& at, int depth) {
        for (const auto& [name, value] : node.items()) {
            const Form* form = form_of(name);
            if (name != "$ref" && (form == nullptr || *form != Form::note))
                return fail(at, fmt::format("\"{}\" beside \"$ref\" would not be looked at; put "
                                            "both into \"allOf\"",
                                            name));
        }
        const json& target = node["$ref"];
        const std::string to = target.is_string() ? target.get<std::string>() : "";
        const json* found = to.rfind(kDefinitions, 0) == 0 &&
                                    to.find_first_of("/~%", kDefinitions.size()) == to.npos
                                ? find(root_, to.substr(1))
                                : nullptr;
        if (found == nullptr)
            return fail(at + "/$ref", "allowed: \"#/definitions/NAME\" of one that is there");
        if (std::count(open_.begin(), open_.end(), to) != 0)
            return fail(at + "/$ref", "leads back to itself; a schema has an end");
        open_.push_back(to);
        const bool good = schema(*found, to.substr(1), depth + 1);
        open_.pop_back();
        return good;
    }

    const json& root_;
    size_t schemas_ = 0, branches_ = 0, steps_ = 0, matched_ = 0;
    std::vector<std::string> open_;
    std::string why_;
};

}  // namespace

base::Result<Bounds> check_subset(const json& schema) {
    Walk walk(schema);
    if (!walk.schema(schema, "", 0)) return base::Error{"invalid", walk.why()};
    return walk.bounds();
}

json without_notes(const json& schema) {
    json out = json::object();
    for (const auto& [name, value] : schema.items()) {
        const Form* form = form_of(name);
        if (form == nullptr || *form == Form::note) continue;
        json& copy = out[name] = value;
        if (*form < Form::schema || value.is_boolean()) continue;
        if (*form == Form::schema_map || value.is_array())
            for (json& each : copy) each = without_notes(each);
        else
            copy = without_notes(value);
    }
    return out;
}

}  // namespace bw::schema
