// SPDX-License-Identifier: Apache-2.0
#include "core/hub/scenes.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/events/json.h"
#include "core/hub/transitions.h"

namespace bw::hub {

using nlohmann::json;

void Scenes::start(const config::Site& site, const std::string& last_taken) {
    site_ = &site;
    settle_by_ns_ = base::mono_ns() + kAdoptDeadlineMs * base::kMillisecond;
    json event;
    if (last_taken.empty() || !events::read_json(last_taken, event)) return;
    const json data = event.value("data", json::object());
    take_ = static_cast<uint64_t>(events::integer_of(data, "take", 0));
    history_ = read_entries(data.value("history", json::array()));
    if (!data.contains("scene")) return;
    auto scene = wall::parse_scene(data["scene"].dump());
    if (!scene) return;
    on_air_ = std::move(*scene);
    entry_ = read_entry(data);
    before_ = read_entry(data.value("before", json::object()));
    plain_ = events::text_of(data, "plain");
}

// Nobody has said what is on air, so nobody sees anything: show the last scene, or the first.
void Scenes::settle() {
    if (settled_) return;
    settled_ = true;
    const bool over = on_air_ && !spaces_.fault(entry_.space).empty();
    auto what = over ? home() : compose(on_air_ ? entry_ : Entry{site_->first_layout().name, {}});
    if (!what) return publish_live({});
    if (on_air_ && (on_air_->hash == what->scene.hash || plain_ == what->plain)) {
        on_air_->take = take_;
        return publish_live({});
    }
    Taking taking;
    taking.what = std::move(*what);
    taking.by = "hub";
    taking.leaves = over;
    go_live(std::move(taking));
}

void Scenes::on_air(const json& data) {
    const auto take = static_cast<uint64_t>(events::integer_of(data, "take", 0));
    const json none;
    const json& reported = data.is_object() && data.contains("scene") ? data["scene"] : none;
    if (take >= std::max<uint64_t>(take_, 1) && reported.is_object()) {
        auto scene = wall::parse_scene(reported.dump());
        if (scene && (!settled_ || take > take_)) return adopt(std::move(*scene), take);
    }
    settle();
}

void Scenes::adopt(wall::Scene scene, uint64_t take) {
    base::log_info("take {} ({}) is on air: adopted", take, scene.layout);
    // Of a take that was not recorded only the layout's name is known.
    if (!on_air_ || on_air_->hash != scene.hash) {
        const std::string space = scene.space ? scene.space->name : kLive;
        if (on_air_ && entry_.space == kLive && space != kLive) before_ = entry_;
        if (on_air_ && entry_.layout != scene.layout) remember_entry();
        entry_ = {scene.layout, {}, space};
        plain_.clear();
    }
    settled_ = true;
    take_ = take;
    on_air_ = std::move(scene);
    on_air_->take = take;
    publish_live({});
    if (!spaces_.fault(entry_.space).empty()) {
        base::log_warning("the space {} is over: back to what is live", entry_.space);
        return leave(entry_.space, nullptr);
    }
    set_site(*site_);
}

void Scenes::set_site(const config::Site& site) {
    site_ = &site;
    site_changed_ = taking_.has_value();
    if (!on_air_ || !settled_ || taking_) return;
    if (next_)
        if (auto again = compose(next_->entry)) prepare(std::move(*again));
    auto now = compose(entry_);
    if (!now) return;
    const bool same = plain_.empty() ? now->scene.hash == on_air_->hash : now->plain == plain_;
    // Never an unasked take: people see what changed in the preview and take it when they will.
    if (!same) prepare(std::move(*now));
}

void Scenes::holds_changed() {
    if (settled_) compose_again();
}

/// What waits or is prepared, as it would be now.
void Scenes::compose_again() {
    if (taking_) {
        Taking taking = std::move(*taking_);
        taking_.reset();
        const Hold* hold = taking.leaves ? nullptr : holds_.over_all();
        if (hold != nullptr) {
            if (taking.reply) taking.reply(holds_.refused(*hold));
        } else if (auto again = compose(taking.what.entry)) {
            taking.what = std::move(*again);
            begin(std::move(taking));
        }
    } else if (next_) {
        if (auto again = compose(next_->entry)) prepare(std::move(*again));
    }
}

const config::Layout* Scenes::find(const std::string& name, const ReplyFn& reply) const {
    if (const config::Layout* layout = site_->layout(name)) return layout;
    std::string names;
    for (const config::Layout& layout : site_->layouts)
        names += (names.empty() ? "" : ", ") + layout.name;
    reply(refusal("unknown", fmt::format("there is no layout {}; there are: {}", name, names)));
    return nullptr;
}

bool Scenes::begin_taking(const json& data, const std::string& by, const ReplyFn& reply,
                          Taking& taking) const {
    const int64_t if_take = events::integer_of(data, "if_take", -1);
    const auto transition = asked_transition(data);
    json refused;
    if (if_take >= 0 && static_cast<uint64_t>(if_take) != take_)
        refused =
            refusal("conflict", fmt::format("the wall is at take {}, not {}", take_, if_take));
    else if (!transition)
        refused = refusal("invalid", transition.error().text);
    else if (is_rule(by) && taking_ && !is_rule(taking_->by))
        refused = refusal("conflict", "somebody's take is on its way");
    else if (const Hold* hold = holds_.over_all())
        refused = holds_.refused(*hold);
    if (!refused.is_null()) {
        reply(refused);
        return false;
    }
    taking.transition = *transition;
    taking.by = by;
    return true;
}

void Scenes::take(const json& data, const std::string& by, ReplyFn reply) {
    settle();
    Taking taking;
    if (!begin_taking(data, by, reply, taking)) return;
    if (events::text_of(data, "layout").empty() && events::text_of(data, "space").empty()) {
        if (!next_) return reply(refusal("refused", "there is no preview to take: name a layout"));
        taking.what = *next_;
    } else {
        const auto entry = asked(data, by);
        if (!entry) return reply(refusal(entry.error().code.c_str(), entry.error().text));
        if (find(entry->layout, reply) == nullptr) return;
        taking.what = *compose(*entry);
    }
    taking.reply = std::move(reply);
    begin(std::move(taking));
}

void Scenes::preview(const json& data, const std::string& by, const ReplyFn& reply) {
    settle();
    if (is_rule(by) && (taking_ || (next_ && !next_of_rule_)))
        return reply(refusal("conflict", "somebody prepares or takes something else"));
    if (data.is_object() && data.contains("layout") && data["layout"].is_null()) {
        supersede();
        forget_next();
        return reply({{"ok", true}, {"layout", nullptr}, {"hash", nullptr}});
    }
    const auto entry = asked(data, by);
    if (!entry) return reply(refusal(entry.error().code.c_str(), entry.error().text));
    if (find(entry->layout, reply) == nullptr) return;
    if (const Hold* hold = holds_.over_all()) return reply(holds_.refused(*hold));
    supersede();
    prepare(*compose(*entry));
    next_of_rule_ = is_rule(by);
    json answer = {{"ok", true}, {"layout", next_->scene.layout}, {"hash", next_->scene.hash}};
    if (!next_->held.empty()) answer["held"] = next_->held, answer["left_out"] = next_->left_out;
    reply(answer);
}

void Scenes::undo(const json& data, const std::string& by, ReplyFn reply) {
    settle();
    Taking taking;
    if (!begin_taking(data, by, reply, taking)) return;
    while (!history_.empty() && is_gone(history_.back())) history_.pop_back();
    const int64_t steps = events::integer_of(data, "steps", 1);
    if (steps < 1) return reply(refusal("invalid", "steps is a whole number from 1"));
    if (history_.empty()) return reply(refusal("refused", "there is nothing to undo"));
    taking.undo = static_cast<size_t>(steps);
    const auto entry = undone(taking.undo, by);
    if (!entry)
        return reply(
            refusal("refused", fmt::format("there are only {} steps to undo", history_.size())));
    auto what = compose(*entry);
    if (!what) return reply(refusal("refused", "the layout of that step is gone"));
    taking.what = std::move(*what);
    taking.reply = std::move(reply);
    begin(std::move(taking));
}

json Scenes::status() const {
    return {{"on_air", on_air_ ? json(on_air_->layout) : json()},
            {"preview", next_ ? json(next_->scene.layout) : json()},
            {"take", take_},
            {"recorded", recorded_},
            {"holds", holds_.status()},
            {"edits", edits_json(entry_.edits)},
            {"undo", history_.size()}};
}

json Scenes::layouts() const {
    json list = json::array();
    for (const config::Layout& layout : site_->layouts)
        list.push_back({{"name", layout.name},
                        {"title", {{"zh", layout.title.zh}, {"en", layout.title.en}}},
                        {"key", layout.key},
                        {"on_air", on_air_ && on_air_->layout == layout.name},
                        {"preview", next_ && next_->scene.layout == layout.name}});
    return list;
}

}  // namespace bw::hub
