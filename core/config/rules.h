// SPDX-License-Identifier: Apache-2.0
// rules.toml as plain structs: what has to be the case, and what the wall does then. What each key
// means is told in docs/rules.md. Times are milliseconds, positions WGS84 degrees.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/config/text.h"

namespace bw::config {

/// What a member of an event's data is compared with.
using RuleValue = std::variant<bool, double, std::string>;

/// One member of the data; all that is said of it has to be so.
struct RuleField {
    std::string at;                  // JSON pointer into the data
    std::vector<RuleValue> one_of;   // it is one of these; empty: not asked
    std::vector<RuleValue> none_of;  // and none of these
    std::optional<double> min, max;  // a number in this range, both ends belong to it
    std::optional<bool> there;       // it is there, or is not
    bool operator==(const RuleField&) const = default;
};

struct RuleArea {
    // A circle, if the radius is above 0 …
    double longitude = 0, latitude = 0, radius_km = 0;
    // … else a polygon of at least three corners, closed by itself; edges are straight lines in
    // degrees. A box is one of four.
    std::vector<std::pair<double, double>> corners;  // longitude, latitude
    // The type whose events say where their subjects are; empty: cameras.toml, and the event.
    std::string from;
    bool operator==(const RuleArea&) const = default;
};

/// Minutes of the day by the hall's clock; from 22:00 to 06:00 goes over midnight.
struct RuleHours {
    int from = 0, to = 0;
    bool operator==(const RuleHours&) const = default;
};

struct RuleWhen {
    std::string type;     // a whole type, or the beginning of some with '.' at its end
    std::string subject;  // a whole subject, or the beginning of some with '/'; empty: any
    int level = 0;        // at least this of 1 (blue, IV) to 4 (red, I); 0: not asked
    std::vector<RuleField> fields;
    std::optional<RuleArea> place;
    std::optional<RuleHours> between;
    int64_t for_ms = 0;  // the case all this time
    uint32_t count = 1;  // so many within the window, of all subjects; 1: each subject by itself
    int64_t within_ms = 0;
    bool subjects = false;       // `count` counts different subjects, not events
    int64_t lasts_ms = 600'000;  // what is told no more counts as over after this
    bool operator==(const RuleWhen&) const = default;
};

/// An item that people look at until it is over.
struct RuleAttention {
    Text title;
    int level = 1;                // 1 (blue) to 4 (red)
    int64_t keep_ms = 3'600'000;  // after it is over, unless somebody acknowledges it before
    bool operator==(const RuleAttention&) const = default;
};

enum class RuleDoes { nothing, preview, take, focus };

struct RuleThen {
    RuleDoes does = RuleDoes::nothing;
    std::string target;               // a layout, or a pane to show full screen
    std::optional<uint32_t> fade_ms;  // none: as the layout says
    int64_t dwell_ms = 60'000;        // on air at least, unless something of higher priority comes
    int64_t hold_ms = 0;              // on air so long after it is over
    bool returns = true;              // then back to what was before
    std::optional<RuleAttention> attention;
    bool operator==(const RuleThen&) const = default;
};

struct Rule {
    std::string name;
    Text title;
    bool enabled = true;
    int priority = 50;          // 0 to 100
    std::string role = "rule";  // what it may do
    RuleWhen when;
    RuleThen then;
    bool operator==(const Rule&) const = default;
};

struct Rules {
    uint32_t takes = 3;  // by all rules together, within …
    int64_t takes_within_ms = 600'000;
    int64_t after_person_ms = 120'000;  // after a person's take no rule takes for so long
    std::vector<Rule> rules;
    [[nodiscard]] const Rule* find(std::string_view name) const {
        for (const Rule& rule : rules)
            if (rule.name == name) return &rule;
        return nullptr;
    }
    bool operator==(const Rules&) const = default;
};

}  // namespace bw::config
