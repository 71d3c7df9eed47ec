// SPDX-License-Identifier: Apache-2.0
// [rule.when]: what has to be the case.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "core/config/readers.h"

namespace bw::config {
namespace {

constexpr Range kCount{1, 10000};
constexpr double kHuge = 1e18;

/// Types that are no plugin's, and that are no doing of the wall's own: a rule that heard its own
/// takes would go on by itself.
constexpr std::string_view kOurs[] = {"beaconwall.source.v1", "beaconwall.source.state.v1"};

bool begins(std::string_view text, std::string_view with) {
    return text.substr(0, with.size()) == with;
}

std::optional<RuleValue> value_of(const Node& node) {
    switch (node.kind) {
        case Node::Kind::string:
            return node.text;
        case Node::Kind::integer:
        case Node::Kind::real:
            return node.number;
        case Node::Kind::boolean:
            return node.boolean;
        default:
            return std::nullopt;
    }
}

/// A value, or a list of them.
std::vector<RuleValue> read_values(Table& table, std::string_view key, Report& report) {
    std::vector<RuleValue> values;
    const Node* node = table.find(key);
    if (!node) return values;
    const bool list = node->kind == Node::Kind::array;
    const std::vector<Node>& items = node->items;
    const auto add = [&](const Node& item) {
        if (auto value = value_of(item))
            values.push_back(std::move(*value));
        else
            report.add(fault::bad_rule_field, item.place,
                       fmt::format("found {} as `{}`; allowed: a text, a number, true or false, or "
                                   "a list of these",
                                   name_of(item.kind), key));
    };
    if (!list) add(*node);
    for (const Node& item : items) add(item);
    if (list && items.empty())
        report.add(fault::bad_rule_field, node->place,
                   fmt::format("found an empty list as `{}`; allowed: at least one value", key));
    return values;
}

std::optional<double> read_bound(Table& table, std::string_view key) {
    if (!table.find(key)) return std::nullopt;
    return table.number(key, {-kHuge, kHuge}, 0);
}

RuleField read_field(const Node& node, Report& report) {
    Table table(report, node, "a `field`");
    RuleField field;
    field.at = table.string("at", Need::required);
    if (!field.at.empty() && field.at.front() != '/')
        report.add(fault::bad_rule_field, table.place_of("at"),
                   fmt::format("found {} as `at`; allowed: a place in the event's data such as "
                               "\"/level_m\" or \"/wind/speed\"",
                               in_quotes(field.at)));
    field.one_of = read_values(table, "is", report);
    field.none_of = read_values(table, "is_not", report);
    field.min = read_bound(table, "min");
    field.max = read_bound(table, "max");
    if (table.find("there")) field.there = table.boolean("there", true);
    const bool asks =
        table.find("is") || table.find("is_not") || field.min || field.max || table.find("there");
    if (!asks)
        report.add(fault::bad_rule_field, table.place(),
                   "found a `field` that asks nothing; allowed: is, is_not, min, max, there");
    if (field.min && field.max && *field.min > *field.max)
        report.add(fault::bad_rule_field, table.place_of("min"),
                   "found `min` above `max`; allowed: a range that something is in");
    table.finish();
    return field;
}

/// Minutes of "06:30"; nothing if it is no time of day.
std::optional<int> minutes_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    int hour = 0, minute = 0;
    const auto read = [](std::string_view digits, int& out) {
        const auto done = std::from_chars(digits.data(), digits.data() + digits.size(), out);
        return done.ec == std::errc{} && done.ptr == digits.data() + digits.size() && out >= 0;
    };
    if (!read(text.substr(0, 2), hour) || !read(text.substr(3), minute)) return std::nullopt;
    if (hour > 23 || minute > 59) return std::nullopt;
    return hour * 60 + minute;
}

std::optional<RuleHours> read_hours(Table& table, Report& report) {
    const Node* list = table.find("between", Node::Kind::array, Need::optional);
    if (!list) return std::nullopt;
    if (list->items.size() == 2 && list->items[0].kind == Node::Kind::string &&
        list->items[1].kind == Node::Kind::string) {
        const auto from = minutes_of(list->items[0].text), to = minutes_of(list->items[1].text);
        if (from && to && *from != *to) return RuleHours{*from, *to};
    }
    report.add(fault::bad_rule_hours, list->place,
               "found hours that are none; allowed: two different times of the hall's clock, "
               "[\"22:00\", \"06:00\"]");
    return std::nullopt;
}

void read_count(Table& table, RuleWhen& when, Report& report) {
    when.count = static_cast<uint32_t>(table.integer("count", kCount, 1));
    when.subjects = table.word("count_of", {"events", "subjects"}, "events") == "subjects";
    if (when.count > 1) {
        table.find("within", Need::required);
        when.within_ms = read_duration(table, "within", 0, report);
        return;
    }
    for (const char* key : {"within", "count_of"})
        if (table.find(key))
            report.add(fault::rule_no_effect, table.place_of(key),
                       fmt::format("found `{}` without a `count` above 1; allowed: both", key));
}

}  // namespace

bool types_meet(std::string_view asked, std::string_view published) {
    if (asked == published) return true;
    if (!asked.empty() && asked.back() == '.' && begins(published, asked)) return true;
    return !published.empty() && published.back() == '.' && begins(asked, published);
}

void check_rule_type(const std::string& type, Place place, Report& report, const Known& known) {
    if (type.empty() || (begins(type, "x.") && type.size() > 2)) return;
    std::vector<std::string> allowed(std::begin(kOurs), std::end(kOurs));
    for (const Plugin& plugin : *known.plugins)
        for (const auto* types : {&plugin.publishes, &plugin.owns})
            allowed.insert(allowed.end(), types->begin(), types->end());
    if (std::any_of(allowed.begin(), allowed.end(),
                    [&](const std::string& each) { return types_meet(type, each); }))
        return;
    std::sort(allowed.begin(), allowed.end());
    allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
    report.add(fault::unknown_rule_type, place,
               fmt::format("found the event type {}, which no plugin publishes; allowed: {}, the "
                           "beginning of some with '.' at its end, and x.…",
                           in_quotes(type), allowed_words(allowed, type)));
}

RuleWhen read_rule_when(const Node& node, Report& report, const Known& known) {
    Table table(report, node, "[rule.when]");
    RuleWhen when;
    when.type = table.string("type", Need::required);
    check_rule_type(when.type, table.place_of("type"), report, known);
    when.subject = table.string("subject");
    when.level = read_level(table, "level");
    for (const Node* each : table.tables("field")) when.fields.push_back(read_field(*each, report));
    when.place = read_rule_area(table, report, known);
    when.between = read_hours(table, report);
    when.for_ms = read_duration(table, "for", 0, report);
    read_count(table, when, report);
    when.lasts_ms = read_duration(table, "lasts", when.lasts_ms, report);
    table.finish();
    return when;
}

}  // namespace bw::config
