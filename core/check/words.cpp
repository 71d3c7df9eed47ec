// SPDX-License-Identifier: Apache-2.0
#include "core/check/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>

#include "core/check/rules.h"

namespace bw::check {
namespace {

/// The word behind the one at hand; empty: there is none.
using Value = std::function<std::string()>;

bool read_size(const std::string& text, Size& size) {
    char* end = nullptr;
    const unsigned long width = std::strtoul(text.c_str(), &end, 10);
    if (*end != 'x') return false;
    const unsigned long height = std::strtoul(end + 1, &end, 10);
    size.width = static_cast<uint32_t>(width);
    size.height = static_cast<uint32_t>(height);
    return *end == 0 && width >= 1 && height >= 1 && width <= 8192 && height <= 8192;
}

bool read_scale(const std::string& text, Size& size) {
    char* end = nullptr;
    size.scale = std::strtof(text.c_str(), &end);
    return !text.empty() && *end == 0 && size.scale >= 0.1F && size.scale <= 10;
}

/// A word of `plugin picture`; false: it is another's.
bool read_picture_word(const std::string& word, const Value& value, PictureWish& wish, bool& good) {
    if (word == "--panel")
        wish.panel = value();
    else if (word == "--picture")
        wish.out = value();
    else if (word == "--compare")
        wish.compare = value();
    else if (word == "--language")
        wish.language = value();
    else if (word == "--size")
        good = read_size(value(), wish.size);
    else if (word == "--scale")
        good = read_scale(value(), wish.size);
    else
        return false;
    return true;
}

template <class T>
bool read_number(const std::string& word, T& out) {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
    return error == std::errc() && end == word.data() + word.size();
}

/// A word that takes no value; false: it is another.
bool read_flag(const std::string& word, Wish& wish) {
    if (word == "--json")
        wish.json = true;
    else if (word == "--rules")
        wish.list = true;
    else if (word == "--no-sandbox")
        wish.sandbox = false;
    else if (word == "--in-process")
        wish.in_process = true;
    else if (word == "--memcheck")
        wish.memcheck = true;
    else
        return false;
    return true;
}

/// A word of `plugin check` with a value; false: it is another.
bool read_check_word(const std::string& word, const Value& value, Wish& wish, bool& good) {
    if (word == "--only") {
        wish.only.emplace_back(value());
    } else if (word == "--events") {
        wish.events = value();
    } else if (word == "--seed") {
        good = read_number(value(), wish.seed);
    } else if (word == "--reproduce") {
        good = read_number(value(), wish.seed);
        wish.told = true;
        wish.only = {"panel.fuzz"};
    } else if (word == "--rounds") {
        good = read_number(value(), wish.rounds);
    } else {
        return false;
    }
    return true;
}

/// Words that are right each by itself may not make sense together.
bool makes_sense(const Wish& wish) {
    for (const std::string& id : wish.only) {
        const auto& rules = all_rules();
        if (std::none_of(rules.begin(), rules.end(),
                         [&](const Rule& rule) { return id == rule.id; })) {
            fmt::print(stderr, "plugin check: no rule {}; --rules lists them\n", id);
            return false;
        }
    }
    if (wish.folders.empty() && !wish.list) {
        fmt::print(stderr, "plugin check: which plugin? Give the folder with its plugin.toml\n");
        return false;
    }
    return true;
}

}  // namespace

bool read_words(int argc, char** argv, Wish& wish) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const Value value = [&]() -> std::string { return i + 1 < argc ? argv[++i] : ""; };
        bool good = true;
        if (!read_picture_word(word, value, wish.picture, good) && !read_flag(word, wish) &&
            !read_check_word(word, value, wish, good)) {
            good = !word.starts_with("-");
            wish.folders.emplace_back(word);
        }
        if (!good) {
            fmt::print(stderr, "plugin check: what is {}?\n", word);
            return false;
        }
    }
    return makes_sense(wish);
}

}  // namespace bw::check
