// SPDX-License-Identifier: Apache-2.0
#include "core/schema/pattern.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace bw::schema {

namespace {

constexpr size_t kMaxBytes = 256;
constexpr unsigned kMaxRepeats = 64;  // in one pair of braces
constexpr size_t kMaxStates = 4096;   // what the repeats multiply to
constexpr size_t kMaxSteps = 64 * 1024;
constexpr std::string_view kEscapable = R"(^$|()?*+.[]{}\)";

/// The number after `at`; `at` moves behind it.
bool read_number(std::string_view text, size_t& at, unsigned& out) {
    const char* begin = text.data() + at;
    const auto read = std::from_chars(begin, text.data() + text.size(), out);
    at = static_cast<size_t>(read.ptr - text.data());
    return read.ec == std::errc() && out <= kMaxRepeats;
}

struct Braces {
    unsigned least = 0, most = 0;
    bool open = false;  // "{2,}"
};

/// "{2}", "{2,}" or "{2,5}" from its brace on.
bool read_braces(std::string_view text, size_t& at, Braces& out) {
    if (!read_number(text, ++at, out.least) || at >= text.size()) return false;
    out.most = out.least;
    if (text[at] == ',' && ++at < text.size() && text[at] != '}')
        if (!read_number(text, at, out.most) || out.most < out.least) return false;
    out.open = text.substr(at - 1, 2) == ",}";
    if (out.open) out.most = std::max(1U, out.least);
    return at < text.size() && text[at] == '}' && out.most > 0;
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

/// What RapidJSON's matcher may do with a piece of a pattern. It follows every way through the
/// splits that repeats and alternatives make, again and again, up to the next character: so their
/// number is bounded, and no way may lead round without one.
struct Cost {
    size_t states = 0;  // characters, with the repeats written out
    size_t enter = 0;   // steps from its begin
    size_t go_on = 0;   // steps from within it, at most
    bool empty = true;  // it may match nothing
};

Cost then(const Cost& a, const Cost& b) {
    return {a.states + b.states, a.enter + (a.empty ? b.enter : 0),
            std::max(a.go_on + b.enter, b.go_on), a.empty && b.empty};
}

Cost either(const Cost& a, const Cost& b) {
    return {a.states + b.states, 1 + a.enter + b.enter, std::max(a.go_on, b.go_on),
            a.empty || b.empty};
}

Cost perhaps(const Cost& a) {
    return {a.states, 1 + a.enter, a.go_on, true};
}

Cost again(const Cost& a) {
    return {a.states, a.enter, a.go_on + 1 + a.enter, a.empty};
}

/// `a` at least `least` times, and at most `most` times.
Cost times(const Cost& a, unsigned least, unsigned most) {
    Cost out;
    for (unsigned i = 0; i < most && out.states <= kMaxStates; ++i)
        out = then(out, i < least ? a : perhaps(a));
    return out;
}

/// Reads what stands between ^ and $.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool read() {
        for (; at_ < text_.size(); ++at_)
            if (!one(text_[at_])) return false;
        return groups_.size() == 1 && before_ != Before::nothing;
    }
    [[nodiscard]] Cost cost() const { return groups_.back().whole(); }
    [[nodiscard]] bool bare_alternatives() const { return bare_alternatives_; }
    /// It repeats what may be empty, or has alternatives that are.
    [[nodiscard]] bool endless() const { return endless_; }

  private:
    enum class Before { nothing, atom, repeated };
    struct Group {
        std::optional<Cost> others;  // alternatives before this one
        Cost before, last;           // of this one; `last` may yet be repeated
        [[nodiscard]] Cost whole() const {
            const Cost mine = then(before, last);
            return others ? either(*others, mine) : mine;
        }
    };

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
        atom({1, 1, 0, false});
        return true;
    }
    void atom(const Cost& cost) {
        Group& in = groups_.back();
        in.before = then(in.before, in.last);
        in.last = cost;
        before_ = Before::atom;
    }
    bool alternative() {
        bare_alternatives_ = bare_alternatives_ || groups_.size() == 1;
        Group& in = groups_.back();
        endless_ = endless_ || then(in.before, in.last).empty;
        in = {in.whole(), {}, {}};
        return std::exchange(before_, Before::nothing) != Before::nothing;
    }
    bool open() {
        Group& in = groups_.back();
        in.before = then(in.before, std::exchange(in.last, {}));
        groups_.emplace_back();
        before_ = Before::nothing;
        return groups_.size() < 16;
    }
    bool close() {
        if (groups_.size() == 1 || before_ == Before::nothing) return false;
        const Group& in = groups_.back();
        endless_ = endless_ || (in.others && then(in.before, in.last).empty);
        const Cost inside = in.whole();
        groups_.pop_back();
        atom(inside);
        return true;
    }
    /// A repeat of a repeat ("a+?") means other things elsewhere.
    bool repeat(char c) {
        if (before_ != Before::atom) return false;
        before_ = Before::repeated;
        Cost& last = groups_.back().last;
        endless_ = endless_ || last.empty;
        if (c == '?') last = perhaps(last);
        if (c == '+') last = again(last);
        if (c == '*') last = perhaps(again(last));
        if (c == '{') {
            Braces braces;
            if (!read_braces(text_, at_, braces)) return false;
            last = times(last, braces.least, braces.most);
            if (braces.open) last = again(last);
        }
        return cost().states <= kMaxStates;
    }

    std::string_view text_;
    size_t at_ = 0;
    std::vector<Group> groups_{1};
    Before before_ = Before::nothing;
    bool bare_alternatives_ = false, endless_ = false;
};

/// Steps that a character may cost, at most.
size_t steps_of(const Cost& cost) {
    return cost.states * (1 + cost.go_on);
}

}  // namespace

std::string pattern_fault(const std::string& pattern) {
    if (pattern.size() > kMaxBytes) return "the pattern has more than 256 bytes; write it shorter";
    if (pattern.find('\0') != std::string::npos) return "the pattern has a zero byte";
    if (pattern.size() < 3 || pattern.front() != '^' || pattern.back() != '$')
        return std::string("the pattern does not match the whole text") + kAllowed;
    Reader reader(std::string_view(pattern).substr(1, pattern.size() - 2));
    const bool good = reader.read();
    if (reader.cost().states > kMaxStates)
        return "the repeats of the pattern multiply; write fewer or smaller";
    if (!good) return std::string("the pattern cannot be read") + kAllowed;
    if (reader.bare_alternatives())
        return "alternatives without brackets around them mean other things elsewhere; allowed: "
               "^(a|b)$";
    if (reader.endless())
        return "the pattern repeats what may be empty, or has an alternative that is; write (ab*)+ "
               "for (a*b*)*";
    if (steps_of(reader.cost()) > kMaxSteps)
        return "the pattern costs too much to match; write [a-z]+ with \"maxLength\" for "
               "[a-z]{1,64}";
    return {};
}

size_t pattern_steps(const std::string& pattern) {
    Reader reader(std::string_view(pattern).substr(1, pattern.size() - 2));
    (void)reader.read();
    return steps_of(reader.cost());
}

}  // namespace bw::schema
