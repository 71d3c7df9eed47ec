// SPDX-License-Identifier: Apache-2.0
// JSON for panel authors: parsed once, read by dotted paths, never throws. Copies are cheap and
// share one document. What is missing or of another type reads as the fallback.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bw::sdk {

class Json {
  public:
    /// null
    Json();
    /// Null if `text` is not JSON.
    static Json parse(std::string_view text);
    /// An empty object or array to build up with set() and push().
    static Json object();
    static Json array();

    [[nodiscard]] bool is_null() const;
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_array() const;
    [[nodiscard]] bool is_text() const;
    [[nodiscard]] bool is_number() const;
    /// Members or elements; 0 for anything else.
    [[nodiscard]] size_t size() const;

    /// What stands at a dotted path: "place.longitude", "levels.0.name"; "" is this value itself.
    /// Null if there is none.
    [[nodiscard]] Json at(std::string_view path) const;
    [[nodiscard]] Json at(size_t index) const;
    [[nodiscard]] bool has(std::string_view path) const;

    [[nodiscard]] std::optional<double> get_number(std::string_view path = "") const;
    [[nodiscard]] double number(std::string_view path, double fallback = 0) const;
    [[nodiscard]] int64_t integer(std::string_view path, int64_t fallback = 0) const;
    [[nodiscard]] bool flag(std::string_view path, bool fallback = false) const;
    /// A text; a number or boolean is given as it is written.
    [[nodiscard]] std::string text(std::string_view path, std::string_view fallback = "") const;
    /// `{zh, en}` at the path in the wall's language, the other one if that is missing; a plain
    /// text as it is.
    [[nodiscard]] std::string text_in(std::string_view path, std::string_view language,
                                      std::string_view fallback = "") const;

    /// Each element of the array (or value of the object) at `path`.
    void each(std::string_view path, const std::function<void(const Json&)>& visit) const;
    /// Each member of the object at `path`, in order of its names.
    void each_member(std::string_view path,
                     const std::function<void(const std::string&, const Json&)>& visit) const;

    /// Sets a member of this object (for values made by object()). Returns *this.
    Json& set(std::string_view name, std::string_view value);
    Json& set(std::string_view name, const char* value) {
        return set(name, std::string_view(value));
    }
    Json& set(std::string_view name, double value);
    Json& set(std::string_view name, int64_t value);
    Json& set(std::string_view name, int value) { return set(name, static_cast<int64_t>(value)); }
    Json& set(std::string_view name, bool value);
    Json& set(std::string_view name, const Json& value);
    /// Appends to this array (for values made by array()). Returns *this.
    Json& push(const Json& value);
    Json& push(std::string_view value);
    Json& push(double value);

    [[nodiscard]] std::string dump() const;

  private:
    struct Document;
    std::shared_ptr<Document> document_;
    const void* node_ = nullptr;  // the value inside document_ that this names
};

}  // namespace bw::sdk
