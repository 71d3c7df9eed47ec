// SPDX-License-Identifier: Apache-2.0
// Roles and their limits: every action by every role, inside and outside of zones and groups.
#include "core/access/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/access/roles.h"
#include "core/access/rules.h"
#include "core/config/actions.h"

namespace bw::access {
namespace {

using testing::HasSubstr;

/// Displays left, right (zone side) and top; a camera of the group river, one of none.
config::Site hall() {
    config::Site site;
    for (const char* name : {"left", "right", "top"}) {
        config::Display display;
        display.name = name;
        site.wall.displays.push_back(display);
    }
    site.wall.zones = {{"side", {}, {"right"}}};
    site.cameras.resize(2);
    site.cameras[0].id = "camera/R-1";
    site.cameras[0].groups = {"north", "river"};
    site.cameras[1].id = "camera/F-1";
    return site;
}

std::string ask(const config::Role& role, const std::string& action, const Extent& extent = {}) {
    return why_not({"li", role.name, &role}, action, extent, hall());
}

TEST(Gate, rules_have_a_role_that_no_person_has) {
    EXPECT_EQ(find_role({}, "rule"), nullptr) << "no person is one";
    const config::Role* rule = role_of_rule({}, "rule");
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(rule->may.at(0).actions,
              (std::vector<std::string>{"see", "preview", "take", "undo", "edit"}));
    EXPECT_EQ(role_of_rule({}, "viewer"), find_role({}, "viewer"));
}

TEST(Gate, every_builtin_role_may_what_the_one_before_may_and_more) {
    const auto& roles = built_in_roles();
    ASSERT_EQ(roles.size(), config::built_in_role_names().size());
    size_t before = 0;
    for (size_t i = 0; i < roles.size(); ++i) {
        EXPECT_EQ(roles[i].name, config::built_in_role_names()[i]);
        size_t may = 0;
        for (const std::string& action : config::actions()) {
            const bool mine = ask(roles[i], action).empty();
            may += mine ? 1 : 0;
            if (i > 0 && ask(roles[i - 1], action).empty()) {
                EXPECT_TRUE(mine) << action;
            }
        }
        EXPECT_GT(may, before) << roles[i].name;
        before = may;
    }
    EXPECT_EQ(before, config::actions().size());
}

TEST(Gate, a_zone_limits_to_its_displays_and_a_display_to_itself) {
    const config::Role role{"desk", {}, {{{"take", "hold"}, {"side", "top"}, {}}}};
    EXPECT_EQ(ask(role, "take", {{"right"}, {"camera/F-1"}}), "");
    EXPECT_EQ(ask(role, "take", {{"right", "top"}, {}}), "");
    EXPECT_EQ(ask(role, "take", {}), "");
    EXPECT_EQ(ask(role, "take", {{"right", "left"}, {}}),
              "li (desk) may take in side, top alone; this changes left");
}

TEST(Gate, a_group_limits_to_its_sources) {
    const config::Role role{"desk", {}, {{{"retry", "take"}, {}, {"river"}}}};
    EXPECT_EQ(ask(role, "retry", {{}, {"camera/R-1"}}), "");
    EXPECT_EQ(ask(role, "take", {{"left", "right"}, {"camera/R-1"}}), "");
    EXPECT_THAT(ask(role, "retry", {{}, {"camera/F-1"}}), HasSubstr("sources of river alone"));
    EXPECT_THAT(ask(role, "retry", {{}, {"camera/unknown"}}), HasSubstr("camera/unknown"));
}

TEST(Gate, one_capability_has_to_cover_all_of_it) {
    const config::Role role{
        "desk", {}, {{{"take"}, {"side"}, {}}, {{"take"}, {"left"}, {"river"}}, {{"see"}, {}, {}}}};
    EXPECT_EQ(ask(role, "take", {{"right"}, {"camera/F-1"}}), "");
    EXPECT_EQ(ask(role, "take", {{"left"}, {"camera/R-1"}}), "");
    EXPECT_NE(ask(role, "take", {{"left"}, {"camera/F-1"}}), "");
    EXPECT_NE(ask(role, "take", {{"left", "right"}, {"camera/R-1"}}), "");
}

TEST(Gate, a_refusal_for_the_scope_names_every_scope_there_is) {
    const config::Role role{
        "desk", {}, {{{"take"}, {"side"}, {}}, {{"take"}, {"left"}, {"river"}}}};
    EXPECT_EQ(ask(role, "take", {{"left"}, {"camera/F-1"}}),
              "li (desk) may take in side alone, or in left with sources of river alone; "
              "camera/F-1 is not among them");
    EXPECT_EQ(ask(role, "take", {{"top"}, {}}),
              "li (desk) may take in side alone, or in left with sources of river alone; "
              "this changes top");
}

TEST(Gate, a_refusal_says_which_roles_may) {
    EXPECT_EQ(ask(*find_role({}, "viewer"), "take"),
              "li (viewer) may not take; this may: duty_officer, leader, administrator");
    EXPECT_THAT(why_not({"li", "gone", nullptr}, "see", {}, hall()), HasSubstr("no such role"));
    EXPECT_NE(ask(*find_role({}, "administrator"), ""), "");
}

TEST(Gate, plugins_commands_are_covered_by_name_and_by_star) {
    const std::string of_maps = plugin_rule("maps").action, of_nobody = plugin_rule("").action;
    for (const auto& [pattern, maps, nobody] :
         std::vector<std::tuple<std::string, bool, bool>>{{"plugin.maps.command", true, false},
                                                          {"plugin.maps.*", true, false},
                                                          {"plugin.map.*", false, false},
                                                          {"plugin.*", true, true},
                                                          {"*", true, true},
                                                          {"take", false, false}}) {
        EXPECT_TRUE(config::is_action_pattern(pattern)) << pattern;
        EXPECT_EQ(config::covers(pattern, of_maps), maps) << pattern;
        EXPECT_EQ(config::covers(pattern, of_nobody), nobody) << pattern;
    }
    for (const char* bad :
         {"", "t*", "plugin.", "plugin.maps", "plugin..*", "plugin.a/b.*", "Take"})
        EXPECT_FALSE(config::is_action_pattern(bad)) << bad;
}

TEST(Gate, a_sites_own_role_does_not_hide_a_builtin_one) {
    const std::vector<config::Role> own = {{"viewer", {}, {{{"*"}, {}, {}}}}, {"desk", {}, {}}};
    EXPECT_NE(find_role(own, "viewer"), &own[0]);
    EXPECT_EQ(find_role(own, "desk"), &own[1]);
    EXPECT_EQ(find_role(own, "nobody"), nullptr);
}

}  // namespace
}  // namespace bw::access
