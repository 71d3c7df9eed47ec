// SPDX-License-Identifier: Apache-2.0
#include "core/rules/match.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"

namespace bw::rules {

using nlohmann::json;

namespace {

constexpr int kMinutesOfDay = 24 * 60;
constexpr int64_t kMinuteNs = 60 * base::kSecond;

/// A pattern that ends in `open` is a beginning, else it is the whole.
bool fits(std::string_view pattern, std::string_view text, char open) {
    if (!pattern.empty() && pattern.back() == open)
        return text.substr(0, pattern.size()) == pattern;
    return pattern == text;
}

bool equal(const json& found, const config::RuleValue& wanted) {
    if (const bool* truth = std::get_if<bool>(&wanted))
        return found.is_boolean() && found.get<bool>() == *truth;
    if (const double* number = std::get_if<double>(&wanted))
        return found.is_number() && found.get<double>() == *number;
    return found.is_string() &&
           found.get_ref<const std::string&>() == std::get<std::string>(wanted);
}

bool is_one_of(const json& found, const std::vector<config::RuleValue>& values) {
    return std::any_of(values.begin(), values.end(),
                       [&](const config::RuleValue& value) { return equal(found, value); });
}

bool field_holds(const config::RuleField& field, const json& data) {
    const json* found = member_at(data, field.at);
    if (field.there && *field.there != (found != nullptr)) return false;
    const bool asks_value = !field.one_of.empty() || field.min || field.max;
    if (found == nullptr) return !asks_value;
    if (!field.one_of.empty() && !is_one_of(*found, field.one_of)) return false;
    if (is_one_of(*found, field.none_of)) return false;
    if (!field.min && !field.max) return true;
    if (!found->is_number()) return false;
    const double value = found->get<double>();
    return (!field.min || value >= *field.min) && (!field.max || value <= *field.max);
}

std::string unescaped(std::string_view token) {
    std::string out;
    for (size_t i = 0; i < token.size(); ++i) {
        if (token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1'))
            out += token[++i] == '0' ? '~' : '/';
        else
            out += token[i];
    }
    return out;
}

/// Minutes of the hall's day, and the moment its minute began.
int minute_of_day(int64_t wall_ns, int utc_offset_minutes) {
    const int64_t minutes = wall_ns / kMinuteNs + utc_offset_minutes;
    return static_cast<int>(((minutes % kMinutesOfDay) + kMinutesOfDay) % kMinutesOfDay);
}

}  // namespace

bool concerns(const config::RuleWhen& when, const Fact& fact) {
    return fits(when.type, fact.type, '.') &&
           (when.subject.empty() || fits(when.subject, fact.subject, '/'));
}

bool holds(const config::RuleWhen& when, const Fact& fact, const json& data, const Places& places) {
    if (fact.tombstone) return false;
    if (when.level > 0 && level_of(data).value_or(0) < when.level) return false;
    if (!std::all_of(when.fields.begin(), when.fields.end(),
                     [&](const config::RuleField& field) { return field_holds(field, data); }))
        return false;
    if (!when.place) return true;
    const auto at = places.of(fact, data, when.place->from);
    return at && inside(*when.place, *at);
}

std::optional<int> level_of(const json& data) {
    if (!data.is_object()) return std::nullopt;
    const auto at = data.find("level");
    if (at == data.end()) return std::nullopt;
    if (at->is_number()) return static_cast<int>(std::clamp(at->get<double>(), 0.0, 4.0));
    if (!at->is_string()) return std::nullopt;
    constexpr std::pair<std::string_view, int> words[] = {{"none", 0},   {"blue", 1}, {"yellow", 2},
                                                          {"orange", 3}, {"red", 4},  {"IV", 1},
                                                          {"III", 2},    {"II", 3},   {"I", 4}};
    for (const auto& [word, level] : words)
        if (at->get_ref<const std::string&>() == word) return level;
    return std::nullopt;
}

const json* member_at(const json& data, std::string_view pointer) {
    const json* at = &data;
    while (!pointer.empty() && at != nullptr) {
        pointer.remove_prefix(1);  // the slash
        const std::string token = unescaped(pointer.substr(0, pointer.find('/')));
        const size_t next = pointer.find('/');
        pointer = next == std::string_view::npos ? std::string_view() : pointer.substr(next);
        if (at->is_object()) {
            const auto found = at->find(token);
            at = found == at->end() ? nullptr : &*found;
        } else if (at->is_array()) {
            size_t index = 0;
            const char* end = token.data() + token.size();
            const auto read = std::from_chars(token.data(), end, index);
            const bool good = read.ec == std::errc{} && read.ptr == end && index < at->size();
            at = good ? &(*at)[index] : nullptr;
        } else {
            at = nullptr;
        }
    }
    return at;
}

bool within_hours(const config::RuleHours& hours, int64_t wall_ns, int utc_offset_minutes) {
    const int now = minute_of_day(wall_ns, utc_offset_minutes);
    if (hours.from < hours.to) return now >= hours.from && now < hours.to;
    return now >= hours.from || now < hours.to;
}

int64_t hours_began_ns(const config::RuleHours& hours, int64_t wall_ns, int utc_offset_minutes) {
    const int since =
        (minute_of_day(wall_ns, utc_offset_minutes) - hours.from + kMinutesOfDay) % kMinutesOfDay;
    return (wall_ns / kMinuteNs - since) * kMinuteNs;
}

int64_t hours_change_ns(const config::RuleHours& hours, int64_t wall_ns, int utc_offset_minutes) {
    const int now = minute_of_day(wall_ns, utc_offset_minutes);
    const auto until = [now](int minute) {
        return (minute - now - 1 + kMinutesOfDay) % kMinutesOfDay + 1;
    };
    return (wall_ns / kMinuteNs + std::min(until(hours.from), until(hours.to))) * kMinuteNs;
}

std::string prefix_of(const config::RuleWhen& when) {
    if (!when.type.empty() && when.type.back() == '.') return when.type;
    return when.type + "/" + when.subject;
}

}  // namespace bw::rules
