// SPDX-License-Identifier: Apache-2.0
// What the hub says about transitions and holds, and how the wall strip tells it.
#include "core/compositor/messages.h"

#include <gtest/gtest.h>

#include "core/compositor/tile.h"
#include "core/compositor/words.h"
#include "tests/compositor/wall_fixture.h"

namespace bw::compositor {
namespace {

using Kind = config::Transition::Kind;

config::Transition transition_of(const std::string& fields) {
    wall::Scene scene;
    scene.layout = "a";
    // The hash of a scene without panes, as wall::to_json gives it for a resolved one.
    config::Site site;
    config::Layout layout;
    layout.name = "a";
    scene = wall::resolve(site, layout);
    auto live =
        parse_live("{\"take\":1,\"at_ns\":0," + fields + "\"scene\":" + wall::to_json(scene) + "}");
    EXPECT_TRUE(live.ok()) << live.error().text;
    return live.ok() ? live->transition : config::Transition{};
}

TEST(Messages, ATransitionIsReadAndOtherwiseTheTakeIsACut) {
    EXPECT_EQ(transition_of(R"("transition":{"kind":"push","ms":700},)"),
              (config::Transition{Kind::push, 700}));
    EXPECT_EQ(transition_of(R"("transition":{"kind":"fade","ms":250},"fade_ms":9,)"),
              (config::Transition{Kind::fade, 250}));
    EXPECT_EQ(transition_of(R"("fade_ms":300,)"), (config::Transition{Kind::fade, 300}));
    for (const char* cut :
         {"", R"("fade_ms":0,)", R"("fade_ms":-5,)", R"("transition":7,)",
          R"("transition":{"kind":"cut","ms":500},)", R"("transition":{"kind":"fade","ms":0},)",
          R"("transition":{"kind":"spin","ms":500},)"})
        EXPECT_EQ(transition_of(cut), config::Transition{}) << cut;
    EXPECT_EQ(transition_of(R"("transition":{"kind":"fade","ms":1e12},)").duration_ms, 10'000u);
}

TEST(Messages, HoldsAreReadAndBadOnesRefused) {
    auto holds = parse_holds(
        R"({"holds":[{"zone":"main","title":{"zh":"主墙","en":"Main"},"by":"seat 1","until_ns":5}]})");
    ASSERT_TRUE(holds.ok());
    EXPECT_EQ((*holds)[0], (Hold{"main", {"主墙", "Main"}, "seat 1", 5}));
    EXPECT_TRUE(parse_holds(R"({"holds":[]})")->empty());
    for (const char* bad : {"[]", "{}", R"({"holds":7})", R"({"holds":[7]})", "{"})
        EXPECT_FALSE(parse_holds(bad).ok()) << bad;
}

TEST(Strip, TellsThatNothingIsRecordedAndWhy) {
    const auto said = [](const char* disk, const char* language) {
        auto read = parse_journal(std::string(R"({"disk":")") + disk + R"(","since_ns":7})");
        EXPECT_TRUE(read.ok());
        return read.ok() ? disk_text(*read, words(language)) : std::string();
    };
    EXPECT_EQ(said("well", "en"), "");
    EXPECT_EQ(said("full", "en"), "Not recorded: disk full");
    EXPECT_EQ(said("full", "zh"), "未记录：磁盘已满");
    EXPECT_EQ(said("read-only", "zh"), "未记录：磁盘只读");
    EXPECT_EQ(said("hung", "en"), "Not recorded: disk does not answer");
    EXPECT_EQ(said("ailing", "en"), "Still recorded, but disk failing");
    EXPECT_EQ(said("scarce", "en"), "Still recorded, but disk almost full");
    EXPECT_EQ(said("scarce", "zh"), "仍在记录，但磁盘将满");
    EXPECT_EQ(said("renewed", "zh"), "记录文件损坏，已启用新文件");
    EXPECT_EQ(said("damaged", "en"), "Not recorded: disk failing");
    EXPECT_EQ(said("a word of a later hub", "en"), "Not recorded: disk failing");
    EXPECT_EQ(disk_text("", words("en")), "");
    for (const char* bad : {"[]", "{}", R"({"disk":7})", R"({"disk":""})"})
        EXPECT_FALSE(parse_journal(bad).ok()) << bad;
}

TEST(Strip, TellsTheHoldsThatConcernADisplay) {
    config::Wall wall = testing::small_wall();
    wall.zones = {{"main", {"主墙", "Main wall"}, {"left"}}};
    set_hall_clock(480);
    const int64_t half_past_two = (6 * 60 + 30) * 60 * int64_t{1'000'000'000};
    const std::vector<Hold> holds{{"main", {"主墙", "Main wall"}, "Duty chief", half_past_two},
                                  {"wall", {}, "Leader", 0}};
    EXPECT_EQ(hold_texts(holds, wall, wall.displays[0]),
              (std::vector<std::string>{"Main wall · held by Duty chief, until 14:30",
                                        "Whole wall · held by Leader, until released"}));
    EXPECT_EQ(hold_texts(holds, wall, wall.displays[1]).size(), 1u);
    wall.language = "zh";
    EXPECT_EQ(hold_texts({{"main", {"主墙", "Main wall"}, "值班长", half_past_two}}, wall,
                         wall.displays[0]),
              (std::vector<std::string>{"主墙 · 值班长 占用至 14:30"}));
    EXPECT_EQ(hold_texts({{"right", {}, "值班长", 0}}, wall, wall.displays[1]),
              (std::vector<std::string>{"right · 值班长 占用至解除"}));
}

}  // namespace
}  // namespace bw::compositor
