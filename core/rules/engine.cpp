// SPDX-License-Identifier: Apache-2.0
#include "core/rules/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/events/json.h"
#include "core/rules/match.h"

namespace bw::rules {

using nlohmann::json;
using What = Conditions::Change::What;

namespace {

constexpr const char* kWall = "wall";
constexpr const char* kConditions = "rule/";

bool takes(const config::Rule& rule) {
    return rule.then.does == config::RuleDoes::take || rule.then.does == config::RuleDoes::focus;
}

}  // namespace

Engine::Engine(std::shared_ptr<const config::Site> site)
    : site_(std::move(site)),
      conditions_(*site_),
      planner_(site_->rules),
      attention_(site_->rules) {}

void Engine::set_site(std::shared_ptr<const config::Site> site, int64_t now_ns) {
    std::vector<Conditions::Change> changes;
    conditions_.set_site(*site, now_ns, changes);
    apply(changes);
    site_ = std::move(site);
    planner_.set_rules(site_->rules);
    attention_.set_rules(site_->rules);
}

void Engine::began(const Conditions::Change& change, const config::Rule& rule) {
    if (change.old) {
        notes_.push_back(
            {change.at_ns, rule.name, fmt::format("was so before: {}", change.subject)});
        return;
    }
    if (takes(rule)) planner_.began(rule.name, change.event, change.at_ns);
    if (rule.then.does != config::RuleDoes::preview || rule.then.target == layout_) return;
    Order order;
    order.what = Order::What::preview;
    order.rule = rule.name;
    order.id = fmt::format("{}:preview:{}", rule.name, change.event).substr(0, 250);
    order.target = rule.then.target;
    previews_.push_back(order);
    notes_.push_back({change.at_ns, rule.name, fmt::format("prepares {}", order.target)});
}

void Engine::apply(const std::vector<Conditions::Change>& changes) {
    for (const Conditions::Change& change : changes) {
        attention_.changed(change);
        std::set<std::string>& held = holding_[change.rule];
        const config::Rule* rule = site_->rules.find(change.rule);
        if (change.what == What::began) {
            const bool first = held.insert(change.subject).second;
            if (rule != nullptr && first) began(change, *rule);
        } else if (change.what == What::over) {
            held.erase(change.subject);
            if (held.empty()) planner_.over(change.rule, change.at_ns);
        }
        if (held.empty()) holding_.erase(change.rule);
    }
}

void Engine::hear(const Fact& fact) {
    std::vector<Conditions::Change> changes;
    conditions_.hear(fact, changes);
    apply(changes);
}

void Engine::on_air(uint64_t take, const std::string& layout, int64_t now_ns) {
    layout_ = layout;
    planner_.on_air(take, layout, now_ns);
}

void Engine::taken(uint64_t take, const std::string& by, int64_t now_ns) {
    planner_.taken(take, by, now_ns);
}

void Engine::answered(const std::string& id, const Answer& answer, int64_t now_ns) {
    planner_.answered(id, answer, now_ns);
}

void Engine::tick(int64_t now_ns) {
    std::vector<Conditions::Change> changes;
    conditions_.tick(now_ns, changes);
    apply(changes);
    attention_.tick(now_ns);
}

int64_t Engine::next_wake_ns(int64_t now_ns) const {
    return std::min({conditions_.next_wake_ns(now_ns), planner_.next_wake_ns(now_ns),
                     attention_.next_wake_ns()});
}

std::vector<Order> Engine::orders(int64_t now_ns) {
    std::vector<Order> out = std::exchange(previews_, {});
    if (auto order = planner_.next(now_ns)) out.push_back(std::move(*order));
    return out;
}

std::vector<Note> Engine::notes() {
    std::vector<Note> out = std::exchange(notes_, {});
    for (Note& note : planner_.notes()) out.push_back(std::move(note));
    return out;
}

std::vector<std::string> Engine::prefixes() const {
    std::vector<std::string> all, out;
    for (const config::Rule& rule : site_->rules.rules) {
        if (!rule.enabled) continue;
        all.push_back(prefix_of(rule.when));
        if (rule.when.place && !rule.when.place->from.empty()) {
            const std::string& from = rule.when.place->from;
            all.push_back(from.back() == '.' ? from : from + "/");
        }
    }
    std::sort(all.begin(), all.end());  // what covers another stands before it
    for (const std::string& prefix : all)
        if (out.empty() || prefix.rfind(out.back(), 0) != 0) out.push_back(prefix);
    return out;
}

std::map<std::string, std::string> Engine::save() const {
    std::map<std::string, std::string> out;
    const auto text = [](const json& value) {
        return value.dump(-1, ' ', false, json::error_handler_t::replace);
    };
    const json conditions = conditions_.save();
    for (const auto& [rule, state] : conditions.items()) out[kConditions + rule] = text(state);
    out[kWall] = text(planner_.save());
    return out;
}

bool Engine::restore(const std::map<std::string, std::string>& saved, int64_t now_ns) {
    try {
        restore_parts(saved, now_ns);
        return true;
    } catch (const json::exception&) {
        conditions_ = Conditions(*site_);
        planner_ = Planner(site_->rules);
        holding_.clear();
        return false;
    }
}

void Engine::restore_parts(const std::map<std::string, std::string>& saved, int64_t now_ns) {
    json conditions = json::object();
    for (const auto& [name, text] : saved) {
        json value;
        if (!events::read_json(text, value) || !value.is_object()) continue;
        if (name == kWall) planner_.restore(value);
        if (name.rfind(kConditions, 0) == 0)
            conditions[name.substr(std::string_view(kConditions).size())] = value;
    }
    conditions_.restore(conditions, now_ns);
    // What has begun is not told again. Rules that are gone are not among these.
    const json held = conditions_.save();
    for (const auto& [rule, state] : held.items()) {
        const json told = state.value("told", json::object());
        for (const auto& [key, each] : told.items()) {
            if (!each.value("met", false)) continue;
            const size_t at = key.find('\n');
            holding_[rule].insert(at == std::string::npos ? "" : key.substr(at + 1));
        }
    }
}

void Engine::settle(int64_t now_ns) {
    attention_.end_others(holding_, now_ns);
    planner_.end_others(holding_, now_ns);
}

}  // namespace bw::rules
