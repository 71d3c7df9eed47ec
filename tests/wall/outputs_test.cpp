// SPDX-License-Identifier: Apache-2.0
#include "core/wall/outputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/wall/edids.h"

namespace bw::wall {
namespace {

using ::testing::ElementsAre;
using Index = std::optional<size_t>;
constexpr std::nullopt_t kNone = std::nullopt;

config::Display display(const std::string& name, double x, config::Output wish) {
    config::Display d;
    d.name = name;
    d.x_mm = d.hang_x_mm = x;
    d.width_mm = 600;
    d.height_mm = 340;
    d.output = std::move(wish);
    return d;
}

PluggedOutput plugged(const std::string& connector, int x, const std::string& serial = "",
                      const std::string& maker = "DEL") {
    testing::EdidWords words;
    words.maker = maker;
    words.serial_text = serial;
    PluggedOutput out;
    out.connector = connector;
    out.edid = *parse_edid(testing::make_edid(words));
    out.x = x;
    out.width = 1920;
    out.height = 1080;
    return out;
}

PluggedOutput silent(const std::string& connector, int x) {
    PluggedOutput out = plugged(connector, x);
    out.edid.reset();
    return out;
}

config::Output serial(const std::string& text, const std::string& connector = "") {
    return {"DEL", "DELL U2720Q", text, connector};
}
config::Output model(const std::string& connector = "") {
    return {"DEL", "DELL U2720Q", "", connector};
}
config::Output at(const std::string& connector) {
    return {"", "", "", connector};
}

TEST(Outputs, identity_counts_before_the_connector) {
    const std::vector displays{display("left", 0, serial("A", "DP-1")),
                               display("right", 600, serial("B", "DP-2"))};
    const auto right =
        bind_outputs(displays, {plugged("DP-1", 0, "A"), plugged("DP-2", 1920, "B")});
    EXPECT_THAT(right.output_of, ElementsAre(Index(0), Index(1)));
    const auto swapped =
        bind_outputs(displays, {plugged("DP-1", 0, "B"), plugged("DP-2", 1920, "A")});
    EXPECT_THAT(swapped.output_of, ElementsAre(Index(1), Index(0)));
    EXPECT_THAT(swapped.display_of, ElementsAre(Index(1), Index(0)));
}

TEST(Outputs, a_missing_monitor_leaves_its_display_without_an_output) {
    const std::vector displays{display("left", 0, serial("A", "DP-1")),
                               display("right", 600, serial("B", "DP-2"))};
    const auto bound = bind_outputs(displays, {plugged("DP-2", 0, "B")});
    EXPECT_THAT(bound.output_of, ElementsAre(kNone, Index(0)));
}

TEST(Outputs, a_strange_monitor_on_the_connector_gets_nobodys_picture) {
    const std::vector displays{display("left", 0, serial("A", "DP-1"))};
    const auto bound = bind_outputs(displays, {plugged("DP-1", 0, "Z")});
    EXPECT_THAT(bound.output_of, ElementsAre(kNone));
    EXPECT_THAT(bound.display_of, ElementsAre(kNone));
    EXPECT_THAT(bound.expected_at, ElementsAre(Index(0))) << "the page says who is expected";
}

TEST(Outputs, of_two_alike_without_serial_the_connector_decides) {
    const std::vector displays{display("left", 0, model("DP-2")),
                               display("right", 600, model("DP-1"))};
    const auto bound = bind_outputs(displays, {plugged("DP-1", 0), plugged("DP-2", 1920)});
    EXPECT_THAT(bound.output_of, ElementsAre(Index(1), Index(0)));
}

TEST(Outputs, of_two_alike_one_moved_is_known_by_the_other) {
    const std::vector displays{display("left", 0, model("DP-1")),
                               display("right", 600, model("DP-2"))};
    const auto bound = bind_outputs(displays, {plugged("DP-3", 0), plugged("DP-2", 1920)});
    EXPECT_THAT(bound.output_of, ElementsAre(Index(0), Index(1)));
}

TEST(Outputs, of_two_alike_both_moved_nothing_is_guessed) {
    const std::vector displays{display("left", 0, model("DP-1")),
                               display("right", 600, model("DP-2"))};
    const auto bound = bind_outputs(displays, {plugged("DP-3", 0), plugged("DP-4", 1920)});
    EXPECT_THAT(bound.output_of, ElementsAre(kNone, kNone));
    const auto one = bind_outputs(displays, {plugged("DP-3", 0)});
    EXPECT_THAT(one.output_of, ElementsAre(kNone, kNone)) << "either could be it";
}

TEST(Outputs, any_monitor_of_a_model_will_do_where_no_more_is_asked) {
    const std::vector displays{display("left", 0, model()), display("right", 600, model())};
    const auto bound = bind_outputs(
        displays, {plugged("DP-1", 1920), plugged("DP-2", 0), plugged("DP-3", 3840, "", "BNQ")});
    EXPECT_THAT(bound.output_of, ElementsAre(Index(1), Index(0))) << "in the order of their place";
    EXPECT_THAT(bound.display_of, ElementsAre(Index(1), Index(0), kNone));
}

TEST(Outputs, one_serial_told_twice_is_told_apart_by_the_connector) {
    const std::vector displays{display("left", 0, serial("A", "DP-2"))};
    const auto bound =
        bind_outputs(displays, {plugged("DP-1", 0, "A"), plugged("DP-2", 1920, "A")});
    EXPECT_THAT(bound.output_of, ElementsAre(Index(1)));
    EXPECT_THAT(bound.display_of, ElementsAre(kNone, Index(0))) << "and never shown twice";
}

TEST(Outputs, one_wish_made_twice_is_met_once) {
    const std::vector displays{display("left", 0, serial("A")), display("right", 600, serial("A"))};
    const auto bound =
        bind_outputs(displays, {plugged("DP-1", 0, "A"), plugged("DP-2", 1920, "B")});
    EXPECT_THAT(bound.output_of, ElementsAre(Index(0), kNone));
}

TEST(Outputs, a_monitor_that_tells_nothing_is_known_by_its_connector) {
    const std::vector displays{display("left", 0, serial("A", "DP-1")),
                               display("right", 600, at("DP-2"))};
    const auto bound = bind_outputs(displays, {silent("DP-1", 0), silent("DP-2", 1920)});
    EXPECT_THAT(bound.output_of, ElementsAre(Index(0), Index(1)));
    const auto elsewhere = bind_outputs(displays, {silent("DP-7", 0), silent("DP-2", 1920)});
    EXPECT_THAT(elsewhere.output_of, ElementsAre(kNone, Index(1)));
}

TEST(Outputs, displays_without_a_wish_take_what_is_left_in_order) {
    const std::vector displays{display("c", 1200, {}), display("a", 0, {}),
                               display("b", 600, serial("B"))};
    const auto bound = bind_outputs(
        displays, {plugged("DP-1", 0, "B"), plugged("DP-2", 1920, "X"), silent("DP-3", 3840)});
    EXPECT_THAT(bound.output_of, ElementsAre(Index(2), Index(1), Index(0)));
}

TEST(Outputs, the_place_of_a_missing_display_is_not_given_away) {
    const std::vector displays{display("free", 0, {}), display("left", 600, serial("A", "DP-1"))};
    const auto bound = bind_outputs(displays, {plugged("DP-1", 0, "Z")});
    EXPECT_THAT(bound.output_of, ElementsAre(kNone, kNone));
    const auto more = bind_outputs(displays, {plugged("DP-1", 0, "Z"), plugged("DP-2", 1920, "Y")});
    EXPECT_THAT(more.output_of, ElementsAre(Index(1), kNone));
    EXPECT_THAT(more.expected_at, ElementsAre(Index(1), kNone));
}

TEST(Outputs, a_switched_off_output_shows_nothing) {
    PluggedOutput off = plugged("DP-1", 0, "A");
    off.width = off.height = 0;
    EXPECT_THAT(bind_outputs({display("left", 0, serial("A"))}, {off}).output_of,
                ElementsAre(kNone));
}

TEST(Outputs, fewer_outputs_than_displays_and_more) {
    const std::vector displays{display("a", 0, {}), display("b", 600, {})};
    EXPECT_THAT(bind_outputs(displays, {}).output_of, ElementsAre(kNone, kNone));
    const auto more = bind_outputs({}, {plugged("DP-1", 0)});
    EXPECT_THAT(more.display_of, ElementsAre(kNone));
}

TEST(Outputs, a_model_is_its_name_or_its_code_and_a_serial_its_text_or_its_number) {
    testing::EdidWords words;
    words.serial_text = "S1";
    words.serial_number = 4711;
    const Edid edid = *parse_edid(testing::make_edid(words));
    EXPECT_TRUE(is_wished({"DEL", "0x1a2B", "4711", ""}, edid));
    EXPECT_TRUE(is_wished({"", "", "S1", ""}, edid));
    EXPECT_TRUE(is_wished({"del", "", "S1", ""}, edid));
    EXPECT_FALSE(is_wished({"BNQ", "", "S1", ""}, edid));
    EXPECT_FALSE(is_wished({"DEL", "U2720Q", "", ""}, edid))
        << "a part of the name is not the name";
    EXPECT_FALSE(is_wished(at("DP-1"), edid)) << "no monitor is asked for";
    EXPECT_EQ(identity_words("DEL", "", "S1"), "DEL · S1");
}

}  // namespace
}  // namespace bw::wall
