// SPDX-License-Identifier: Apache-2.0
// Is one event what a rule looks for? Pure functions; thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/config/rules.h"
#include "core/rules/fact.h"
#include "core/rules/places.h"

namespace bw::rules {

/// The rule looks at events of this type and subject at all.
bool concerns(const config::RuleWhen& when, const Fact& fact);
/// Level, fields and place are as the rule wants them; `data` is the fact's. A tombstone never is.
bool holds(const config::RuleWhen& when, const Fact& fact, const nlohmann::json& data,
           const Places& places);

/// 0 (none) to 4 (red) of the member `level` of the data: a number, a colour, or IV to I; nothing
/// if it says none of that.
std::optional<int> level_of(const nlohmann::json& data);
/// The member that a JSON pointer (RFC 6901) names; null: it is not there.
const nlohmann::json* member_at(const nlohmann::json& data, std::string_view pointer);

/// Within the hours, by a clock `utc_offset_minutes` ahead of UTC. `from` belongs to them, `to`
/// does not.
bool within_hours(const config::RuleHours& hours, int64_t wall_ns, int utc_offset_minutes);
/// When they began last, seen from a moment within them.
int64_t hours_began_ns(const config::RuleHours& hours, int64_t wall_ns, int utc_offset_minutes);
/// When they begin or end next.
int64_t hours_change_ns(const config::RuleHours& hours, int64_t wall_ns, int utc_offset_minutes);

/// What has to be subscribed to for this rule: "TYPE/", "TYPE/SUBJECT" or "TYPE.".
std::string prefix_of(const config::RuleWhen& when);

}  // namespace bw::rules
