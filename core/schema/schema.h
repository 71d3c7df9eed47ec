// SPDX-License-Identifier: Apache-2.0
// A JSON Schema, compiled once, and what does not match it. Draft 4, less what is not checked
// reliably: such a schema is refused at load, so that no line of one is silently ignored
// (docs/decisions/0013). RapidJSON stays behind schema.cpp.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace bw::schema {

/// Longer texts are refused before they are read.
inline constexpr size_t kMaxSchemaBytes = 64 * 1024;
/// Values times (1 + branches of allOf, anyOf, oneOf, not) that one check looks at; more is a
/// fault. A text that may be held against a pattern counts one more for each kStepsPerValue of its
/// bytes times the steps that a character may cost. It bounds what a payload can cost: some 20 ms.
inline constexpr size_t kMaxWork = 100'000;
inline constexpr size_t kStepsPerValue = 256;
/// Deeper nesting is a fault, of schemas and of what they are held against.
inline constexpr int kMaxDepth = 48;

/// The first thing that does not match.
struct Fault {
    std::string pointer;  // RFC 6901, of the value; "": the whole
    std::string keyword;  // of the schema: "type", "required", …
    std::string zh, en;   // "found a text; allowed: a number"
    [[nodiscard]] const std::string& in(std::string_view language) const {
        return language == "en" ? en : zh;
    }
    /// "data/level_m: found a text; allowed: a number"
    [[nodiscard]] std::string text(std::string_view root, std::string_view language = "en") const;
};

/// Immutable. Any thread; checks of one schema take turns.
class Schema {
  public:
    /// "invalid" with the pointer of what is wrong in the schema, and what to write instead.
    static base::Result<std::shared_ptr<const Schema>> compile(std::string_view text);
    ~Schema();
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;

    /// Nothing if it matches.
    [[nodiscard]] std::optional<Fault> check(const nlohmann::json& value) const;
    /// As above, of a text; one that is no JSON is a fault with the keyword "json".
    [[nodiscard]] std::optional<Fault> check_text(std::string_view json) const;
    /// The list `examples` beside the schema's first keywords; no check has looked at it.
    [[nodiscard]] const nlohmann::json& examples() const;

    /// An object of the `default` values of the outermost schema's properties.
    [[nodiscard]] nlohmann::json defaults() const;

  private:
    struct Impl;
    explicit Schema(std::unique_ptr<Impl> impl);
    const std::unique_ptr<Impl> impl_;
};

}  // namespace bw::schema
