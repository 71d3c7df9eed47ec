// SPDX-License-Identifier: Apache-2.0
// rules.toml: limits, and what each rule does. Its conditions are rules_when.cpp's.
#include <fmt/core.h>

#include <algorithm>

#include "core/base/duration.h"
#include "core/config/actions.h"
#include "core/config/readers.h"

namespace bw::config {
namespace {

constexpr size_t kMaxRules = 200;
constexpr Range kTakes{0, 100}, kPriority{0, 100}, kFadeMs{0, 10000};

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

void read_limits(Table& root, Rules& rules, Report& report) {
    const Node* node = root.find("limits", Node::Kind::table, Need::optional);
    if (!node) return;
    Table table(report, *node, "[limits]");
    rules.takes = static_cast<uint32_t>(table.integer("takes", kTakes, rules.takes));
    rules.takes_within_ms = read_duration(table, "within", rules.takes_within_ms, report);
    rules.after_person_ms = read_duration(table, "after_person", rules.after_person_ms, report);
    table.finish();
}

void check_layout(const std::string& name, Place place, Report& report, const KnownToRules& there) {
    if (has(there.layout_names, name) || there.layout_names.empty()) return;
    report.add(fault::rule_of_unknown_layout, place,
               fmt::format("found the unknown layout {}; allowed: {}", in_quotes(name),
                           allowed_words(there.layout_names, name)));
}

void check_pane(const std::string& id, Place place, Report& report, const KnownToRules& there) {
    if (!there.layouts_read) return;
    std::vector<std::string> panes;
    for (const Layout& layout : there.site.layouts)
        for (const Pane& pane : layout.panes)
            if (!has(panes, pane.id)) panes.push_back(pane.id);
    if (has(panes, id)) return;
    report.add(fault::rule_of_unknown_pane, place,
               fmt::format("found the pane {}, which no layout has; allowed: {}", in_quotes(id),
                           allowed_words(panes, id)));
}

/// Of take, preview and focus the one that is there.
void read_action(Table& table, RuleThen& then, Report& report, const KnownToRules& there) {
    constexpr std::pair<const char*, RuleDoes> kinds[] = {
        {"take", RuleDoes::take}, {"preview", RuleDoes::preview}, {"focus", RuleDoes::focus}};
    for (const auto& [key, does] : kinds) {
        if (!table.find(key)) continue;
        const std::string target = table.string(key);
        if (then.does != RuleDoes::nothing) {
            report.add(fault::rule_does_two_things, table.place_of(key),
                       fmt::format("found `{}` as a second action; allowed: one of take, preview "
                                   "and focus, and `attention` beside it",
                                   key));
            continue;
        }
        then.does = does;
        then.target = target;
        if (target.empty()) continue;  // told already, or an empty text, which names nothing
        const auto check = does == RuleDoes::focus ? check_pane : check_layout;
        check(target, table.place_of(key), report, there);
    }
}

void read_attention(Table& table, RuleThen& then, Report& report) {
    const Node* node = table.find("attention", Node::Kind::table, Need::optional);
    if (!node) return;
    Table keys(report, *node, "`attention`");
    RuleAttention attention;
    keys.find("title", Need::required);
    attention.title = keys.text("title");
    attention.level = std::max(1, read_level(keys, "level"));
    attention.keep_ms = read_duration(keys, "keep", attention.keep_ms, report);
    keys.finish();
    then.attention = std::move(attention);
}

/// Keys that do nothing beside this action.
void check_effect(Table& table, const RuleThen& then, Report& report) {
    if (then.does == RuleDoes::take || then.does == RuleDoes::focus) return;
    for (const char* key : {"fade_ms", "dwell", "hold", "return"})
        if (table.find(key))
            report.add(fault::rule_no_effect, table.place_of(key),
                       fmt::format("found `{}` where nothing is taken; allowed: with `take` and "
                                   "`focus`",
                                   key));
}

RuleThen read_then(const Node& node, Report& report, const KnownToRules& there) {
    Table table(report, node, "[rule.then]");
    RuleThen then;
    read_action(table, then, report, there);
    if (table.find("fade_ms"))
        then.fade_ms = static_cast<uint32_t>(table.integer("fade_ms", kFadeMs, 0));
    then.dwell_ms = read_duration(table, "dwell", then.dwell_ms, report);
    then.hold_ms = read_duration(table, "hold", then.hold_ms, report);
    then.returns = table.boolean("return", true);
    read_attention(table, then, report);
    check_effect(table, then, report);
    if (then.does == RuleDoes::nothing && !table.find("attention"))
        report.add(
            fault::rule_does_nothing, table.place(),
            "found no action in [rule.then]; allowed: take, preview or focus, and attention");
    table.finish();
    return then;
}

void check_role(const Rule& rule, Place place, Report& report, const Site& site) {
    std::vector<std::string> names = built_in_role_names();
    names.emplace_back(kRuleRole);
    for (const Role& role : site.roles) names.push_back(role.name);
    if (rule.role.empty() || has(names, rule.role)) return;
    report.add(fault::rule_of_unknown_role, place,
               fmt::format("found the unknown role {}; allowed: {}", in_quotes(rule.role),
                           allowed_words(names, rule.role)));
}

Rule read_rule(const Node& node, Report& report, const Known& known, const KnownToRules& there) {
    Table table(report, node, "[[rule]]");
    Rule rule;
    rule.name = table.name("name", Need::required, 48);
    rule.title = table.text("title");
    rule.enabled = table.boolean("enabled", true);
    rule.priority = static_cast<int>(table.integer("priority", kPriority, rule.priority));
    if (table.find("role")) rule.role = table.string("role");
    check_role(rule, table.place_of("role"), report, there.site);
    if (const Node* when = table.find("when", Node::Kind::table, Need::required))
        rule.when = read_rule_when(*when, report, known);
    if (const Node* then = table.find("then", Node::Kind::table, Need::required))
        rule.then = read_then(*then, report, there);
    table.finish();
    return rule;
}

}  // namespace

int64_t read_duration(Table& table, std::string_view key, int64_t fallback, Report& report) {
    const Node* node = table.find(key, Node::Kind::string, Need::optional);
    if (!node) return fallback;
    if (node->text == "0s") return 0;
    if (const auto length = base::parse_duration(node->text)) return *length;
    report.add(fault::bad_duration, node->place,
               fmt::format("found {} as `{}`; allowed: 90s, 30m, 2h, 1h30m or 0s, at most 30 days",
                           in_quotes(node->text), key));
    return fallback;
}

int read_level(Table& table, std::string_view key) {
    static const std::vector<std::string> words = {"blue", "yellow", "orange", "red"};
    const Node* node = table.find(key);
    if (!node) return 0;
    if (node->kind != Node::Kind::string) return static_cast<int>(table.integer(key, {1, 4}, 0));
    const std::string word = table.word(key, words, "");
    const auto at = std::find(words.begin(), words.end(), word);
    return at == words.end() ? 0 : static_cast<int>(at - words.begin()) + 1;
}

Rules read_rules(const Node& root, Report& report, const Known& known, const KnownToRules& there) {
    Rules rules;
    Table table(report, root, "rules.toml");
    read_limits(table, rules, report);
    for (const Node* node : table.tables("rule")) {
        Rule rule = read_rule(*node, report, known, there);
        if (rule.name.empty()) continue;  // told already
        if (rules.find(rule.name) != nullptr)
            report.add(
                fault::rule_twice, node->place,
                fmt::format("found rule {} a second time; allowed: each name once", rule.name));
        else if (rules.rules.size() == kMaxRules)
            report.add(
                fault::too_many_rules, node->place,
                fmt::format("found more than {} rules; allowed: at most {}", kMaxRules, kMaxRules));
        else
            rules.rules.push_back(std::move(rule));
    }
    table.finish();
    return rules;
}

}  // namespace bw::config
