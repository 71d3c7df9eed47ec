// SPDX-License-Identifier: Apache-2.0
// What became of the planner's orders.
#include <algorithm>

#include "core/base/clock.h"
#include "core/rules/planner.h"

namespace bw::rules {

namespace {

constexpr int64_t kVerdictNs = 5 * base::kSecond;
constexpr int64_t kTryAgainNs = 2 * base::kSecond;
constexpr int kTries = 3;

}  // namespace

void Planner::taken(uint64_t take, const std::string& by, int64_t now_ns) {
    if (!pending_ || take != pending_->order.if_take + 1) return;
    const Pending what = *std::exchange(pending_, std::nullopt);
    if (by == "rule:" + what.order.rule) return done(what, take, now_ns);
    if (take > take_) take_ = take;
    person(now_ns);
}

void Planner::answered(const std::string& id, const Answer& answer, int64_t now_ns) {
    if (!pending_ || pending_->order.id != id) return;
    if (!answer.ok && (answer.code == "timeout" || answer.code == "expired")) {
        pending_->unsure = true;
        pending_->sent_ns = now_ns;
        return;
    }
    if (!answer.ok && answer.code == "conflict" && pending_->unsure) {
        // It may have been done before the hub forgot that: the take itself says whose it was.
        pending_->verdict_by_ns = now_ns + kVerdictNs;
        return;
    }
    const Pending what = *std::exchange(pending_, std::nullopt);
    if (answer.ok)
        done(what, answer.take, now_ns);
    else
        refused(what, answer, now_ns);
}

void Planner::done(const Pending& what, uint64_t take, int64_t now_ns) {
    const Order& order = what.order;
    const bool back = order.back || order.what == Order::What::undo;
    if (!back) takes_.push_back(now_ns);
    if (take_ > take) return person(now_ns);
    known_ = true;
    take_ = ours_ = take;
    back_tries_ = 0;
    if (back) {
        chain_.resize(chain_.size() - std::min(order.steps, chain_.size()));
        if (chain_.empty()) layout_ = std::exchange(before_, "");
        return;
    }
    if (chain_.empty()) before_ = what.before;
    if (order.what == Order::What::take) layout_ = order.target;
    const config::Rule* rule = rules_.find(order.rule);
    const config::Rule gone;
    const config::Rule& its = rule != nullptr ? *rule : gone;
    chain_.push_back({order.rule, now_ns, its.then.dwell_ms * base::kMillisecond, its.priority,
                      its.then.returns});
}

void Planner::refused(const Pending& what, const Answer& answer, int64_t now_ns) {
    const Order& order = what.order;
    const bool back = order.back || order.what == Order::What::undo;
    note(now_ns, order.rule, "was refused: " + answer.text);
    if (take_ != order.if_take) return person(now_ns);
    if (back) return refused_back(answer, now_ns);
    const auto at = wants_.find(order.rule);
    if (at == wants_.end()) return;
    Want& want = at->second;
    ++want.tries;
    want.not_before_ns = now_ns + kTryAgainNs;
    want.waits_for_holds = answer.code == "held";
    const bool wait = answer.code == "held" || answer.code == "conflict";
    if (!wait && want.tries >= kTries) want.answered = true;
}

void Planner::refused_back(const Answer& answer, int64_t now_ns) {
    ++back_tries_;
    back_not_before_ns_ = now_ns + kTryAgainNs;
    back_waits_ = answer.code == "held";
    if (back_waits_ || answer.code == "conflict" || back_tries_ < kTries) return;
    note(now_ns, chain_.empty() ? "" : chain_.back().rule, "gives up to return to " + before_);
    chain_.clear();
    before_.clear();
    back_tries_ = 0;
}

}  // namespace bw::rules
