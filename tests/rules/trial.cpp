// SPDX-License-Identifier: Apache-2.0
#include "tests/rules/trial.h"

#include <algorithm>

#include "core/base/clock.h"

namespace bw::rules::test {

int64_t at(double second) {
    const int64_t midnight = base::parse_rfc3339("2026-07-01T00:00:00Z").value();
    return midnight + static_cast<int64_t>(second * 1e9);
}

config::Rule take_rule(const std::string& name, const std::string& layout, int priority) {
    config::Rule rule;
    rule.name = name;
    rule.priority = priority;
    rule.when.type = "x.level.v1";
    rule.when.level = 3;
    rule.then.does = config::RuleDoes::take;
    rule.then.target = layout;
    rule.then.dwell_ms = 60'000;
    return rule;
}

std::shared_ptr<config::Site> site_of(std::vector<config::Rule> rules) {
    auto site = std::make_shared<config::Site>();
    site->wall.first_layout = "normal";
    site->wall.utc_offset_minutes = 0;
    for (const char* name : {"left", "right"}) {
        site->wall.displays.emplace_back();
        site->wall.displays.back().name = name;
    }
    for (const char* name : {"normal", "flood", "fire"}) {
        site->layouts.emplace_back();
        site->layouts.back().name = name;
    }
    site->rules.rules = std::move(rules);
    return site;
}

Fact level(const std::string& subject, int level, double second, const std::string& id) {
    Fact out = fact("x.level.v1", subject, "{\"level\":" + std::to_string(level) + "}", second);
    if (!id.empty()) out.id = id;
    return out;
}

Fact fact(const std::string& type, const std::string& subject, const std::string& data,
          double second) {
    Fact out;
    out.id = subject + "@" + std::to_string(second);
    out.type = type;
    out.subject = subject;
    out.data = data;
    out.at_ns = at(second);
    return out;
}

Hall::Hall(std::shared_ptr<const config::Site> site)
    : site_(std::move(site)), engine_(std::make_unique<Engine>(site_)), now_(at(0)) {
    layouts_ = {"normal"};
    engine_->on_air(take_, "normal", now_);
}

void Hall::hear(const Fact& fact) {
    now_ = std::max(now_, fact.at_ns);
    engine_->hear(fact);
    obey();
}

void Hall::go_to(double second) {
    const int64_t to = at(second);
    for (int64_t wake = engine_->next_wake_ns(now_); wake < to;
         wake = engine_->next_wake_ns(now_)) {
        now_ = std::max(now_ + 1, wake);
        engine_->tick(now_);
        obey();
    }
    now_ = to;
    engine_->tick(now_);
    obey();
}

void Hall::person_takes(const std::string& layout) {
    layouts_.push_back(layout);
    engine_->on_air(++take_, layout, now_);
    obey();
}

void Hall::hold(bool held) {
    held_ = held;
    engine_->holds_changed();
    obey();
}

void Hall::restart(const std::vector<Fact>& values) {
    const auto saved = engine_->save();
    engine_ = std::make_unique<Engine>(site_);
    engine_->restore(saved, now_);
    engine_->on_air(take_, on_air(), now_);
    for (Fact value : values) {
        value.replayed = true;
        value.at_ns = now_;
        engine_->hear(value);
    }
    engine_->settle(now_);
    obey();
}

void Hall::obey() {
    for (auto orders = engine_->orders(now_); !orders.empty(); orders = engine_->orders(now_))
        for (const Order& order : orders) follow(order);
}

void Hall::follow(const Order& order) {
    const auto before = done_.find(order.id);
    Answer answer;
    if (held_) {
        done.push_back(order.rule + " is refused");
        answer = {false, "held", "held by li", 0};
    } else if (order.what == Order::What::preview) {
        done.push_back(order.rule + " prepares " + order.target);
        return;
    } else if (before != done_.end()) {
        answer = {true, "", "", before->second};
    } else if (order.if_take != take_) {
        answer = {false, "conflict", "another take", 0};
    } else {
        done_[order.id] = take_ + 1;
        if (order.what == Order::What::undo) {
            layouts_.resize(layouts_.size() - order.steps);
            done.push_back(order.rule + " goes back " + std::to_string(order.steps));
        } else {
            const bool focus = order.what == Order::What::focus;
            layouts_.push_back(focus ? on_air() : order.target);
            done.push_back(order.rule + (focus ? " shows " : " takes ") + order.target);
        }
        answer = {true, "", "", ++take_};
    }
    if (answers) {
        engine_->answered(order.id, answer, now_);
        if (answer.ok) engine_->on_air(take_, on_air(), now_);
    }
}

}  // namespace bw::rules::test
