// SPDX-License-Identifier: Apache-2.0
#include "core/rules/planner.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/clock.h"

namespace bw::rules {

namespace {

constexpr int64_t kAskAgainNs = base::kSecond;
// A hub remembers for two minutes what it has done.
constexpr int64_t kGiveUpNs = 100 * base::kSecond;
constexpr size_t kMaxIdBytes = 200;

int64_t ns(int64_t milliseconds) {
    return milliseconds * base::kMillisecond;
}

/// Short enough for an event's id, whatever the triggering event was called.
std::string order_id(const std::string& rule, const std::string& why, int tries) {
    std::string id = fmt::format("{}:{}:{}", rule, why, tries);
    if (id.size() <= kMaxIdBytes) return id;
    uint64_t hash = 0xCBF29CE484222325u;  // FNV-1a
    for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
    return fmt::format("{}:{:016x}:{}", rule, hash, tries);
}

}  // namespace

void Planner::note(int64_t now_ns, const std::string& rule, std::string text) {
    notes_.push_back({now_ns, rule, std::move(text)});
}

void Planner::set_rules(const config::Rules& rules) {
    std::erase_if(wants_, [&](const auto& entry) {
        const config::Rule* now = rules.find(entry.first);
        const config::Rule* old = rules_.find(entry.first);
        return now == nullptr || !now->enabled || old == nullptr || now->when != old->when ||
               now->then.does != old->then.does || now->then.target != old->then.target;
    });
    rules_ = rules;
}

bool Planner::after_person(int64_t now_ns) const {
    return person_ns_ != 0 && now_ns < person_ns_ + ns(rules_.after_person_ms);
}

void Planner::began(const std::string& rule, const std::string& event, int64_t now_ns) {
    const auto [at, fresh] = wants_.try_emplace(rule);
    Want& want = at->second;
    if (!fresh && want.over_ns == 0 && !want.answered) return;  // one more of what is wanted
    const bool on_air = !chain_.empty() && chain_.back().rule == rule;
    want = {};
    want.event = event;
    want.since_ns = now_ns;
    if (on_air || !after_person(now_ns)) return;
    want.answered = true;
    note(now_ns, rule,
         fmt::format("takes nothing: a person took {} s ago",
                     (now_ns - person_ns_) / base::kSecond));
}

void Planner::over(const std::string& rule, int64_t now_ns) {
    const auto want = wants_.find(rule);
    if (want != wants_.end() && want->second.over_ns == 0) want->second.over_ns = now_ns;
}

void Planner::end_others(const std::map<std::string, std::set<std::string>>& holding,
                         int64_t now_ns) {
    for (const auto& [rule, want] : wants_)
        if (!holding.contains(rule)) over(rule, now_ns);
}

void Planner::on_air(uint64_t take, const std::string& layout, int64_t now_ns) {
    const bool news = !known_ || take != take_, first = !known_;
    known_ = true;
    take_ = take;
    layout_ = layout;
    // Whose it is that comes while ours is on its way, its answer says.
    if (!news || pending_ || take == ours_) return;
    if (!first || !chain_.empty()) person(now_ns);
}

void Planner::person(int64_t now_ns) {
    if (!chain_.empty())
        note(now_ns, chain_.back().rule,
             fmt::format("does not return to {}: a person took {}", before_, layout_));
    chain_.clear();
    before_.clear();
    person_ns_ = now_ns;
    for (auto& [rule, want] : wants_) want.answered = true;
}

void Planner::holds_changed() {
    for (auto& [rule, want] : wants_) want.waits_for_holds = false;
    back_waits_ = false;
}

bool Planner::wants(const Want& want, const config::Rule& rule, int64_t now_ns) const {
    const bool still = want.over_ns == 0 || now_ns < want.over_ns + ns(rule.then.hold_ms);
    return still && !want.answered && rule.enabled;
}

void Planner::forget_old(int64_t now_ns) {
    std::erase_if(wants_, [&](const auto& entry) {
        const auto& [name, want] = entry;
        const config::Rule* rule = rules_.find(name);
        return rule == nullptr ||
               (want.over_ns != 0 && now_ns >= want.over_ns + ns(rule->then.hold_ms));
    });
    while (!takes_.empty() && takes_.front() + ns(rules_.takes_within_ms) <= now_ns)
        takes_.pop_front();
}

/// The highest priority; of equal ones the one that began first.
const config::Rule* Planner::best(int64_t now_ns) const {
    const config::Rule* found = nullptr;
    int64_t since = 0;
    for (const config::Rule& rule : rules_.rules) {
        const auto want = wants_.find(rule.name);
        if (want == wants_.end() || !wants(want->second, rule, now_ns)) continue;
        const bool sooner =
            found != nullptr && rule.priority == found->priority && want->second.since_ns < since;
        if (found != nullptr && rule.priority <= found->priority && !sooner) continue;
        found = &rule;
        since = want->second.since_ns;
    }
    return found;
}

bool Planner::may_replace(const config::Rule& rule, int64_t now_ns) const {
    if (chain_.empty()) return true;
    const Step& top = chain_.back();
    if (top.rule == rule.name) return false;
    if (rule.priority > top.priority) return true;
    const config::Rule* holder = rules_.find(top.rule);
    const auto want = wants_.find(top.rule);
    if (holder != nullptr && want != wants_.end() && wants(want->second, *holder, now_ns))
        return false;
    return now_ns >= top.at_ns + top.dwell_ns;
}

std::string Planner::why_not(const Want& want, int64_t now_ns) const {
    if (want.waits_for_holds) return "waits: the wall is held";
    if (now_ns < want.not_before_ns) return "waits before it tries again";
    if (takes_.size() >= rules_.takes)
        return fmt::format("waits: {} takes in {} s are used up", rules_.takes,
                           rules_.takes_within_ms / 1000);
    return {};
}

/// What it would take is on air. A rule's stay goes over to it, a person's choice stays theirs.
bool Planner::shown_already(const config::Rule& rule, Want& want, int64_t now_ns) {
    if (rule.then.does != config::RuleDoes::take || rule.then.target != layout_) return false;
    if (chain_.empty()) {
        want.answered = true;
        note(now_ns, rule.name, fmt::format("takes nothing: {} is on air", layout_));
        return true;
    }
    Step& top = chain_.back();
    note(now_ns, rule.name, fmt::format("goes on showing {} after {}", layout_, top.rule));
    top = {rule.name, top.at_ns, ns(rule.then.dwell_ms), rule.priority,
           rule.then.returns && top.returns};
    return true;
}

std::optional<Order> Planner::act(const config::Rule& rule, int64_t now_ns) {
    for (size_t i = chain_.size(); i-- > 0;)
        if (chain_[i].rule == rule.name) return go_back(i + 1, now_ns);
    Want& want = wants_[rule.name];
    if (shown_already(rule, want, now_ns)) return next(now_ns);
    if (const std::string reason = why_not(want, now_ns); !reason.empty()) {
        if (want.told != reason) note(now_ns, rule.name, reason);
        want.told = reason;
        return std::nullopt;
    }
    const bool take = rule.then.does == config::RuleDoes::take;
    Order order;
    order.what = take ? Order::What::take : Order::What::focus;
    order.rule = rule.name;
    order.id = order_id(rule.name, want.event, want.tries);
    order.target = rule.then.target;
    order.fade_ms = rule.then.fade_ms;
    note(now_ns, rule.name,
         fmt::format("{} {}, in place of {} (event {})", take ? "takes" : "shows in full",
                     order.target, layout_, want.event));
    return send(std::move(order), now_ns);
}

/// Nobody wants anything.
std::optional<Order> Planner::end_stay(int64_t now_ns) {
    if (now_ns < chain_.back().at_ns + chain_.back().dwell_ns) return std::nullopt;
    // What stays under the newest that does not return, stays.
    size_t to = chain_.size();
    while (to > 0 && chain_[to - 1].returns) --to;
    if (to < chain_.size()) return go_back(to, now_ns);
    note(now_ns, chain_.back().rule, fmt::format("leaves {} on air", layout_));
    chain_.clear();
    before_.clear();
    return std::nullopt;
}

std::optional<Order> Planner::go_back(size_t to, int64_t now_ns) {
    if (back_waits_ || now_ns < back_not_before_ns_) return std::nullopt;
    Order order;
    order.what = Order::What::undo;
    order.rule = chain_.back().rule;
    order.id = order_id(order.rule, fmt::format("back-{}", take_), back_tries_);
    order.steps = chain_.size() - to;
    if (to == 0 && back_tries_ > 0 && !before_.empty()) {
        order.what = Order::What::take;
        order.back = true;
        order.target = before_;
    }
    note(now_ns, order.rule,
         to == 0 ? fmt::format("returns to {}", before_)
                 : fmt::format("returns to what {} took", chain_[to - 1].rule));
    return send(std::move(order), now_ns);
}

Order Planner::send(Order order, int64_t now_ns) {
    order.if_take = take_;
    pending_ = Pending{order, layout_, now_ns, now_ns, false, 0};
    return order;
}

std::optional<Order> Planner::pending_again(int64_t now_ns) {
    Pending& pending = *pending_;
    if (pending.verdict_by_ns != 0 && now_ns < pending.verdict_by_ns) return std::nullopt;
    if (pending.verdict_by_ns != 0 || now_ns >= pending.first_ns + kGiveUpNs) {
        const bool other = take_ != pending.order.if_take;
        pending_.reset();
        if (other) person(now_ns);
        return std::nullopt;
    }
    if (!pending.unsure || now_ns < pending.sent_ns + kAskAgainNs) return std::nullopt;
    pending.sent_ns = now_ns;
    pending.order.again = true;
    return pending.order;
}

std::optional<Order> Planner::next(int64_t now_ns) {
    forget_old(now_ns);
    if (pending_) return pending_again(now_ns);
    if (!known_) return std::nullopt;
    if (const config::Rule* rule = best(now_ns))
        return may_replace(*rule, now_ns) ? act(*rule, now_ns) : std::nullopt;
    return chain_.empty() ? std::nullopt : end_stay(now_ns);
}

}  // namespace bw::rules
