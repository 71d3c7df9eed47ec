// SPDX-License-Identifier: Apache-2.0
// What a planner remembers over its own death, and when it has to look again.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/events/json.h"
#include "core/rules/planner.h"

namespace bw::rules {

using events::integer_of;
using events::text_of;
using nlohmann::json;

namespace {

json to_json(const Order& order) {
    json out = {{"what", static_cast<int>(order.what)},
                {"rule", order.rule},
                {"id", order.id},
                {"target", order.target},
                {"steps", order.steps},
                {"if_take", order.if_take},
                {"back", order.back}};
    if (order.fade_ms) out["fade_ms"] = *order.fade_ms;
    return out;
}

Order order_of(const json& saved) {
    Order order;
    order.what = static_cast<Order::What>(std::clamp<int64_t>(integer_of(saved, "what", 0), 0, 3));
    order.rule = text_of(saved, "rule");
    order.id = text_of(saved, "id");
    order.target = text_of(saved, "target");
    order.steps = static_cast<size_t>(std::max<int64_t>(1, integer_of(saved, "steps", 1)));
    order.if_take = static_cast<uint64_t>(integer_of(saved, "if_take", 0));
    order.back = saved.value("back", false);
    if (saved.contains("fade_ms"))
        order.fade_ms = static_cast<uint32_t>(integer_of(saved, "fade_ms", 0));
    return order;
}

}  // namespace

json Planner::save() const {
    json wants = json::object(), chain = json::array();
    for (const auto& [rule, w] : wants_)
        wants[rule] = {{"event", w.event},
                       {"since", w.since_ns},
                       {"over", w.over_ns},
                       {"answered", w.answered},
                       {"tries", w.tries}};
    for (const Step& step : chain_)
        chain.push_back({{"rule", step.rule},
                         {"at", step.at_ns},
                         {"dwell", step.dwell_ns},
                         {"priority", step.priority},
                         {"returns", step.returns}});
    json out = {{"wants", wants},  {"chain", chain},       {"before", before_},
                {"takes", takes_}, {"person", person_ns_}, {"ours", ours_}};
    if (pending_)
        out["pending"] = {{"order", to_json(pending_->order)},
                          {"before", pending_->before},
                          {"first", pending_->first_ns}};
    return out;
}

void Planner::restore(const json& saved) {
    const json wants = saved.value("wants", json::object());
    for (const auto& [rule, w] : wants.items()) {
        Want& want = wants_[rule];
        want.event = text_of(w, "event");
        want.since_ns = integer_of(w, "since", 0);
        want.over_ns = integer_of(w, "over", 0);
        want.answered = w.value("answered", false);
        want.tries = static_cast<int>(integer_of(w, "tries", 0));
    }
    const json chain = saved.value("chain", json::array());
    for (const json& step : chain)
        chain_.push_back(
            {text_of(step, "rule"), integer_of(step, "at", 0), integer_of(step, "dwell", 0),
             static_cast<int>(integer_of(step, "priority", 0)), step.value("returns", true)});
    before_ = text_of(saved, "before");
    takes_ = saved.value("takes", takes_);
    person_ns_ = integer_of(saved, "person", 0);
    ours_ = static_cast<uint64_t>(integer_of(saved, "ours", 0));
    if (!saved.contains("pending")) return;
    const json& pending = saved["pending"];
    pending_ = Pending{order_of(pending.value("order", json::object())),
                       text_of(pending, "before"),
                       integer_of(pending, "first", 0),
                       0,
                       true,
                       0};
}

int64_t Planner::next_wake_ns(int64_t now_ns) const {
    int64_t wake = INT64_MAX;
    const auto at = [&wake, now_ns](int64_t moment) {
        if (moment > now_ns) wake = std::min(wake, moment);
    };
    if (pending_) {
        at(pending_->verdict_by_ns);
        at(pending_->sent_ns + base::kSecond);
        at(pending_->first_ns + 100 * base::kSecond);
        return wake;
    }
    for (const auto& [name, want] : wants_) {
        const config::Rule* rule = rules_.find(name);
        if (rule == nullptr) continue;
        if (want.over_ns != 0) at(want.over_ns + rule->then.hold_ms * base::kMillisecond);
        at(want.not_before_ns);
    }
    if (!chain_.empty()) at(chain_.back().at_ns + chain_.back().dwell_ns);
    if (!takes_.empty()) at(takes_.front() + rules_.takes_within_ms * base::kMillisecond);
    at(back_not_before_ns_);
    return wake;
}

}  // namespace bw::rules
