// SPDX-License-Identifier: Apache-2.0
#include "core/check/rules.h"

#include <array>

namespace bw::check {
namespace {

using Of = Rule::Of;

constexpr std::array kRules{
    Rule{"schemas.events",
         "has a schema for each type that it sends, and what was recorded matches", Of::manifest,
         20, rule_event_schemas},
    Rule{"schemas.settings", "has a schema for each panel's settings, with defaults that match",
         Of::manifest, 20, rule_settings_schemas},
    Rule{"load.exports", "loads, exports beaconwall_panel_entry alone, speaks this ABI", Of::panel,
         20, rule_exports},
    Rule{"load.libraries", "needs no library that a hall's machine may lack", Of::panel, 20,
         rule_libraries},
    Rule{"manifest.panels", "makes every panel of its manifest, and no other", Of::panel, 20,
         rule_panels},
    Rule{"panel.lifecycle", "a thousand panels come and go and leave nothing", Of::panel, 60,
         rule_lifecycle},
    Rule{"panel.sizes", "draws in every size, and through a storm of them", Of::panel, 60,
         rule_sizes},
    Rule{"panel.languages", "draws in Chinese and in English", Of::panel, 20, rule_languages},
    Rule{"panel.events", "takes any payload of an event", Of::panel, 60, rule_events},
    Rule{"manifest.subscribes", "subscribes to what its manifest names", Of::panel, 20,
         rule_subscriptions},
    Rule{"panel.extensions", "bears a host that lacks an extension", Of::panel, 60,
         rule_extensions},
    Rule{"panel.threads", "calls the host on the host's thread", Of::panel, 20, rule_threads},
    Rule{"panel.view", "gives back what its view record says", Of::panel, 20, rule_view},
    Rule{"panel.determinism", "the same events give the same picture", Of::panel, 20,
         rule_determinism},
    Rule{"panel.cost", "draws within a frame's time", Of::panel, 60, rule_cost},
    Rule{"panel.idle", "rests when nothing happens", Of::panel, 60, rule_idle},
    Rule{"panel.fuzz", "survives anything in any order", Of::panel, 120, rule_fuzz},
    Rule{"service.wire", "greets the hub, says what its manifest names, ends when asked",
         Of::service, 30, rule_service},
};

}  // namespace

const char* verdict_word(Verdict verdict) {
    switch (verdict) {
        case Verdict::pass:
            return "pass";
        case Verdict::warning:
            return "warning";
        case Verdict::skipped:
            return "skipped";
        case Verdict::fail:
            return "fail";
        case Verdict::crashed:
            return "crashed";
    }
    return "fail";
}

std::span<const Rule> all_rules() {
    return kRules;
}

}  // namespace bw::check
