// SPDX-License-Identifier: Apache-2.0
// What is drawn: in every size and language, from any event, again and again.
#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include "core/base/clock.h"
#include "core/base/sanitized.h"
#include "core/check/payloads.h"
#include "core/check/rules.h"
#include "core/check/trial.h"

namespace bw::check {
namespace {

using surface::DrawList;

constexpr const char* kCannotLoad = "see load.exports";

/// Runs `body` for each panel of the plugin on a fresh trial wall; its first finding that is no
/// pass counts.
Finding each_panel(const Subject& subject, const std::string& good,
                   const std::function<Finding(Trial&, const std::string&)>& body) {
    Trial trial(subject.glyphs);
    if (const auto loaded = trial.load(subject.plugin.library); !loaded)
        return {Verdict::fail, loaded.error().text, kCannotLoad};
    Finding worst{Verdict::pass, good, {}};
    for (const auto& panel : subject.plugin.panels) {
        Finding found = body(trial, panel.id);
        if (found.verdict > worst.verdict) worst = std::move(found);
        while (!trial.all().empty()) trial.drop(trial.all().front().get());
    }
    return worst;
}

Finding no_panel(const std::string& panel) {
    return {Verdict::fail, fmt::format("create() made no panel \"{}\"", panel),
            "see manifest.panels"};
}

Finding refused(const std::string& panel, const std::string& where, const base::Error& why) {
    return {Verdict::fail, fmt::format("{} {}: {}", panel, where, why.text),
            "the wall takes no such picture: count, indices, clip rectangles and numbers have to "
            "be whole"};
}

bool same(const DrawList& a, const DrawList& b) {
    const auto equal = [](const auto& x, const auto& y) {
        return x.size() == y.size() &&
               (x.empty() || std::memcmp(x.data(), y.data(), x.size() * sizeof(x[0])) == 0);
    };
    const auto alike = [](const surface::Texture& x, const surface::Texture& y) {
        return x.id == y.id && x.width == y.width && x.height == y.height && x.content == y.content;
    };
    return equal(a.vertices, b.vertices) && equal(a.indices, b.indices) &&
           equal(a.commands, b.commands) && equal(a.videos, b.videos) &&
           std::equal(a.textures.begin(), a.textures.end(), b.textures.begin(), b.textures.end(),
                      alike);
}

/// Recorded ones, or one plain event for each thing that the panel subscribed to.
std::vector<events::Event> events_for(const Subject& subject, const Shown& shown) {
    if (!subject.events.empty()) return subject.events;
    std::vector<events::Event> events;
    for (const std::string& prefix : shown.prefixes)
        events.push_back(event_for(prefix, R"({"value": 1.5, "name": {"zh": "甲", "en": "A"}})"));
    return events;
}

struct Resident {
    int64_t kib = 0;
    int64_t descriptors = 0;
};

Resident resident() {
    Resident out;
    // Counted without /proc, which a closed-in process may not list.
    for (int fd = 0; fd < 512; ++fd)
        if (fcntl(fd, F_GETFD) >= 0) ++out.descriptors;
    struct mallinfo2 info = mallinfo2();
    out.kib = static_cast<int64_t>((info.uordblks + info.hblkhd) / 1024);
    return out;
}

}  // namespace

Finding rule_lifecycle(const Subject& subject) {
    constexpr int kTimes = 1000, kWarm = 100;
    constexpr int64_t kAllowedKib = 512;
    return each_panel(subject, fmt::format("{} times each, nothing left", kTimes),
                      [&](Trial& trial, const std::string& panel) -> Finding {
                          Resident before;
                          for (int i = 0; i < kTimes; ++i) {
                              Shown* shown = trial.show(panel, {});
                              if (shown == nullptr) return no_panel(panel);
                              if (i % 10 == 0)
                                  if (auto drawn = trial.draw(*shown); !drawn)
                                      return refused(panel, "at its first picture", drawn.error());
                              trial.drop(shown);
                              if (i == kWarm) before = resident();
                          }
                          const Resident after = resident();
                          if (after.descriptors > before.descriptors + 2)
                              return {Verdict::fail,
                                      fmt::format("{}: {} descriptors were left open", panel,
                                                  after.descriptors - before.descriptors),
                                      "close in destroy() what create() and configure() opened"};
                          if (!kSanitized && after.kib > before.kib + kAllowedKib)
                              return {
                                  Verdict::fail,
                                  fmt::format("{}: {} KiB were left by {} panels", panel,
                                              after.kib - before.kib, kTimes - kWarm),
                                  "free in destroy() what the panel has; --memcheck says where"};
                          return {};
                      });
}

Finding rule_sizes(const Subject& subject) {
    constexpr Size kSizes[] = {{1, 1, 1},          {16, 16, 0.25F},     {160, 90, 0.5F},
                               {480, 270, 0.75F},  {960, 540, 1},       {1920, 1080, 2},
                               {3840, 2160, 3},    {120, 2160, 1},      {3840, 80, 1},
                               {7680, 1080, 1.5F}, {1920, 1080, 0.05F}, {640, 360, 12}};
    return each_panel(subject, fmt::format("{} sizes", std::size(kSizes)),
                      [&](Trial& trial, const std::string& panel) -> Finding {
                          for (int round = 0; round < 3; ++round)
                              for (const Size& size : kSizes) {
                                  Shown* shown = trial.show(panel, size);
                                  if (shown == nullptr) return no_panel(panel);
                                  for (const auto& event : events_for(subject, *shown))
                                      trial.deliver(event);
                                  if (auto drawn = trial.draw(*shown); !drawn)
                                      return refused(
                                          panel,
                                          fmt::format("at {} x {}, {} pixels a unit", size.width,
                                                      size.height, size.scale),
                                          drawn.error());
                                  trial.drop(shown);
                              }
                          return {};
                      });
}

Finding rule_languages(const Subject& subject) {
    return each_panel(subject, "zh and en", [&](Trial& trial, const std::string& panel) -> Finding {
        std::vector<DrawList> pictures;
        for (const char* language : {"zh", "en", "xx"}) {
            Shown* shown = trial.show(panel, {}, language);
            if (shown == nullptr) return no_panel(panel);
            for (const auto& event : events_for(subject, *shown)) trial.deliver(event);
            auto drawn = trial.draw(*shown);
            if (!drawn) return refused(panel, std::string("in ") + language, drawn.error());
            if (*drawn) pictures.push_back(std::move(**drawn));
            trial.drop(shown);
        }
        if (pictures.size() >= 2 && same(pictures[0], pictures[1]))
            return {Verdict::warning, panel + " draws the same in Chinese and in English",
                    "take the words by the language of configure(); fine if it has none"};
        return {};
    });
}

Finding rule_events(const Subject& subject) {
    return each_panel(subject, fmt::format("{} payloads each", hostile_payloads().size()),
                      [&](Trial& trial, const std::string& panel) -> Finding {
                          Shown* shown = trial.show(panel, {});
                          if (shown == nullptr) return no_panel(panel);
                          const std::vector<std::string> prefixes = shown->prefixes;
                          for (const std::string& prefix : prefixes)
                              for (const std::string& data : hostile_payloads())
                                  for (const bool gone : {false, true}) {
                                      events::Event event = event_for(prefix, data);
                                      event.tombstone = gone;
                                      if (data.size() % 2 == 0) event.time = "no time";
                                      trial.deliver(event);
                                      if (auto drawn = trial.draw(*shown); !drawn)
                                          return refused(panel, "after " + data.substr(0, 60),
                                                         drawn.error());
                                  }
                          return {};
                      });
}

Finding rule_determinism(const Subject& subject) {
    return each_panel(
        subject, "two panels, one picture", [&](Trial& trial, const std::string& panel) -> Finding {
            std::vector<DrawList> pictures;
            for (int i = 0; i < 2; ++i) {
                Shown* shown = trial.show(panel, {});
                if (shown == nullptr) return no_panel(panel);
                for (const auto& event : events_for(subject, *shown)) trial.deliver(event);
                auto drawn = trial.draw(*shown);
                if (!drawn) return refused(panel, "", drawn.error());
                if (*drawn) pictures.push_back(std::move(**drawn));
                trial.drop(shown);
            }
            if (pictures.size() == 2 && !same(pictures[0], pictures[1]))
                return {Verdict::fail, panel + ": the same events gave two pictures",
                        "draw from events, view and the space's clock alone: no random numbers, "
                        "no time() of your own, no state of the library"};
            return {};
        });
}

Finding rule_cost(const Subject& subject) {
    constexpr int kTimes = 60;
    double worst = 0;
    std::string of;
    Finding found = each_panel(subject, "", [&](Trial& trial, const std::string& panel) -> Finding {
        Shown* shown = trial.show(panel, {1920, 1080, 2});
        if (shown == nullptr) return no_panel(panel);
        const auto events = events_for(subject, *shown);
        for (const auto& event : events) trial.deliver(event);
        std::vector<double> ms;
        for (int i = 0; i < kTimes; ++i) {
            trial.wall += base::kSecond;
            trial.mono += base::kSecond;
            timespec before{}, after{};
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
            auto drawn = trial.draw(*shown);
            clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
            if (!drawn) return refused(panel, "", drawn.error());
            ms.push_back(static_cast<double>(after.tv_sec - before.tv_sec) * 1e3 +
                         static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e6);
        }
        std::sort(ms.begin(), ms.end());
        const double p95 = ms[ms.size() * 95 / 100];
        if (p95 > worst) worst = p95, of = panel;
        return {};
    });
    if (found.verdict != Verdict::pass) return found;
    const std::string text =
        fmt::format("p95 {:.2f} ms of a processor for a picture of 1920 x 1080 ({})", worst, of);
    if (worst > 50)
        return {Verdict::fail, text, "a panel that draws so long is marked: draw less, or page it"};
    if (worst > 8) return {Verdict::warning, text, "more than half a frame at 60 Hz: draw less"};
    return {Verdict::pass, text, {}};
}

Finding rule_idle(const Subject& subject) {
    constexpr int64_t kWatched = 60 * base::kSecond;
    int most = 0;
    std::string of;
    Finding found = each_panel(subject, "", [&](Trial& trial, const std::string& panel) -> Finding {
        Shown* shown = trial.show(panel, {});
        if (shown == nullptr) return no_panel(panel);
        for (const auto& event : events_for(subject, *shown)) trial.deliver(event);
        int draws = 0;
        const int64_t end = trial.mono + kWatched;
        while (draws < 10'000) {
            if (auto drawn = trial.draw(*shown); !drawn)
                return refused(panel, "at rest", drawn.error());
            ++draws;
            const int64_t next = shown->pane->wake_ns(0);  // also what is due already
            if (next == 0) break;
            const int64_t step = std::max<int64_t>(next - trial.mono, base::kMillisecond);
            trial.mono += step;
            trial.wall += step;
            if (trial.mono >= end) break;
        }
        if (draws > most) most = draws, of = panel;
        return {};
    });
    if (found.verdict != Verdict::pass) return found;
    const std::string text =
        fmt::format("{} pictures in a minute in which nothing happens ({})", most, of);
    if (most > 1900)
        return {Verdict::fail, text, "ask for the next picture (next_draw_ns) when it will differ"};
    if (most > 130)
        return {Verdict::warning, text, "more than two a second: a wall at rest costs nothing"};
    return {Verdict::pass, text, {}};
}

}  // namespace bw::check
