// SPDX-License-Identifier: Apache-2.0
// The take as a transaction: prepare, ready, live, taken, recorded.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/clock.h"
#include "core/events/json.h"
#include "core/hub/scenes.h"
#include "core/hub/transitions.h"

namespace bw::hub {

using nlohmann::json;

namespace {

constexpr const char* kNext = "beaconwall.wall.next.v1";

bool is_unasked(const std::string& by) {
    return is_rule(by) || by == "hub";
}

json scene_json(const wall::Scene& scene) {
    return json::parse(wall::to_json(scene), nullptr, false);
}

}  // namespace

void Scenes::supersede() {
    if (!taking_) return;
    const Taking old = std::move(*taking_);
    taking_.reset();
    if (old.reply)
        old.reply(refusal("refused", "a newer take or preview came before this one was ready"));
}

void Scenes::prepare(Composed what) {
    what.scene.take = 0;
    const bool same = next_ && next_->scene.hash == what.scene.hash;
    next_ = std::move(what);
    if (same) return;
    ready_.clear();
    facts_.publish(kNext, "wall", {{"scene", scene_json(next_->scene)}});
}

void Scenes::forget_next() {
    next_.reset();
    ready_.clear();
    facts_.publish(kNext, "wall", {{"scene", nullptr}});
}

/// What a person prepared is not gone because a rule took something, or a space ended.
void Scenes::keep_preview(const Taking& taking) {
    if (!is_unasked(taking.by))
        next_of_person_.reset();
    else if (next_ && !next_of_rule_ && next_->entry != taking.what.entry)
        next_of_person_ = next_->entry;
}

void Scenes::give_preview_back() {
    next_of_rule_ = false;
    if (!next_of_person_) return;
    auto again = compose(*std::exchange(next_of_person_, std::nullopt));
    if (again) prepare(std::move(*again));
}

void Scenes::begin(Taking taking) {
    if (json refused = space_refusal(taking); !refused.is_null()) {
        if (taking.reply) taking.reply(std::move(refused));
        return;
    }
    supersede();
    keep_preview(taking);
    next_of_rule_ = is_unasked(taking.by);
    prepare(taking.what);
    if (all_ready()) return go_live(std::move(taking));
    taking.deadline_ns = base::mono_ns() + kReadyDeadlineMs * base::kMillisecond;
    taking_ = std::move(taking);
}

bool Scenes::all_ready() const {
    const auto names = peers_.named("compositor:");
    return std::all_of(names.begin(), names.end(),
                       [this](const std::string& name) { return ready_.contains(name); });
}

void Scenes::ready(const std::string& compositor, const json& data) {
    if (!next_ || events::text_of(data, "hash") != next_->scene.hash) return;
    ready_.insert(compositor);
    if (!taking_ || !all_ready()) return;
    Taking taking = std::move(*taking_);
    taking_.reset();
    go_live(std::move(taking));
}

void Scenes::go_live(Taking taking) {
    if (taking.undo > 0) {
        history_.resize(history_.size() - std::min(taking.undo, history_.size()));
    } else if (on_air_ && !taking.leaves && entry_ != taking.what.entry) {
        remember_entry();
    }
    if (entry_.space == kLive && taking.what.entry.space != kLive) before_ = entry_;
    const std::string was = entry_.space;
    on_air_ = taking.what.scene;
    entry_ = taking.what.entry;
    plain_ = taking.what.plain;
    // Back from a space: no step undoes what is as it was.
    while (taking.leaves && !history_.empty() && history_.back() == entry_) history_.pop_back();
    on_air_->take = ++take_;
    recorded_ = false;
    publish_live(taking.transition.value_or(on_air_->transition));
    if (next_) forget_next();
    give_preview_back();
    Landing landing;
    landing.take = take_;
    landing.layout = on_air_->layout;
    landing.space = entry_.space;
    if (was != entry_.space) landing.left = was;
    landing.held = taking.what.held;
    landing.left_out = taking.what.left_out;
    const auto names = peers_.named("compositor:");
    landing.compositors.insert(names.begin(), names.end());
    landing.deadline_ns = base::mono_ns() + kTakenDeadlineMs * base::kMillisecond;
    landing.reply = std::move(taking.reply);
    landings_.push_back(std::move(landing));
    journal_take(taking);
    if (site_changed_) set_site(*site_);
}

void Scenes::remember_entry() {
    history_.push_back(entry_);
    if (history_.size() > kMaxHistory) history_.erase(history_.begin());
}

void Scenes::publish_live(const config::Transition& transition) {
    facts_.publish("beaconwall.wall.live.v1", "wall",
                   {{"take", take_},
                    {"layout", on_air_->layout},
                    {"hash", on_air_->hash},
                    {"transition", transition_json(transition)},
                    {"at_ns", 0},
                    {"scene", scene_json(*on_air_)}});
}

// Acts at once, recorded behind: a full disk never forbids a take.
void Scenes::journal_take(const Taking& taking) {
    json data = {
        {"take", take_},   {"layout", on_air_->layout},         {"hash", on_air_->hash},
        {"by", taking.by}, {"undo", taking.undo > 0},           {"edits", edits_json(entry_.edits)},
        {"plain", plain_}, {"history", entries_json(history_)}, {"scene", scene_json(*on_air_)}};
    if (entry_.space != kLive) {
        data["space"] = entry_.space;
        data["before"] = entry_json(before_);
    }
    facts_.publish_durable(
        "beaconwall.wall.taken.v1", "wall", data, [this, take = take_](const json& result) {
            const bool ok = result.value("ok", false);
            if (take == take_) recorded_ = ok;
            for (Landing& landing : landings_) {
                if (landing.take != take) continue;
                landing.journalled = ok;
                if (!ok)
                    landing.deadline_ns =
                        std::min(landing.deadline_ns, base::mono_ns() + 50 * base::kMillisecond);
            }
            check_landings(base::mono_ns());
        });
}

void Scenes::taken(const std::string& compositor, const json& data) {
    const auto take = static_cast<uint64_t>(events::integer_of(data, "take", 0));
    for (Landing& landing : landings_)
        if (landing.take <= take) landing.compositors.erase(compositor);
    check_landings(base::mono_ns());
}

void Scenes::compositor_left(const std::string& name) {
    ready_.erase(name);
    for (Landing& landing : landings_) landing.compositors.erase(name);
    check_landings(base::mono_ns());
    if (taking_ && all_ready()) taking_->deadline_ns = 0;
}

void Scenes::check_landings(int64_t now) {
    std::vector<Landing> done;
    for (auto it = landings_.begin(); it != landings_.end();) {
        if ((it->compositors.empty() && it->journalled) || now >= it->deadline_ns) {
            done.push_back(std::move(*it));
            it = landings_.erase(it);
        } else {
            ++it;
        }
    }
    for (Landing& landing : done) finish_landing(landing);
    tell_left();
}

void Scenes::finish_landing(Landing& landing) {
    if (!landing.reply) return;
    json answer = {{"ok", true},
                   {"take", landing.take},
                   {"layout", landing.layout},
                   {"recorded", landing.journalled}};
    if (landing.space != kLive) answer["space"] = landing.space;
    if (!landing.held.empty()) answer["held"] = landing.held, answer["left_out"] = landing.left_out;
    landing.reply(std::move(answer));
}

void Scenes::tick(int64_t now) {
    if (!settled_ && now >= settle_by_ns_) settle();
    if (taking_ && now >= taking_->deadline_ns) {
        Taking taking = std::move(*taking_);
        taking_.reset();
        go_live(std::move(taking));
    }
    go_home();
    check_landings(now);
}

int64_t Scenes::next_wake_ns() const {
    int64_t wake = INT64_MAX;
    if (!settled_) wake = settle_by_ns_;
    if (taking_) wake = std::min(wake, taking_->deadline_ns);
    for (const Landing& landing : landings_) wake = std::min(wake, landing.deadline_ns);
    return wake;
}

}  // namespace bw::hub
