// SPDX-License-Identifier: Apache-2.0
#include "core/rules/conditions.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/events/json.h"
#include "core/rules/match.h"

namespace bw::rules {

using nlohmann::json;
using What = Conditions::Change::What;

namespace {

std::string key_of(const Fact& fact) {
    return fact.type + '\n' + fact.subject;
}

std::string subject_of(const std::string& key) {
    const size_t at = key.find('\n');
    return at == std::string::npos ? std::string() : key.substr(at + 1);
}

int64_t ns(int64_t milliseconds) {
    return milliseconds * base::kMillisecond;
}

}  // namespace

Conditions::State Conditions::fresh(const config::Rule& rule) {
    return {rule, {}, Window(ns(rule.when.within_ms), rule.when.subjects)};
}

Conditions::Conditions(const config::Site& site)
    : places_(site), utc_offset_minutes_(site.wall.utc_offset_minutes) {
    for (const config::Rule& rule : site.rules.rules)
        if (rule.enabled) states_.push_back(fresh(rule));
}

void Conditions::set_site(const config::Site& site, int64_t now_ns, std::vector<Change>& out) {
    Conditions next(site);
    for (State& old : states_) {
        const auto same =
            std::find_if(next.states_.begin(), next.states_.end(), [&](const State& s) {
                return s.rule.name == old.rule.name && s.rule.when == old.rule.when;
            });
        if (same != next.states_.end()) {
            same->told = std::move(old.told);
            same->window = std::move(old.window);
            continue;
        }
        while (!old.told.empty()) end(old, old.told.begin(), now_ns, out);
    }
    states_ = std::move(next.states_);
    places_ = std::move(next.places_);
    utc_offset_minutes_ = next.utc_offset_minutes_;
}

bool Conditions::hours_allow(const State& state, int64_t now_ns) const {
    const auto& hours = state.rule.when.between;
    return !hours || within_hours(*hours, now_ns, utc_offset_minutes_);
}

/// When it has held for long enough, if it goes on; the hours have to allow now.
int64_t Conditions::due_ns(const State& state, const Told& told, int64_t now_ns) const {
    const config::RuleWhen& when = state.rule.when;
    int64_t since = told.since_ns;
    if (when.between)
        since = std::max(since, hours_began_ns(*when.between, now_ns, utc_offset_minutes_));
    return since + ns(when.for_ms);
}

void Conditions::end(State& state, std::map<std::string, Told>::iterator at, int64_t now_ns,
                     std::vector<Change>& out) {
    if (at->second.met)
        out.push_back({What::over, state.rule.name, subject_of(at->first), "", at->second.type,
                       now_ns, false});
    state.told.erase(at);
}

void Conditions::tell_more(State& state, const std::string& key, const Fact& fact,
                           std::vector<Change>& out) {
    const auto [at, fresh] = state.told.try_emplace(key);
    Told& told = at->second;
    told.heard_ns = std::max(told.heard_ns, fact.at_ns);
    if (!fresh) {
        if (told.met && !fact.replayed)
            out.push_back({What::again, state.rule.name, subject_of(key), fact.id, fact.type,
                           fact.at_ns, false});
        return;
    }
    told.event = fact.id;
    told.type = fact.type;
    told.since_ns = fact.at_ns;
    told.record = fact.record;
    // Without a memory nobody can say that it has not been acted upon.
    told.old = fact.replayed && !restored_ && state.rule.when.for_ms == 0;
}

void Conditions::heard(State& state, const Fact& fact, bool holds, std::vector<Change>& out) {
    const std::string key = key_of(fact);
    if (!holds) {
        if (const auto at = state.told.find(key); at != state.told.end())
            end(state, at, fact.at_ns, out);
    } else if (state.told.size() < kMaxSubjects || state.told.contains(key)) {
        tell_more(state, key, fact, out);
    } else {
        ++dropped_;
    }
}

void Conditions::count(State& state, const Fact& fact, bool holds, std::vector<Change>& out) {
    const bool is_news = !fact.replayed || state.rule.when.subjects;
    if (!holds || !is_news) return;
    state.window.add(fact.at_ns, fact.subject);
    state.window.forget_before(fact.at_ns);
    if (state.window.size() >= state.rule.when.count) tell_more(state, "", fact, out);
}

void Conditions::hear(const Fact& fact, std::vector<Change>& out) {
    json data;
    if (!events::read_json(fact.data, data)) data = json::object();
    places_.hear(fact, data);
    for (State& state : states_) {
        if (!concerns(state.rule.when, fact)) continue;
        const bool holds = rules::holds(state.rule.when, fact, data, places_);
        if (counts(state))
            count(state, fact, holds, out);
        else
            heard(state, fact, holds, out);
        turn(state, fact.at_ns, out);
    }
}

/// What time alone changes.
void Conditions::turn(State& state, int64_t now_ns, std::vector<Change>& out) {
    state.window.forget_before(now_ns);
    const bool enough = !counts(state) || state.window.size() >= state.rule.when.count;
    const bool allowed = hours_allow(state, now_ns);
    for (auto at = state.told.begin(); at != state.told.end();) {
        Told& told = at->second;
        const bool silent =
            !counts(state) && !told.record && now_ns > told.heard_ns + ns(state.rule.when.lasts_ms);
        if (silent || !enough) {
            end(state, at++, now_ns, out);
            continue;
        }
        if (told.met && !allowed) {
            told.met = false;
            out.push_back(
                {What::over, state.rule.name, subject_of(at->first), "", told.type, now_ns, false});
        } else if (!told.met && allowed && now_ns >= due_ns(state, told, now_ns)) {
            told.met = true;
            out.push_back({What::began, state.rule.name, subject_of(at->first), told.event,
                           told.type, now_ns, told.old});
        }
        ++at;
    }
}

void Conditions::tick(int64_t now_ns, std::vector<Change>& out) {
    for (State& state : states_) turn(state, now_ns, out);
}

int64_t Conditions::next_wake_ns(int64_t now_ns) const {
    int64_t wake = INT64_MAX;
    for (const State& state : states_) {
        if (state.told.empty()) continue;
        const config::RuleWhen& when = state.rule.when;
        if (when.between)
            wake = std::min(wake, hours_change_ns(*when.between, now_ns, utc_offset_minutes_));
        if (counts(state)) wake = std::min(wake, state.window.next_leaves_ns());
        const bool allowed = hours_allow(state, now_ns);
        for (const auto& [key, told] : state.told) {
            if (!told.met && allowed) wake = std::min(wake, due_ns(state, told, now_ns));
            if (!counts(state) && !told.record)
                wake = std::min(wake, told.heard_ns + ns(when.lasts_ms) + 1);
        }
    }
    return wake;
}

json Conditions::save() const {
    json rules = json::object();
    for (const State& state : states_) {
        json told = json::object();
        for (const auto& [key, t] : state.told)
            told[key] = {{"event", t.event},   {"type", t.type}, {"since", t.since_ns},
                         {"record", t.record}, {"met", t.met},   {"old", t.old}};
        if (told.empty() && state.window.size() == 0) continue;
        rules[state.rule.name] = {{"told", told}, {"window", state.window.save()}};
    }
    return rules;
}

void Conditions::restore(const json& saved, int64_t now_ns) {
    restored_ = true;
    for (State& state : states_) {
        const auto found = saved.find(state.rule.name);
        if (found == saved.end() || !found->is_object()) continue;
        state.window.restore(found->value("window", json::object()));
        const json told = found->value("told", json::object());
        for (const auto& [key, t] : told.items())
            state.told[key] = {events::text_of(t, "event"),
                               events::text_of(t, "type"),
                               events::integer_of(t, "since", 0),
                               now_ns,
                               t.value("record", false),
                               t.value("met", false),
                               t.value("old", false)};
    }
}

}  // namespace bw::rules
