// SPDX-License-Identifier: Apache-2.0
// Results instead of exceptions across every border of ours: a value, or an Error that says what to
// do.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace bw::base {

/// What went wrong. `code` is a short stable word for programs ("not_found", "refused", "timeout",
/// "invalid", "system", "taken", "closed"); `text` is a sentence for people.
struct Error {
    std::string code;
    std::string text;
};

/// A T or an Error. Asking value() of an error aborts: check first.
template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value)
        : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
    Result(Error error)
        : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }
    T& value() { return *std::get_if<0>(&state_); }
    const T& value() const { return *std::get_if<0>(&state_); }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    [[nodiscard]] const Error& error() const { return *std::get_if<1>(&state_); }

  private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design
    [[nodiscard]] bool ok() const { return !error_; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const { return *error_; }

  private:
    std::optional<Error> error_;
};

using Status = Result<void>;

/// An Error "system" whose text is "WHAT: strerror(errno)".
Error errno_error(const std::string& what);

}  // namespace bw::base
