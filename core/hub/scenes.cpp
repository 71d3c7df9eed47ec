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

namespace {

json scene_json(const std::optional<wall::Scene>& scene) {
    return scene ? json::parse(wall::to_json(*scene), nullptr, false) : json();
}

}  // namespace

void Scenes::start(const config::Site& site, const std::string& last_taken) {
    site_ = &site;
    settle_by_ns_ = base::mono_ns() + kAdoptDeadlineMs * base::kMillisecond;
    json event;
    if (last_taken.empty() || !events::read_json(last_taken, event)) return;
    const json data = event.value("data", json::object());
    take_ = static_cast<uint64_t>(events::integer_of(data, "take", 0));
    if (data.contains("history") && data["history"].is_array())
        for (const json& name : data["history"])
            if (name.is_string()) history_.push_back(name.get<std::string>());
    if (!data.contains("scene")) return;
    if (auto scene = wall::parse_scene(data["scene"].dump())) on_air_ = std::move(*scene);
}

// Nobody has said what is on air, so nobody sees anything: show the last scene, or the first.
void Scenes::settle() {
    if (settled_) return;
    settled_ = true;
    const config::Layout* layout = on_air_ ? site_->layout(on_air_->layout) : nullptr;
    if (layout == nullptr && !on_air_) layout = &site_->first_layout();
    if (layout == nullptr) return publish_live({});
    wall::Scene scene = wall::resolve(*site_, *layout);
    if (on_air_ && on_air_->hash == scene.hash) {
        on_air_->take = take_;
        return publish_live({});
    }
    Taking taking;
    taking.scene = std::move(scene);
    taking.by = "hub";
    go_live(std::move(taking));
}

void Scenes::on_air(const json& data) {
    const auto take = static_cast<uint64_t>(events::integer_of(data, "take", 0));
    const json none;
    const json& reported = data.is_object() && data.contains("scene") ? data["scene"] : none;
    if (take >= std::max<uint64_t>(take_, 1) && reported.is_object()) {
        auto scene = wall::parse_scene(reported.dump());
        if (scene && (!settled_ || take > take_)) {
            base::log_info("take {} ({}) is on air: adopted", take, scene->layout);
            settled_ = true;
            take_ = take;
            on_air_ = std::move(*scene);
            on_air_->take = take;
            publish_live({});
            return set_site(*site_);
        }
    }
    settle();
}

void Scenes::set_site(const config::Site& site) {
    site_ = &site;
    if (!on_air_ || !settled_) return;
    const config::Layout* layout = site.layout(on_air_->layout);
    if (layout == nullptr) return;
    wall::Scene scene = wall::resolve(site, *layout);
    // Never an unasked take: people see what changed in the preview and take it when they will.
    if (scene.hash != on_air_->hash && !taking_) prepare(std::move(scene));
}

const config::Layout* Scenes::find(const std::string& name, const ReplyFn& reply) const {
    if (const config::Layout* layout = site_->layout(name)) return layout;
    std::string names;
    for (const config::Layout& layout : site_->layouts)
        names += (names.empty() ? "" : ", ") + layout.name;
    reply(refusal("unknown", fmt::format("there is no layout {}; there are: {}", name, names)));
    return nullptr;
}

void Scenes::take(const json& data, const std::string& by, ReplyFn reply) {
    settle();
    const int64_t if_take = events::integer_of(data, "if_take", -1);
    if (if_take >= 0 && static_cast<uint64_t>(if_take) != take_)
        return reply(
            refusal("conflict", fmt::format("the wall is at take {}, not {}", take_, if_take)));
    const auto transition = asked_transition(data);
    if (!transition) return reply(refusal("invalid", transition.error().text));
    Taking taking;
    taking.transition = *transition;
    taking.by = by;
    const std::string name = events::text_of(data, "layout");
    if (name.empty()) {
        if (!next_) return reply(refusal("refused", "there is no preview to take: name a layout"));
        taking.scene = *next_;
    } else {
        const config::Layout* layout = find(name, reply);
        if (layout == nullptr) return;
        taking.scene = wall::resolve(*site_, *layout);
    }
    taking.reply = std::move(reply);
    begin(std::move(taking));
}

void Scenes::preview(const json& data, ReplyFn reply) {
    settle();
    if (data.is_object() && data.contains("layout") && data["layout"].is_null()) {
        supersede();
        next_.reset();
        ready_.clear();
        facts_.publish("beaconwall.wall.next.v1", "wall", {{"scene", nullptr}});
        return reply({{"ok", true}, {"layout", nullptr}, {"hash", nullptr}});
    }
    const config::Layout* layout = find(events::text_of(data, "layout"), reply);
    if (layout == nullptr) return;
    supersede();
    prepare(wall::resolve(*site_, *layout));
    reply({{"ok", true}, {"layout", next_->layout}, {"hash", next_->hash}});
}

void Scenes::undo(const json& data, const std::string& by, ReplyFn reply) {
    settle();
    const auto transition = asked_transition(data);
    if (!transition) return reply(refusal("invalid", transition.error().text));
    while (!history_.empty() && site_->layout(history_.back()) == nullptr) history_.pop_back();
    if (history_.empty()) return reply(refusal("refused", "there is nothing to undo"));
    Taking taking;
    taking.scene = wall::resolve(*site_, *site_->layout(history_.back()));
    taking.transition = *transition;
    taking.undo = true;
    taking.by = by;
    taking.reply = std::move(reply);
    begin(std::move(taking));
}

void Scenes::supersede() {
    if (!taking_) return;
    const Taking old = std::move(*taking_);
    taking_.reset();
    if (old.reply)
        old.reply(refusal("refused", "a newer take or preview came before this one was ready"));
}

void Scenes::prepare(wall::Scene scene) {
    scene.take = 0;
    if (next_ && next_->hash == scene.hash) return;
    next_ = std::move(scene);
    ready_.clear();
    facts_.publish("beaconwall.wall.next.v1", "wall", {{"scene", scene_json(next_)}});
}

void Scenes::begin(Taking taking) {
    supersede();
    prepare(taking.scene);
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
    if (!next_ || events::text_of(data, "hash") != next_->hash) return;
    ready_.insert(compositor);
    if (!taking_ || !all_ready()) return;
    Taking taking = std::move(*taking_);
    taking_.reset();
    go_live(std::move(taking));
}

void Scenes::go_live(Taking taking) {
    if (taking.undo) {
        if (!history_.empty()) history_.pop_back();
    } else if (on_air_ && on_air_->layout != taking.scene.layout) {
        history_.push_back(on_air_->layout);
    }
    if (history_.size() > kMaxHistory) history_.erase(history_.begin());
    on_air_ = taking.scene;
    on_air_->take = ++take_;
    recorded_ = false;
    publish_live(taking.transition.value_or(taking.scene.transition));
    if (next_) {
        next_.reset();
        ready_.clear();
        facts_.publish("beaconwall.wall.next.v1", "wall", {{"scene", nullptr}});
    }
    Landing landing;
    landing.take = take_;
    landing.layout = on_air_->layout;
    const auto names = peers_.named("compositor:");
    landing.compositors.insert(names.begin(), names.end());
    landing.deadline_ns = base::mono_ns() + kTakenDeadlineMs * base::kMillisecond;
    landing.reply = std::move(taking.reply);
    landings_.push_back(std::move(landing));
    journal_take(taking);
}

void Scenes::publish_live(const config::Transition& transition) {
    facts_.publish("beaconwall.wall.live.v1", "wall",
                   {{"take", take_},
                    {"layout", on_air_->layout},
                    {"hash", on_air_->hash},
                    {"transition", transition_json(transition)},
                    {"at_ns", 0},
                    {"scene", scene_json(on_air_)}});
}

// Acts at once, recorded behind: a full disk never forbids a take.
void Scenes::journal_take(const Taking& taking) {
    const json data = {{"take", take_},
                       {"layout", on_air_->layout},
                       {"hash", on_air_->hash},
                       {"by", taking.by},
                       {"undo", taking.undo},
                       {"history", history_},
                       {"scene", scene_json(on_air_)}};
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
}

void Scenes::finish_landing(Landing& landing) {
    if (!landing.reply) return;
    landing.reply({{"ok", true},
                   {"take", landing.take},
                   {"layout", landing.layout},
                   {"recorded", landing.journalled}});
}

void Scenes::tick(int64_t now) {
    if (!settled_ && now >= settle_by_ns_) settle();
    if (taking_ && now >= taking_->deadline_ns) {
        Taking taking = std::move(*taking_);
        taking_.reset();
        go_live(std::move(taking));
    }
    check_landings(now);
}

int64_t Scenes::next_wake_ns() const {
    int64_t wake = INT64_MAX;
    if (!settled_) wake = settle_by_ns_;
    if (taking_) wake = std::min(wake, taking_->deadline_ns);
    for (const Landing& landing : landings_) wake = std::min(wake, landing.deadline_ns);
    return wake;
}

json Scenes::status() const {
    return {{"on_air", on_air_ ? json(on_air_->layout) : json()},
            {"preview", next_ ? json(next_->layout) : json()},
            {"take", take_},
            {"recorded", recorded_}};
}

json Scenes::layouts() const {
    json list = json::array();
    for (const config::Layout& layout : site_->layouts)
        list.push_back({{"name", layout.name},
                        {"title", {{"zh", layout.title.zh}, {"en", layout.title.en}}},
                        {"key", layout.key},
                        {"on_air", on_air_ && on_air_->layout == layout.name},
                        {"preview", next_ && next_->layout == layout.name}});
    return list;
}

}  // namespace bw::hub
