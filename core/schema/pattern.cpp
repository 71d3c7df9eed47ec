// SPDX-License-Identifier: Apache-2.0
#include "core/schema/pattern.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

namespace bw::schema {

namespace {

constexpr size_t kMaxBytes = 256;
constexpr unsigned kMaxRepeats = 64;  // in one pair of braces
constexpr size_t kMaxStates = 4096;   // what the repeats multiply to
constexpr std::string_view kEscapable = R"(^$|()?*+.[]{}\)";

/// The number after `at`; `at` moves behind it.
bool read_number(std::string_view text, size_t& at, unsigned& out) {
    const char* begin = text.data() + at;
    const auto read = std::from_chars(begin, text.data() + text.size(), out);
    at = static_cast<size_t>(read.ptr - text.data());
    return read.ec == std::errc() && out <= kMaxRepeats;
}

/// "{2}", "{2,}" or "{2,5}" from its brace on.
bool read_braces(std::string_view text, size_t& at, unsigned& most) {
    unsigned least = 0;
    if (!read_number(text, ++at, least) || at >= text.size()) return false;
    most = least;
    if (text[at] == ',' && ++at < text.size() && text[at] != '}')
        if (!read_number(text, at, most) || most < least) return false;
    if (text.substr(at - 1, 2) == ",}") most = std::max(1U, least);
    return at < text.size() && text[at] == '}' && most > 0;
}

/// A class from its bracket on; `at` is at its end.
bool read_class(std::string_view text, size_t& at) {
    const size_t first = at + (text.substr(at + 1, 1) == "^" ? 2 : 1);
    for (at = first; at < text.size() && text[at] != ']'; ++at) {
        if (text[at] == '[') return false;  // others take "[:" for the name of a class
        if (text[at] == '\\' &&
            (++at >= text.size() || kEscapable.find(text[at]) == std::string_view::npos))
            return false;
    }
    return at < text.size() && at > first;
}

constexpr const char* kAllowed =
    "; allowed: ^…$ around the whole, and in it letters, . [a-z] [^a-z] ( ) | ? * + {2} {2,5} and "
    "\\ before one of ^$|()?*+.[]{}\\";

/// Reads what stands between ^ and $.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool read() {
        for (; at_ < text_.size(); ++at_)
            if (!one(text_[at_])) return false;
        return groups_.size() == 1 && before_ != Before::nothing;
    }
    /// How long the pattern is with its repeats written out.
    [[nodiscard]] size_t states() const { return groups_.back() + last_; }
    [[nodiscard]] bool bare_alternatives() const { return bare_alternatives_; }

  private:
    enum class Before { nothing, atom, repeated };

    bool one(char c) {
        if (std::string_view("^$]}").find(c) != std::string_view::npos) return false;
        if (c == '|') return alternative();
        if (c == '(') return open();
        if (c == ')') return close();
        if (std::string_view("?*+{").find(c) != std::string_view::npos) return repeat(c);
        if (c == '[' && !read_class(text_, at_)) return false;
        if (c == '\\' &&
            (++at_ >= text_.size() || kEscapable.find(text_[at_]) == std::string_view::npos))
            return false;
        atom(1);
        return true;
    }
    void atom(size_t states) {
        groups_.back() += last_;
        last_ = states;
        before_ = Before::atom;
    }
    bool alternative() {
        bare_alternatives_ = bare_alternatives_ || groups_.size() == 1;
        return std::exchange(before_, Before::nothing) != Before::nothing;
    }
    bool open() {
        groups_.back() += std::exchange(last_, 0);
        groups_.push_back(0);
        before_ = Before::nothing;
        return groups_.size() < 16;
    }
    bool close() {
        if (groups_.size() == 1 || before_ == Before::nothing) return false;
        const size_t inside = groups_.back() + std::exchange(last_, 0);
        groups_.pop_back();
        atom(inside);
        return true;
    }
    /// A repeat of a repeat ("a+?") means other things elsewhere.
    bool repeat(char c) {
        if (before_ != Before::atom) return false;
        before_ = Before::repeated;
        unsigned most = 1;
        if (c == '{' && !read_braces(text_, at_, most)) return false;
        last_ *= most;
        return states() <= kMaxStates;
    }

    std::string_view text_;
    size_t at_ = 0, last_ = 0;
    std::vector<size_t> groups_{0};
    Before before_ = Before::nothing;
    bool bare_alternatives_ = false;
};

}  // namespace

std::string pattern_fault(const std::string& pattern) {
    if (pattern.size() > kMaxBytes) return "the pattern has more than 256 bytes; write it shorter";
    if (pattern.find('\0') != std::string::npos) return "the pattern has a zero byte";
    if (pattern.size() < 3 || pattern.front() != '^' || pattern.back() != '$')
        return std::string("the pattern does not match the whole text") + kAllowed;
    Reader reader(std::string_view(pattern).substr(1, pattern.size() - 2));
    const bool good = reader.read();
    if (reader.states() > kMaxStates)
        return "the repeats of the pattern multiply; write fewer or smaller";
    if (!good) return std::string("the pattern cannot be read") + kAllowed;
    if (reader.bare_alternatives())
        return "alternatives without brackets around them mean other things elsewhere; allowed: "
               "^(a|b)$";
    return {};
}

}  // namespace bw::schema
