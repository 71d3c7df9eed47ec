// SPDX-License-Identifier: Apache-2.0
#include "core/hub/spaces.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/rfc3339.h"
#include "core/events/json.h"
#include "core/hub/space_image.h"

namespace bw::hub {

using events::integer_of;
using events::text_of;
using nlohmann::json;
using wall::SceneSpace;

namespace {

json title_json(const config::Text& title) {
    return {{"zh", title.zh}, {"en", title.en}};
}

/// One text stands for both; none: the name.
config::Text read_title(const json& data, const std::string& name) {
    const auto found = data.find("title");
    const json none;
    const json& title = found == data.end() ? none : *found;
    config::Text text{text_of(title, "zh"), text_of(title, "en")};
    if (text.zh.empty()) text.zh = text.en;
    if (text.en.empty()) text.en = text.zh;
    if (text.zh.empty()) text.zh = text.en = name;
    return text;
}

const char* word_of(SceneSpace::Kind kind) {
    return kind == SceneSpace::Kind::replay ? "replay" : "exercise";
}

std::string read_moment(const json& data, const char* key, int64_t& out) {
    if (text_of(data, key).empty())
        return fmt::format("a replay needs {}, a time such as 2026-07-01T08:00:00Z", key);
    const auto time = base::read_rfc3339(text_of(data, key));
    if (!time) return fmt::format("{} of the replay: {}", key, time.error().text);
    out = *time;
    return {};
}

std::string span_fault(const json& data, Player::Span& span) {
    const auto until = data.find("until");
    span.until_ns = base::wall_ns();
    if (std::string fault = read_moment(data, "since", span.since_ns); !fault.empty()) return fault;
    if (until != data.end() && !until->is_null())
        if (std::string fault = read_moment(data, "until", span.until_ns); !fault.empty())
            return fault;
    span.speed = static_cast<int>(integer_of(data, "speed", 1));
    if (span.speed < 1 || span.speed > Spaces::kMaxSpeed)
        return fmt::format("speed is a whole number from 1 to {}", Spaces::kMaxSpeed);
    if (span.since_ns >= span.until_ns)
        return fmt::format("since ({}) has to lie before until ({})", base::rfc3339(span.since_ns),
                           base::rfc3339(span.until_ns));
    if (span.until_ns > base::wall_ns())
        return fmt::format("until ({}) lies in the future: a replay plays what was",
                           base::rfc3339(span.until_ns));
    return {};
}

}  // namespace

Spaces::Spaces(Facts& facts, Peers& peers, Journal& journal, Mailbox& mailbox,
               std::filesystem::path state_dir)
    : facts_(facts),
      peers_(peers),
      journal_(journal),
      mailbox_(mailbox),
      state_dir_(std::move(state_dir)) {}

Spaces::Space* Spaces::find(const std::string& name) {
    const auto found = spaces_.find(name);
    return found == spaces_.end() ? nullptr : &found->second;
}

const Spaces::Space* Spaces::find(const std::string& name) const {
    const auto found = spaces_.find(name);
    return found == spaces_.end() ? nullptr : &found->second;
}

std::string Spaces::names() const {
    std::string text = kLive;
    for (const auto& [name, space] : spaces_) text += ", " + name;
    return text;
}

std::string Spaces::fault(const std::string& name) const {
    if (name == kLive) return {};
    const Space* space = find(name);
    if (space == nullptr) return fmt::format("there is no space {}; there are: {}", name, names());
    if (space->state == State::starting)
        return fmt::format("the {} {} is being prepared; try again in a moment",
                           word_of(space->scene.kind), name);
    if (space->state == State::ending)
        return fmt::format("the {} {} is being ended", word_of(space->scene.kind), name);
    return {};
}

std::string Spaces::write_fault(const std::string& name, bool view) const {
    std::string why = fault(name);
    if (why.empty() && !view && is_replay(name))
        why = fmt::format("the replay {} plays what was: nothing is written into it", name);
    return why;
}

std::string Spaces::stray_fault(const std::string& said, const std::string& space) const {
    const std::string kind = said == space || space != kLive ? "" : kind_of(said);
    if (kind.empty()) return {};
    return fmt::format(
        "the event says that it is of the {} {}, and the request is about live: name the space in "
        "the request, or leave it out of the event",
        kind, said);
}

bool Spaces::is_replay(const std::string& name) const {
    const Space* space = find(name);
    return space != nullptr && space->scene.kind == SceneSpace::Kind::replay;
}

std::string Spaces::kind_of(const std::string& name) const {
    const Space* space = find(name);
    return space == nullptr ? "" : word_of(space->scene.kind);
}

std::optional<SceneSpace> Spaces::scene_space(const std::string& name) const {
    const Space* space = find(name);
    if (space == nullptr || space->state == State::starting) return std::nullopt;
    return space->scene;
}

json Spaces::one(const Space& space) const {
    constexpr const char* kStates[] = {"starting", "running", "ended", "ending"};
    json out = {{"name", space.scene.name},
                {"kind", word_of(space.scene.kind)},
                {"title", title_json(space.scene.title)},
                {"state", kStates[static_cast<size_t>(space.state)]},
                {"by", space.by},
                {"started", base::rfc3339(space.started_ns)},
                {"wall_ns", space.scene.wall_ns},
                {"space_ns", space.scene.space_ns},
                {"rate", space.scene.rate}};
    if (space.scene.kind == SceneSpace::Kind::exercise) return out;
    out["since"] = base::rfc3339(space.span.since_ns);
    out["until"] = base::rfc3339(space.span.until_ns);
    out["speed"] = space.span.speed;
    out["overtaken"] = space.player ? space.player->overtaken() : 0;
    return out;
}

json Spaces::one(const std::string& name) const {
    const Space* space = find(name);
    return space == nullptr ? json() : one(*space);
}

json Spaces::list() const {
    json out = json::array();
    for (const auto& [name, space] : spaces_) out.push_back(one(space));
    return out;
}

std::string Spaces::start_fault(const json& data, Space& space) const {
    SceneSpace& scene = space.scene;
    scene.name = text_of(data, "name");
    const std::string kind = text_of(data, "kind");
    if (kind != "exercise" && kind != "replay") return "kind is exercise or replay";
    if (kind == "replay") scene.kind = SceneSpace::Kind::replay;
    scene.title = read_title(data, scene.name);
    if (const std::string fault = wall::space_fault(scene); !fault.empty()) return fault;
    if (kind == "replay") return span_fault(data, space.span);
    for (const char* key : {"since", "until", "speed"})
        if (const auto found = data.find(key); found != data.end() && !found->is_null())
            return fmt::format(
                "{} is of a replay: an exercise begins now, and has no end but `end`", key);
    return {};
}

void Spaces::start(const json& data, const std::string& by, const ReplyFn& reply) {
    Space space;
    space.by = by;
    space.started_ns = base::wall_ns();
    space.begun_ns = base::mono_ns();
    // Of an exercise the clock is the hall's.
    space.scene.wall_ns = space.scene.space_ns = space.started_ns;
    if (const std::string fault = start_fault(data, space); !fault.empty())
        return reply(refusal("invalid", fault));
    const std::string name = space.scene.name;
    if (find(name) != nullptr)
        return reply(refusal("conflict", fmt::format("there is a space {} already", name)));
    if (spaces_.size() >= kMaxSpaces)
        return reply(
            refusal("full", fmt::format("{} spaces run already ({}): end one of them first",
                                        spaces_.size(), names())));
    if (const auto why = facts_.disk_refusal()) return reply(refusal(why->code.c_str(), why->text));
    space.reply = reply;
    Space& its = spaces_[name] = std::move(space);
    base::log_info("the {} {} is being started by {}", word_of(its.scene.kind), name, by);
    facts_.open(name);
    its.scene.kind == SceneSpace::Kind::exercise ? begin_exercise(its) : begin_replay(its);
}

void Spaces::end(const json& data, const std::string& by, const ReplyFn& reply) {
    const std::string name = text_of(data, "name");
    if (name == kLive) return reply(refusal("refused", "live is no space that ends"));
    Space* space = find(name);
    if (space == nullptr)
        return reply(
            refusal("unknown", fmt::format("there is no space {}; there are: {}", name, names())));
    if (space->state == State::starting || space->state == State::ending)
        return reply(refusal("conflict", fault(name)));
    base::log_info("the {} {} is being ended by {}", word_of(space->scene.kind), name, by);
    space->state = State::ending;
    on_ending_(name, [this, name, reply] {
        forget(name);
        close_record(name, [name, reply](const json& result) {
            if (!result.value("ok", false)) return reply(result);
            reply({{"ok", true}, {"name", name}});
        });
    });
}

// What it knew is freed elsewhere: there may be much of it.
void Spaces::forget(const std::string& name) {
    peers_.forget_space(name);
    spaces_.erase(name);
    std::vector<std::string> others;
    for (const auto& [other, space] : spaces_) others.push_back(other);
    worker_.post([values = facts_.close(name), folder = state_dir_, others]() mutable {
        values.reset();
        remove_images_but(folder, others);
    });
}

bool Spaces::held_up(const Space& space) const {
    return space.copy == nullptr && !space.rows_came;
}

void Spaces::tick() {
    std::vector<std::string> names;
    for (const auto& [name, space] : spaces_) names.push_back(name);
    for (const std::string& name : names) {
        Space* space = find(name);
        if (space == nullptr) continue;
        if (space->state == State::starting && space->copy) step_copy(*space);
        // What it does last may end the space.
        if (space->state == State::starting && space->rows_came) step_install(*space);
        if (space->state != State::running || !space->player) continue;
        const int64_t now = base::wall_ns();
        if (!space->player->tick(now)) continue;
        space->state = State::ended;
        space->scene.wall_ns = now;
        space->scene.space_ns = space->span.until_ns;
        space->scene.rate = 0;
        base::log_info("the replay {} is at its end, {}", name,
                       base::rfc3339(space->span.until_ns));
        record(*space);
        on_clock_(name);
    }
}

int64_t Spaces::next_wake_ns() const {
    int64_t wake = INT64_MAX;
    for (const auto& [name, space] : spaces_) {
        if (space.state == State::starting && !held_up(space)) return 0;
        if (space.state == State::running && space.player)
            wake = std::min(wake, space.player->next_wake_ns());
    }
    return wake;
}

}  // namespace bw::hub
