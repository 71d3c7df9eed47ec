// SPDX-License-Identifier: Apache-2.0
// The permission table at the gate itself: every command that the hub's registry has, by every
// role, inside and outside of a role's limits. A new command without a rule, or without a row here,
// fails. tests/hub/permissions_test.py asks the same of a running hub.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/access/gate.h"
#include "core/access/roles.h"
#include "core/access/rules.h"
#include "core/config/actions.h"
#include "core/hub/registry.h"

namespace bw::access {
namespace {

/// Who may, of viewer, duty officer, leader, administrator; and what limits it.
struct Row {
    const char* who;  // "-DLA"
    Touches touches;
};

const std::map<std::string, Row>& table() {
    static const std::map<std::string, Row> rows = {
        {"beaconwall.wall.take.v1", {"-DLA", Touches::scene}},
        {"beaconwall.wall.preview.v1", {"-DLA", Touches::scene}},
        {"beaconwall.wall.undo.v1", {"-DLA", Touches::scene}},
        {"beaconwall.wall.take.v1 space", {"--LA", Touches::scene}},
        {"beaconwall.wall.preview.v1 space", {"--LA", Touches::scene}},
        {"beaconwall.wall.undo.v1 space", {"--LA", Touches::scene}},
        {"beaconwall.wall.edit.v1", {"-DLA", Touches::scene}},
        {"beaconwall.wall.edit.v1 save", {"--LA", Touches::nothing}},
        {"beaconwall.wall.hold.v1", {"-DLA", Touches::zone}},
        {"beaconwall.wall.release.v1", {"-DLA", Touches::zone}},
        {"beaconwall.space.start.v1", {"--LA", Touches::wall}},
        {"beaconwall.space.end.v1", {"--LA", Touches::wall}},
        {"beaconwall.attention.acknowledge.v1", {"-DLA", Touches::nothing}},
        {"beaconwall.source.retry.v1", {"-DLA", Touches::source}},
        {"beaconwall.plugin.restart.v1", {"--LA", Touches::wall}},
        {"beaconwall.plugin.reload.v1", {"---A", Touches::wall}},
        {"beaconwall.compositor.snapshot.v1", {"VDLA", Touches::nothing}},
        {"verb:status", {"VDLA", Touches::nothing}},
        {"verb:layouts", {"VDLA", Touches::nothing}},
        {"verb:spaces", {"VDLA", Touches::nothing}},
        {"verb:commands", {"VDLA", Touches::nothing}},
        {"verb:events", {"VDLA", Touches::nothing}},
        {"verb:subscribe", {"VDLA", Touches::nothing}},
        {"verb:record", {"VDLA", Touches::nothing}},
        {"verb:record put", {"---A", Touches::wall}},
        {"verb:blob get", {"VDLA", Touches::nothing}},
        {"verb:blob", {"---A", Touches::wall}},
        {"verb:publish", {"---A", Touches::wall}},
        {"verb:handle", {"---A", Touches::wall}},
        {"verb:journal", {"---A", Touches::wall}},
        {"verb:audit", {"--LA", Touches::nothing}},
    };
    return rows;
}

/// Displays left and right (zone side), one camera of each group.
config::Site hall() {
    config::Site site;
    for (const char* name : {"left", "right"}) {
        site.wall.displays.emplace_back();
        site.wall.displays.back().name = name;
    }
    site.wall.zones = {{"side", {}, {"right"}}};
    site.cameras.resize(2);
    site.cameras[0].id = "camera/river", site.cameras[0].groups = {"river"};
    site.cameras[1].id = "camera/fire", site.cameras[1].groups = {"fire"};
    return site;
}

Rule rule_for(const std::string& key) {
    const size_t space = key.find(' ');
    return rule_of(key.substr(0, space), space == std::string::npos ? "" : key.substr(space + 1));
}

Extent inside(Touches touches) {
    if (touches == Touches::nothing) return {};
    if (touches == Touches::source) return {{}, {"camera/river"}};
    if (touches == Touches::zone) return {{"right"}, {}};
    return {{"right"}, {"camera/river"}};
}

std::string ask(const config::Role& role, const Rule& rule, const Extent& extent) {
    return why_not({"li", role.name, &role}, rule.action, extent, hall());
}

TEST(Permissions, every_command_of_the_registry_has_a_rule_and_a_row) {
    const auto commands = hub::Registry({}).commands();
    EXPECT_GE(commands.size(), 10u);
    for (const std::string& type : commands) {
        EXPECT_NE(rule_of(type).action, "") << "no rule in core/access/rules.cpp for " << type;
        EXPECT_TRUE(table().contains(type)) << "no row in this table for " << type;
    }
}

TEST(Permissions, every_rule_is_of_something_there_is_and_stands_in_the_table) {
    const auto commands = hub::Registry({}).commands();
    const std::set<std::string> known(commands.begin(), commands.end());
    for (const std::string& type : ruled()) {
        EXPECT_TRUE(known.contains(type) || type.rfind("verb:", 0) == 0) << type;
        EXPECT_TRUE(table().contains(type)) << type;
    }
    for (const auto& [key, row] : table())
        EXPECT_TRUE(config::is_action_pattern(rule_for(key).action)) << key;
}

TEST(Permissions, every_command_by_every_role) {
    const auto& roles = built_in_roles();
    for (const auto& [key, row] : table()) {
        ASSERT_EQ(std::string(row.who).size(), roles.size()) << key;
        const Rule rule = rule_for(key);
        EXPECT_EQ(rule.touches, row.touches) << key;
        for (size_t i = 0; i < roles.size(); ++i) {
            const bool may = row.who[i] != '-';
            EXPECT_EQ(ask(roles[i], rule, inside(rule.touches)).empty(), may)
                << key << " by " << roles[i].name;
        }
    }
}

/// Each role's actions, limited to a zone and a group: inside as before, outside refused, and what
/// no limit touches is not limited.
TEST(Permissions, every_command_by_every_role_inside_and_outside_of_its_limits) {
    for (const config::Role& role : built_in_roles())
        for (const auto& [key, row] : table()) {
            const Rule rule = rule_for(key);
            config::Role limited = role;
            limited.may[0].zones = {"side"};
            limited.may[0].groups = {"river"};
            const Extent in = inside(rule.touches);
            const bool may = ask(role, rule, in).empty();
            EXPECT_EQ(ask(limited, rule, in).empty(), may) << key << " by " << role.name;
            Extent other_place = in, other_source = in;
            other_place.displays.emplace_back("left");
            other_source.sources.emplace_back("camera/fire");
            if (rule.touches != Touches::nothing && rule.touches != Touches::source) {
                EXPECT_NE(ask(limited, rule, other_place), "") << key << " by " << role.name;
            }
            if (rule.touches != Touches::nothing && rule.touches != Touches::zone) {
                EXPECT_NE(ask(limited, rule, other_source), "") << key << " by " << role.name;
            }
        }
}

TEST(Permissions, a_plugins_command_is_told_by_its_manifest) {
    config::Plugin maps;
    maps.name = "maps";
    maps.panels = {{"board", {}, {"maps.pin.v1"}}};
    maps.owns = {"maps.place."};
    const hub::Registry registry({maps});
    EXPECT_EQ(registry.plugin_of_command("maps.pin.v1"), "maps");
    const auto commands = registry.commands();
    EXPECT_EQ(std::count(commands.begin(), commands.end(), "maps.pin.v1"), 1);
    EXPECT_EQ(commands.size(), hub::Registry({}).commands().size() + 1);
    EXPECT_EQ(registry.plugin_of_command("maps.place.move.v1"), "maps");
    EXPECT_EQ(registry.plugin_of_command("x.trial"), "");
    const config::Role& officer = *find_role({}, "duty_officer");
    const config::Role& viewer = *find_role({}, "viewer");
    for (const char* type : {"maps.pin.v1", "x.trial"}) {
        const Rule rule = plugin_rule(registry.plugin_of_command(type));
        EXPECT_EQ(ask(officer, rule, {}), "") << type;
        EXPECT_NE(ask(viewer, rule, {}), "") << type;
    }
}

}  // namespace
}  // namespace bw::access
