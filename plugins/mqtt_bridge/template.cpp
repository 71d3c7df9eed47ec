// SPDX-License-Identifier: Apache-2.0
#include "template.h"

#include <algorithm>

namespace bw::mqtt_bridge {
namespace {

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::vector<std::string_view> split(std::string_view topic) {
    std::vector<std::string_view> levels;
    for (size_t from = 0;;) {
        const size_t slash = topic.find('/', from);
        levels.push_back(
            topic.substr(from, slash == std::string_view::npos ? slash : slash - from));
        if (slash == std::string_view::npos) return levels;
        from = slash + 1;
    }
}

/// "station" of "{station}"; nothing if it is no such level.
std::string_view inside(std::string_view level) {
    const bool braces = level.size() > 2 && level.front() == '{' && level.back() == '}';
    return braces ? level.substr(1, level.size() - 2) : std::string_view();
}

}  // namespace

std::optional<std::set<std::string>> names_in(std::string_view text) {
    std::set<std::string> names;
    for (size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '}') return std::nullopt;
        if (text[at] != '{') continue;
        const size_t end = text.find('}', at);
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view name = text.substr(at + 1, end - at - 1);
        if (!is_name(name)) return std::nullopt;
        names.emplace(name);
        at = end;
    }
    return names;
}

std::string filled(std::string_view text, const Names& names) {
    std::string out;
    for (size_t at = 0; at < text.size(); ++at) {
        const size_t end = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
        if (end == std::string_view::npos) {
            out += text[at];
            continue;
        }
        const auto found = names.find(std::string(text.substr(at + 1, end - at - 1)));
        if (found != names.end()) out += found->second;
        at = end;
    }
    return out;
}

std::optional<TopicPattern> TopicPattern::parse(const std::string& text, std::string& why) {
    TopicPattern pattern;
    const auto levels = split(text);
    for (size_t i = 0; i < levels.size(); ++i) {
        const std::string_view level = levels[i];
        const bool last = i + 1 == levels.size();
        std::string_view name = inside(level);
        const bool rest = name.size() > 3 && name.substr(name.size() - 3) == "...";
        if (rest) name.remove_suffix(3);
        Level out;
        if (level == "#" || rest) {
            if (!last) return why = "`#` and {name...} stand at the end alone", std::nullopt;
            out = {Level::Kind::rest, std::string(name)};
        } else if (level == "+" || !name.empty()) {
            out = {Level::Kind::one, std::string(name)};
        } else if (level.find_first_of("+#{}") != std::string_view::npos) {
            return why = "a level is a text, `+`, `#` or {name}, whole", std::nullopt;
        } else {
            out = {Level::Kind::text, std::string(level)};
        }
        if (!name.empty()) {
            if (!is_name(name)) return why = "names have a-z, 0-9 and _", std::nullopt;
            if (!pattern.names_.emplace(name).second)
                return why = "each name stands once", std::nullopt;
        }
        if (i > 0) pattern.filter_ += '/';
        pattern.filter_ += out.kind == Level::Kind::rest  ? "#"
                           : out.kind == Level::Kind::one ? "+"
                                                          : out.word;
        pattern.levels_.push_back(std::move(out));
    }
    if (text.empty() || pattern.filter_.size() > 65535 || text.find('\0') != std::string::npos)
        return why = "a topic has 1 to 65535 bytes", std::nullopt;
    return pattern;
}

bool TopicPattern::match(std::string_view topic, Names& out) const {
    // MQTT 3.1.1, 4.7.2: a wildcard at the beginning matches nothing of the broker's own.
    if (!topic.empty() && topic.front() == '$' && levels_.front().kind != Level::Kind::text)
        return false;
    const auto words = split(topic);
    Names names;
    for (size_t i = 0; i < levels_.size(); ++i) {
        const Level& level = levels_[i];
        if (level.kind == Level::Kind::rest) {
            // "a/#" matches "a", too.
            std::string rest;
            for (size_t j = i; j < words.size(); ++j)
                rest += (j > i ? "/" : "") + std::string(words[j]);
            if (!level.word.empty()) names[level.word] = rest;
            out = std::move(names);
            return words.size() >= i;
        }
        if (i >= words.size()) return false;
        if (level.kind == Level::Kind::text && level.word != words[i]) return false;
        if (level.kind == Level::Kind::one && !level.word.empty())
            names[level.word] = std::string(words[i]);
    }
    if (words.size() != levels_.size()) return false;
    out = std::move(names);
    return true;
}

bool is_topic(std::string_view topic) {
    return !topic.empty() && topic.size() <= 65535 &&
           topic.find_first_of(std::string_view("+#\0", 3)) == std::string_view::npos;
}

}  // namespace bw::mqtt_bridge
