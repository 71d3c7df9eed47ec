// SPDX-License-Identifier: Apache-2.0
#include "core/rules/rehearsal.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/clock.h"
#include "core/events/json.h"

namespace bw::rules {

using events::text_of;
using nlohmann::json;

namespace {

constexpr size_t kAll = 1'000'000;

/// Every display is held.
bool covers_wall(const config::Site& site, const json& list) {
    std::set<std::string> held;
    for (const json& hold : list) {
        const std::string zone = text_of(hold, "zone");
        for (const config::Display& display : site.wall.displays)
            if (zone == "wall" || zone == display.name) held.insert(display.name);
        for (const config::Zone& each : site.wall.zones)
            if (each.name == zone) held.insert(each.displays.begin(), each.displays.end());
    }
    return held.size() == site.wall.displays.size();
}

}  // namespace

Fact fact_of(const events::Event& event) {
    Fact fact{event.id, event.type,         event.subject,   event.data,
              0,        event.revision > 0, event.tombstone, false};
    const std::string& time = event.recordedtime.empty() ? event.time : event.recordedtime;
    fact.at_ns = base::parse_rfc3339(time).value_or(0);
    return fact;
}

Rehearsal::Rehearsal(std::shared_ptr<const config::Site> site)
    : site_(std::move(site)), engine_(site_), prefixes_(engine_.prefixes()) {
    layouts_ = {site_->first_layout().name};
}

void Rehearsal::advance(int64_t to_ns) {
    if (now_ns_ == 0) {
        now_ns_ = to_ns;
        engine_.on_air(take_, layouts_.back(), now_ns_);
    }
    for (;;) {
        const int64_t wake = engine_.next_wake_ns(now_ns_);
        if (wake >= to_ns) break;
        now_ns_ = std::max(now_ns_ + 1, wake);
        engine_.tick(now_ns_);
        follow_orders();
    }
    now_ns_ = std::max(now_ns_, to_ns);
    engine_.tick(now_ns_);
    follow_orders();
}

void Rehearsal::hear(const events::Event& event) {
    Fact fact = fact_of(event);
    if (event.type == "beaconwall.wall.taken.v1" && now_ns_ == 0) {
        // What was on air before it.
        json data;
        const json history = events::read_json(event.data, data) && data.is_object()
                                 ? data.value("history", json::array())
                                 : json::array();
        if (!history.empty() && history.back().is_object())
            layouts_ = {text_of(history.back(), "layout")};
    }
    advance(std::max(fact.at_ns, now_ns_));
    fact.at_ns = now_ns_;
    if (event.type == "beaconwall.wall.taken.v1") person_took(event);
    if (event.type == "beaconwall.wall.held.v1") holds(event);
    const bool wanted =
        std::any_of(prefixes_.begin(), prefixes_.end(),
                    [&](const std::string& prefix) { return events::matches(prefix, event); });
    if (wanted) {
        ++sum_.events;
        engine_.hear(fact);
    }
    follow_orders();
}

void Rehearsal::person_took(const events::Event& event) {
    json data;
    if (!events::read_json(event.data, data) || !data.is_object()) return;
    const std::string by = text_of(data, "by"), layout = text_of(data, "layout");
    if (by.rfind("rule:", 0) == 0 || layout.empty()) return;
    layouts_.push_back(layout);
    notes_.push_back({now_ns_, "", by + " took " + layout});
    // In an exercise or a replay a layout does not show what is so.
    engine_.on_air(++take_, data.contains("space") ? std::string() : layout, now_ns_);
}

void Rehearsal::holds(const events::Event& event) {
    json data;
    if (!events::read_json(event.data, data) || !data.is_object()) return;
    all_held_ = covers_wall(*site_, data.value("holds", json::array()));
    engine_.holds_changed();
}

void Rehearsal::follow_orders() {
    // One after the other, as a hub would.
    for (auto orders = engine_.orders(now_ns_); !orders.empty(); orders = engine_.orders(now_ns_)) {
        for (const Order& order : orders) {
            const Answer answer = obey(order);
            engine_.answered(order.id, answer, now_ns_);
            if (answer.ok && answer.take != 0)
                engine_.on_air(answer.take, layouts_.back(), now_ns_);
        }
    }
    for (Note& note : engine_.notes()) notes_.push_back(std::move(note));
    count_items();
}

Answer Rehearsal::obey(const Order& order) {
    if (all_held_) return {false, "held", "the wall is held", 0};
    if (order.what == Order::What::preview) {
        ++sum_.previews;
        return {true, "", "", 0};
    }
    if (order.what == Order::What::undo) {
        ++sum_.returns;
        const size_t left = layouts_.size() - std::min(order.steps, layouts_.size() - 1);
        layouts_.resize(left);
        return {true, "", "", ++take_};
    }
    ++(order.back ? sum_.returns : sum_.takes);
    const bool focus = order.what == Order::What::focus;
    layouts_.push_back(focus ? layouts_.back() : order.target);
    return {true, "", "", ++take_};
}

void Rehearsal::count_items() {
    for (const AttentionWrite& write : engine_.attention().writes(kAll)) {
        bool& raised = items_[write.subject];
        if (!raised && !write.tombstone) {
            ++sum_.items;
            notes_.push_back({now_ns_, write.subject.substr(0, write.subject.find('/')),
                              "raises attention: " + write.subject});
        }
        raised = !write.tombstone;
    }
}

void Rehearsal::end(int64_t at_ns) {
    if (now_ns_ != 0) advance(std::max(at_ns, now_ns_));
}

std::vector<Note> Rehearsal::notes() {
    return std::exchange(notes_, {});
}

Rehearsal::Sum Rehearsal::sum() const {
    Sum sum = sum_;
    sum.on_air = layouts_.back();
    return sum;
}

}  // namespace bw::rules
