// SPDX-License-Identifier: Apache-2.0
// The rules of `beaconwall plugin check`. Each runs in a process of its own, closed in as a panel
// process is, and says what it found; docs/vendors/rules.md explains them to vendors, and a test
// holds the two lists together.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/config/site.h"
#include "core/events/event.h"

namespace bw::check {

enum class Verdict { pass, warning, skipped, fail, crashed };
const char* verdict_word(Verdict verdict);

struct Finding {
    Verdict verdict = Verdict::pass;
    std::string text;    // what was found
    std::string advice;  // what to do about it
};

/// What the rules are about.
struct Subject {
    config::Plugin plugin;
    std::span<const std::byte> glyphs;
    std::vector<events::Event> events;  // recorded ones, to draw from; may be empty
    uint64_t seed = 1;                  // of the fuzzing rule
    int rounds = 300;                   // of it
    bool told = false;                  // it prints its steps
};

struct Rule {
    const char* id;
    const char* about;  // one line for `plugin check --rules`
    enum class Of { manifest, panel, service } of;
    int limit_s;
    Finding (*run)(const Subject&);
};
std::span<const Rule> all_rules();

// rules_*.cpp
Finding rule_event_schemas(const Subject& subject);
Finding rule_settings_schemas(const Subject& subject);
Finding rule_exports(const Subject& subject);
Finding rule_libraries(const Subject& subject);
Finding rule_panels(const Subject& subject);
Finding rule_lifecycle(const Subject& subject);
Finding rule_sizes(const Subject& subject);
Finding rule_languages(const Subject& subject);
Finding rule_events(const Subject& subject);
Finding rule_subscriptions(const Subject& subject);
Finding rule_extensions(const Subject& subject);
Finding rule_threads(const Subject& subject);
Finding rule_view(const Subject& subject);
Finding rule_determinism(const Subject& subject);
Finding rule_cost(const Subject& subject);
Finding rule_idle(const Subject& subject);
Finding rule_fuzz(const Subject& subject);
Finding rule_service(const Subject& subject);

}  // namespace bw::check
