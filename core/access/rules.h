// SPDX-License-Identifier: Apache-2.0
// What each command and verb counts as, and what of the wall it touches: one table, the only place
// where that is said. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bw::access {

/// What a role's zones and groups are compared with.
enum class Touches {
    nothing,  // no place and no source: it is looked at, or is no part of the wall
    wall,     // every display, every source
    scene,    // the displays where the wall would change, the sources that come
    zone,     // the zone that the data names
    source,   // the source that is the subject
};

struct Rule {
    std::string action;  // core/config/actions.h
    Touches touches = Touches::nothing;
};

/// Of a command type of ours, or of a verb ("verb:publish"); empty action: there is no rule. `op`:
/// of its data, where one type does several things.
Rule rule_of(std::string_view type, std::string_view op = {});

/// Of a command that a plugin handles. `plugin`: whose manifest names it; empty: nobody's.
Rule plugin_rule(std::string_view plugin);

/// Everything that has a rule.
std::vector<std::string> ruled();
/// What `op` may say where a type or a verb does several things, and "" for all the rest; at least
/// that.
std::vector<std::string> ops_of(std::string_view type);

}  // namespace bw::access
