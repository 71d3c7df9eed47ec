// SPDX-License-Identifier: Apache-2.0
// Hosts that lack something, threads, views, and anything in any order.
#include <beaconwall/textures.h>
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <random>

#include "core/check/payloads.h"
#include "core/check/rules.h"
#include "core/check/trial.h"
#include "core/events/json.h"
#include "core/panel/facts.h"

namespace bw::check {
namespace {

constexpr std::array kExtensions{BW_EXT_LOG,    BW_EXT_EVENTS,   BW_EXT_CLOCK,   BW_EXT_VIEW,
                                 BW_EXT_GLYPHS, BW_EXT_KEEPOUTS, BW_EXT_TEXTURES};

surface::Input press_at(float x, float y, uint32_t type = BW_INPUT_PRESS) {
    surface::Input input{};
    input.type = type;
    input.button = 1;
    input.x = x;
    input.y = y;
    return input;
}

Finding cannot_load(const base::Error& why) {
    return {Verdict::fail, why.text, "see load.exports"};
}

}  // namespace

// A plugin may say no, in init or create; it may not fall over.
Finding rule_extensions(const Subject& subject) {
    std::string does_without;
    for (const char* extension : kExtensions) {
        Trial trial(subject.glyphs);
        trial.hide(extension);
        if (!trial.load(subject.plugin.library)) continue;  // init said no
        bool all = true;
        for (const auto& panel : subject.plugin.panels) {
            Shown* shown = trial.show(panel.id, {});
            all = all && shown != nullptr;
            if (shown == nullptr) continue;
            (void)trial.draw(*shown);
            shown->pane->input(press_at(100, 100));
            (void)trial.draw(*shown);
        }
        if (all) does_without += (does_without.empty() ? "" : ", ") + std::string(extension);
    }
    return {
        Verdict::pass,
        does_without.empty() ? "says no to a host that lacks one" : "works without " + does_without,
        {}};
}

Finding rule_threads(const Subject& subject) {
    Trial trial(subject.glyphs);
    if (const auto loaded = trial.load(subject.plugin.library); !loaded)
        return cannot_load(loaded.error());
    for (const auto& panel : subject.plugin.panels) {
        Shown* shown = trial.show(panel.id, {});
        if (shown == nullptr) continue;
        for (const std::string& prefix : std::vector<std::string>(shown->prefixes))
            trial.deliver(event_for(prefix, "{}"));
        shown->pane->input(press_at(50, 50));
        (void)trial.draw(*shown);
    }
    if (trial.foreign_calls() > 0)
        return {Verdict::fail,
                fmt::format("{} calls of the host from a thread of the plugin's own",
                            trial.foreign_calls()),
                "functions tagged [main] are for the thread that called you: hand results over"};
    return {Verdict::pass, "on one thread", {}};
}

namespace {

/// What two presses at the same place leave in a panel made anew from its view.
Finding view_of_one(Trial& trial, const std::string& id, int& saved) {
    const Size size;
    for (float y = 40; y < static_cast<float>(size.height); y += 60)
        for (float x = 40; x < static_cast<float>(size.width); x += 80) {
            Shown* shown = trial.show(id, size);
            if (shown == nullptr) return {};
            (void)trial.draw(*shown);
            shown->pane->input(press_at(x, y));
            shown->pane->input(press_at(x, y, BW_INPUT_RELEASE));
            (void)trial.draw(*shown);
            const std::vector<std::string> views = shown->views;
            trial.drop(shown);
            if (views.empty()) continue;
            ++saved;
            const std::string& view = views.back();
            nlohmann::json parsed;
            if (!events::read_json(view, parsed) || !parsed.is_object())
                return {Verdict::fail, id + " saves a view that is no JSON object",
                        "save_view() takes a JSON object"};
            if (view.size() > panel::kMaxViewBytes)
                return {Verdict::fail, fmt::format("{} saves a view of {} bytes", id, view.size()),
                        "a view is page, selection and scroll: at most 4096 bytes"};
            Shown* again = trial.show(id, size, "zh", view);
            if (again == nullptr)
                return {Verdict::fail, id + " cannot be made from its own view", "read it again"};
            auto drawn = trial.draw(*again);
            trial.drop(again);
            if (!drawn)
                return {Verdict::fail, id + " with its own view: " + drawn.error().text,
                        "what was saved has to be bearable"};
        }
    for (const char* view : {"{}", "null", "[]", "{\"page\":1e99,\"selected\":[]}", "not JSON"}) {
        Shown* shown = trial.show(id, size, "zh", view);
        if (shown == nullptr)
            return {Verdict::fail, id + " cannot be made from the view " + view,
                    "a view that makes no sense is like none"};
        auto drawn = trial.draw(*shown);
        trial.drop(shown);
        if (!drawn) return {Verdict::fail, id + ": " + drawn.error().text, "see panel.events"};
    }
    return {};
}

}  // namespace

Finding rule_view(const Subject& subject) {
    Trial trial(subject.glyphs);
    if (const auto loaded = trial.load(subject.plugin.library); !loaded)
        return cannot_load(loaded.error());
    int saved = 0;
    for (const auto& panel : subject.plugin.panels)
        if (Finding found = view_of_one(trial, panel.id, saved); found.verdict != Verdict::pass)
            return found;
    return {Verdict::pass, saved > 0 ? "comes back" : "keeps none", {}};
}

Finding rule_fuzz(const Subject& subject) {
    Trial trial(subject.glyphs);
    if (const auto loaded = trial.load(subject.plugin.library); !loaded)
        return cannot_load(loaded.error());
    if (subject.plugin.panels.empty()) return {Verdict::skipped, "it has no panel", {}};
    std::mt19937_64 chance(subject.seed);
    std::vector<Shown*> shown;
    const auto say = [&](int step, const std::string& what) {
        if (subject.told) fmt::print(stderr, "step {}: {}\n", step, what);
    };
    for (int step = 0; step < subject.rounds; ++step) {
        const uint64_t what = chance() % 10;
        if (shown.empty() || (what == 0 && shown.size() < 4)) {
            const auto& panel = subject.plugin.panels[chance() % subject.plugin.panels.size()];
            const Size size{static_cast<uint32_t>(1 + chance() % 2000),
                            static_cast<uint32_t>(1 + chance() % 1200),
                            0.1F + static_cast<float>(chance() % 40) / 10};
            say(step, fmt::format("show {} at {} x {}, scale {}", panel.id, size.width, size.height,
                                  size.scale));
            if (Shown* made = trial.show(panel.id, size, chance() % 2 ? "zh" : "en"))
                shown.push_back(made);
            continue;
        }
        const size_t at = chance() % shown.size();
        Shown& one = *shown[at];
        if (what == 1) {
            say(step, "drop " + one.id);
            trial.drop(&one);
            shown.erase(shown.begin() + static_cast<int64_t>(at));
        } else if (what < 5 && !one.prefixes.empty()) {
            const auto& payloads = hostile_payloads();
            events::Event event =
                subject.events.empty()
                    ? event_for(one.prefixes[chance() % one.prefixes.size()],
                                payloads[chance() % payloads.size()])
                    : mutated(subject.events[chance() % subject.events.size()], chance);
            event.tombstone = chance() % 8 == 0;
            say(step,
                "event " + event.type + "/" + event.subject + " " + event.data.substr(0, 200));
            trial.deliver(event);
        } else if (what < 7) {
            surface::Input input = press_at(static_cast<float>(chance() % 2100) - 50,
                                            static_cast<float>(chance() % 1300) - 50,
                                            static_cast<uint32_t>(1 + chance() % 5));
            input.wheel = static_cast<float>(chance() % 5) - 2;
            say(step, fmt::format("input {} at {}, {}", input.type, input.x, input.y));
            one.pane->input(input);
        } else {
            const int64_t later = static_cast<int64_t>(chance() % 20) * 1'000'000'000;
            trial.mono += later;
            trial.wall += later;
            say(step, "draw " + one.id);
            if (auto drawn = trial.draw(one); !drawn)
                return {
                    Verdict::fail,
                    fmt::format("seed {}, step {}: {}: {}", subject.seed, step, one.id,
                                drawn.error().text),
                    fmt::format(
                        "plugin check --only panel.fuzz --reproduce {} PATH shows the way there",
                        subject.seed)};
        }
    }
    return {Verdict::pass, fmt::format("{} steps from seed {}", subject.rounds, subject.seed), {}};
}

}  // namespace bw::check
