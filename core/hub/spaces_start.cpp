// SPDX-License-Identifier: Apache-2.0
// How spaces come to be: an exercise from a copy of live, in slices on the loop and with its image
// written by another thread; a replay from the journal; both again after a restart, or not.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/log.h"
#include "core/events/json.h"
#include "core/hub/space_image.h"
#include "core/hub/spaces.h"

namespace bw::hub {

using events::integer_of;
using events::text_of;
using nlohmann::json;
using wall::SceneSpace;

namespace {
// A slice is under a millisecond; between two of them the loop does all else.
constexpr size_t kSubjectsOfStep = 1000;
constexpr const char* kSpaceType = "beaconwall.space.v1";
}  // namespace

void Spaces::begin_exercise(Space& space) {
    space.copy = facts_.copy_live();
}

void Spaces::step_copy(Space& space) {
    if (!space.copy->step(kSubjectsOfStep)) return;
    const auto rows = std::make_shared<std::vector<StoredPtr>>(space.copy->take());
    space.copy.reset();
    worker_.post([this, rows, name = space.scene.name] {
        for (StoredPtr& row : *rows) row = in_space(*row, name);
        const base::Status written = write_image(image_file(state_dir_, name), *rows);
        mailbox_.post([this, name, rows, written] { copied(name, rows, written); });
    });
}

void Spaces::copied(const std::string& name, std::shared_ptr<std::vector<StoredPtr>> rows,
                    const base::Status& written) {
    Space* space = find(name);
    if (space == nullptr || space->state != State::starting) return;
    if (!written) return failed(name, "system", written.error().text + ", then start it again");
    space->rows = std::move(*rows);
    space->subjects = space->rows.size();
    space->rows_came = true;
}

void Spaces::step_install(Space& space) {
    const size_t done = space.rows.size() - std::min(space.rows.size(), kSubjectsOfStep);
    facts_.add({space.rows.begin() + static_cast<ptrdiff_t>(done), space.rows.end()});
    space.rows.resize(done);
    if (!space.rows.empty()) return;
    space.rows_came = false;
    record(space);
}

void Spaces::begin_replay(Space& space) {
    space.player = std::make_shared<Player>(journal_, facts_, space.scene.name, space.span);
    space.player->prepare([this, name = space.scene.name](const base::Status& status) {
        Space* its = find(name);
        if (its == nullptr) return;
        if (!status) return failed(name, status.error().code, status.error().text);
        record(*its);
    });
}

// In live: who asks live knows which spaces there are, and a restarted hub goes on from here.
void Spaces::record(const Space& space) {
    json data = one(space);
    data.erase("overtaken");
    if (space.state == State::starting) data["state"] = "running";
    const std::string name = space.scene.name;
    facts_.put({{kSpaceType, name, data.dump(), 0, false}}, base::random_uuid(), "hub", kLive,
               [this, name](const json& result) { recorded(name, result); });
}

void Spaces::recorded(const std::string& name, const json& result) {
    Space* space = find(name);
    if (space == nullptr || space->state != State::starting) return;
    if (!result.value("ok", false))
        return failed(name, text_of(result, "code", "system"), text_of(result, "text"));
    space->state = State::running;
    if (space->player) {
        space->scene.wall_ns = base::wall_ns();
        space->scene.space_ns = space->span.since_ns;
        space->scene.rate = space->span.speed;
        space->player->start(space->scene.wall_ns);
    }
    const int64_t took_ms = (base::mono_ns() - space->begun_ns) / base::kMillisecond;
    base::log_info("the space {} runs: {} subjects, after {} ms", name, space->subjects, took_ms);
    const ReplyFn reply = std::exchange(space->reply, nullptr);
    json answer = {{"ok", true}, {"took_ms", took_ms}};
    answer.update(one(*space));
    if (reply) reply(std::move(answer));
}

void Spaces::failed(const std::string& name, const std::string& code, const std::string& text) {
    base::log_warning("the space {} does not start: {}", name, text);
    const ReplyFn reply = std::exchange(spaces_[name].reply, nullptr);
    forget(name);
    if (reply) reply(refusal(code.c_str(), text));
}

void Spaces::close_record(const std::string& name, ReplyFn reply) {
    facts_.put({{kSpaceType, name, "{}", 0, true}}, base::random_uuid(), "hub", kLive,
               std::move(reply));
}

void Spaces::restore_exercise(const StoredPtr& row, const json& data) {
    Space space;
    SceneSpace& scene = space.scene;
    scene.name = row->subject;
    const json title = data.value("title", json::object());
    scene.title = {text_of(title, "zh"), text_of(title, "en")};
    scene.wall_ns = integer_of(data, "wall_ns", 0);
    scene.space_ns = integer_of(data, "space_ns", 0);
    space.by = text_of(data, "by");
    space.started_ns = base::parse_rfc3339(text_of(data, "started")).value_or(0);
    space.state = State::running;
    const auto image = read_image(image_file(state_dir_, scene.name));
    if (!image || !wall::space_fault(scene).empty()) {
        base::log_error("the exercise {} is over, its beginning cannot be read: {}", scene.name,
                        image ? "its record is faulty" : image.error().text);
        return close_record(scene.name, [](const json& /*result*/) {});
    }
    facts_.open(scene.name);
    facts_.add(*image);
    // What came after is newer. One of that name may have been before: of that, nothing.
    facts_.add(facts_.past_of(scene.name, row->sequence), true);
    base::log_info("the exercise {} goes on, with {} subjects from its beginning", scene.name,
                   image->size());
    spaces_[scene.name] = std::move(space);
}

void Spaces::restore() {
    for (const StoredPtr& row : facts_.records(kLive, kSpaceType)) {
        json event;
        if (spaces_.contains(row->subject) || !events::read_json(row->json, event)) continue;
        const json data = event.value("data", json::object());
        if (text_of(data, "kind") == "exercise") {
            restore_exercise(row, data);
            continue;
        }
        base::log_warning("the replay {} is over: it ends with the hub that plays it",
                          row->subject);
        close_record(row->subject, [](const json& /*result*/) {});
    }
    facts_.forget_past();
    std::vector<std::string> names;
    for (const auto& [name, space] : spaces_) names.push_back(name);
    remove_images_but(state_dir_, names);
}

}  // namespace bw::hub
