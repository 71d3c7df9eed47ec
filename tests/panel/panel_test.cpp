// SPDX-License-Identifier: Apache-2.0
// A panel process with a plugin in plain C: what it draws, when, and what it is told.
#include <beaconwall/panel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "core/base/clock.h"
#include "core/base/sanitized.h"
#include "plain_list.h"
#include "rig.h"

namespace bw::test {
namespace {

using surface::DrawList;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::filesystem::path library(const char* name) {
    return build_folder() / "tests/panel" / name;
}

class PanelProcess : public ::testing::Test {
  protected:
    void start() {
        ASSERT_TRUE(rig_.until([&] { return rig_.ready && rig_.hub->greeted; })) << rig_.failure;
        rig_.link();
    }
    bool subscribed(const std::string& prefix) {
        return std::find(rig_.hub->prefixes.begin(), rig_.hub->prefixes.end(), prefix) !=
               rig_.hub->prefixes.end();
    }
    Rig rig_{library("plain_panel.so")};
};

/// A plugin's folder with a schema for the settings of its panel.
class PanelWithSchema : public ::testing::Test {
  protected:
    PanelWithSchema() {
        std::filesystem::create_directories(folder_ / "schemas/settings");
        std::filesystem::copy_file(library("plain_panel.so"), folder_ / "plain_panel.so");
        std::ofstream(folder_ / "schemas/settings/plain.json") << R"({"additionalProperties": false,
            "properties": {"columns": {"type": "integer", "minimum": 1}}})";
        std::ofstream(folder_ / "schemas/settings/broken.json") << "{";
    }
    ~PanelWithSchema() override { std::filesystem::remove_all(folder_); }
    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("bw-panel-schema-" + std::to_string(getpid()));
};

TEST_F(PanelWithSchema, SettingsThatDoNotMatchGetACardWithThePointer) {
    Rig rig(folder_ / "plain_panel.so");
    ASSERT_TRUE(rig.until([&] { return rig.ready && rig.hub->greeted; })) << rig.failure;
    rig.link();
    const uint32_t good = rig.configure("good", "plain", 640, 480, R"({"columns":2})");
    EXPECT_TRUE(rig.picture(good, any));
    const uint32_t bad = rig.configure("bad", "plain", 640, 480, R"({"columns":"2"})");
    ASSERT_TRUE(rig.until([&] { return !rig.refusals.empty(); }));
    EXPECT_EQ(rig.refusals[0].surface, bad);
    EXPECT_EQ(rig.refusals[0].reason, surface::Reason::bad_settings);
    EXPECT_THAT(rig.refusals[0].text, HasSubstr("settings/columns: "));
    EXPECT_THAT(rig.refused, IsEmpty());
    EXPECT_FALSE(rig.exit_code());
    const uint32_t mended = rig.configure("bad", "plain", 640, 480, "{}");
    EXPECT_TRUE(rig.picture(mended, any));
}

TEST_F(PanelProcess, DrawsAtConfigureAndThenOnlyWithCause) {
    start();
    uint32_t surface = rig_.configure("a", "plain");
    auto list = rig_.picture(surface, any);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->vertices.size(), 3u);
    EXPECT_EQ(draws(*list), 1);
    rig_.turn_for(300);
    EXPECT_FALSE(rig_.take(surface));

    rig_.hub->deliver("x.plain.v1", "thing/1", {{"quiet", true}});
    rig_.turn_for(200);
    EXPECT_FALSE(rig_.take(surface));  // its event() said that nothing changed
    rig_.hub->deliver("x.plain.v1", "thing/1", {{"quiet", false}});
    rig_.hub->deliver("x.other.v1", "thing/1", {});  // not asked for: not handed on
    list = rig_.picture(surface, any);
    ASSERT_TRUE(list);
    EXPECT_EQ(events(*list), 2);
    EXPECT_EQ(replayed(*list), 0);
    EXPECT_EQ(draws(*list), 2);
}

TEST_F(PanelProcess, LearnsWhatNoDisplayShows) {
    start();
    const auto last = [](const DrawList& list) { return list.vertices[2]; };
    uint32_t none = rig_.configure("a", "plain");
    auto list = rig_.picture(none, any);
    ASSERT_TRUE(list);
    EXPECT_EQ(last(*list).x, 0);
    // One is no rectangle and is left out.
    uint32_t two = rig_.configure("b", "plain", 640, 480, "{}",
                                  R"([[10, 0, 4, 480], [1, 2], [320, 16, 5, 100]])");
    list = rig_.picture(two, any);
    ASSERT_TRUE(list);
    EXPECT_EQ(last(*list).x, 2);
    EXPECT_EQ(last(*list).y, 320);
    EXPECT_EQ(last(*list).u, 16);
    EXPECT_EQ(last(*list).v, 5);
}

TEST_F(PanelProcess, WaitsUntilItsLastPictureWasTaken) {
    start();
    uint32_t surface = rig_.configure("a", "plain");
    ASSERT_TRUE(rig_.until([&] { return rig_.consumer->block(surface).commits.load() == 1; }));
    for (int i = 0; i < 20; ++i) rig_.hub->deliver("x.plain.v1", "thing/1", {});
    rig_.turn_for(300);
    EXPECT_EQ(rig_.consumer->block(surface).commits.load(), 1u);
    ASSERT_TRUE(rig_.take(surface));
    auto list = rig_.picture(surface, any);
    ASSERT_TRUE(list);
    EXPECT_EQ(events(*list), 20);
    EXPECT_EQ(draws(*list), 2);  // twenty events, one picture
}

TEST_F(PanelProcess, DrawsAgainWhenItAskedTo) {
    start();
    uint32_t surface = rig_.configure("a", "ticker");
    auto list = rig_.picture(surface, [](const DrawList& l) { return draws(l) >= 4; });
    ASSERT_TRUE(list);
    EXPECT_GT(rig_.consumer->block(surface).next_draw_ns.load(), 0);
}

TEST_F(PanelProcess, VouchesWithTheHubsBeatAndStopsWithIt) {
    start();
    uint32_t drawing = rig_.configure("a", "plain"), silent = rig_.configure("b", "silent");
    for (uint32_t surface : {drawing, silent}) {
        const auto& block = rig_.consumer->block(surface);
        ASSERT_TRUE(rig_.until([&] { return block.as_of_ns.load() != 0; }));
        int64_t first = block.as_of_ns.load();
        EXPECT_LE(first, base::mono_ns());
        ASSERT_TRUE(rig_.until([&] { return block.as_of_ns.load() > first; }));
    }
    rig_.hub->beating = false;
    rig_.turn_for(200);  // what was on its way
    int64_t last = rig_.consumer->block(drawing).as_of_ns.load();
    rig_.turn_for(600);
    EXPECT_EQ(rig_.consumer->block(drawing).as_of_ns.load(), last);
    EXPECT_GT(rig_.beats, 0);  // the process itself is well
}

TEST_F(PanelProcess, APanelMadeLaterGetsTheCurrentValues) {
    start();
    uint32_t first = rig_.configure("a", "plain");
    ASSERT_TRUE(rig_.until([&] { return subscribed("x.plain.v1/"); }));
    rig_.hub->deliver("x.plain.v1", "thing/1", {{"v", 1}}, true);
    rig_.hub->deliver("x.plain.v1", "thing/2", {{"v", 2}});
    rig_.hub->deliver("x.plain.v1", "thing/2", {{"v", 3}});
    ASSERT_TRUE(rig_.picture(first, [](const DrawList& l) { return events(l) == 3; }));
    uint32_t second = rig_.configure("b", "plain");
    auto list = rig_.picture(second, any);
    ASSERT_TRUE(list);
    EXPECT_EQ(events(*list), 2);  // the newest per subject
    EXPECT_EQ(replayed(*list), 2);
    auto count = std::count(rig_.hub->prefixes.begin(), rig_.hub->prefixes.end(), "x.plain.v1/");
    EXPECT_EQ(count, 1);
}

TEST_F(PanelProcess, KeepsViewsAcrossANewCompositor) {
    start();
    uint32_t surface = rig_.configure("a", "plain");
    ASSERT_TRUE(rig_.picture(surface, any));
    rig_.input(surface, BW_INPUT_PRESS, 5, 5);
    ASSERT_TRUE(rig_.until([&] { return rig_.hub->writes.size() == 1; }));
    EXPECT_EQ(rig_.hub->writes[0]["type"], "beaconwall.pane.view.v1");
    EXPECT_EQ(rig_.hub->writes[0]["subject"], "pane/a");
    EXPECT_EQ(rig_.hub->writes[0]["data"]["n"], 1);
    rig_.hub->deliver("beaconwall.pane.view.v1", "pane/a", {{"n", 1}});  // its own comes back
    rig_.turn_for(100);

    rig_.link();
    surface = rig_.configure("a", "plain");
    auto list = rig_.picture(surface, any);
    ASSERT_TRUE(list);
    EXPECT_EQ(view(*list), 1);
    EXPECT_EQ(draws(*list), 1);  // a new panel object
    // Another machine's panel turned the page.
    rig_.hub->deliver("beaconwall.pane.view.v1", "pane/a", {{"n", 9}});
    ASSERT_TRUE(rig_.picture(surface, [](const DrawList& l) { return view(l) == 9; }));
}

TEST_F(PanelProcess, CommandsNeedAPress) {
    start();
    uint32_t surface = rig_.configure("a", "plain");
    ASSERT_TRUE(rig_.picture(surface, any));
    rig_.input(surface, BW_INPUT_SCROLL, 5, 5);
    rig_.turn_for(200);
    EXPECT_THAT(rig_.hub->commands, IsEmpty());
    rig_.input(surface, BW_INPUT_PRESS, 5, 5);
    ASSERT_TRUE(rig_.until([&] { return rig_.hub->commands.size() == 1; }));
    EXPECT_EQ(rig_.hub->commands[0]["event"]["type"], "x.plain.go.v1");
    EXPECT_EQ(rig_.hub->commands[0]["event"]["subject"], "thing/1");
}

TEST_F(PanelProcess, RefusesAPanelThatThePluginDoesNotHave) {
    start();
    uint32_t surface = rig_.configure("a", "no_such");
    ASSERT_TRUE(rig_.until([&] { return !rig_.refusals.empty(); }));
    EXPECT_EQ(rig_.refusals[0].surface, surface);
    EXPECT_EQ(rig_.refusals[0].reason, surface::Reason::panel_missing);
    EXPECT_TRUE(rig_.picture(rig_.configure("b", "plain"), any));  // the others go on
}

TEST_F(PanelProcess, IgnoresCallsFromAPluginsOwnThread) {
    start();
    ASSERT_TRUE(rig_.picture(rig_.configure("a", "threaded"), any));
    ASSERT_TRUE(rig_.until([&] { return subscribed("x.plain.v1/"); }));
    EXPECT_THAT(rig_.hub->prefixes, Not(Contains("x.forbidden.v1/")));
}

TEST_F(PanelProcess, TakesShortIndicesWithAnOffset) {
    start();
    auto list = rig_.picture(rig_.configure("a", "short"), any);
    ASSERT_TRUE(list);
    ASSERT_EQ(list->vertices.size(), 6u);
    EXPECT_THAT(list->indices, ::testing::ElementsAre(3u, 4u, 5u));
    EXPECT_EQ(list->vertices[4].x, 1);  // drawn once
}

// Its thread is busy; the mark comes from a signal's handler.
TEST_F(PanelProcess, ACallThatDoesNotComeBackIsMarkedOnEveryTileOfIts) {
    start();
    uint32_t well = rig_.configure("a", "plain"), loops = rig_.configure("b", "looper");
    ASSERT_TRUE(rig_.picture(well, any));
    ASSERT_TRUE(rig_.picture(loops, any));
    rig_.hub->deliver("x.plain.v1", "thing/1", {});
    ASSERT_TRUE(rig_.until([&] { return rig_.stuck == 1; }));
    for (uint32_t surface : {well, loops}) {
        const auto& block = rig_.consumer->block(surface);
        EXPECT_EQ(block.source_state.load(), static_cast<uint32_t>(surface::SourceState::late));
        EXPECT_EQ(block.reason.load(), static_cast<uint32_t>(surface::Reason::panel_hung));
    }
    rig_.turn_for(300);
    EXPECT_EQ(rig_.stuck, 1);  // said once
    kill(rig_.pid, SIGKILL);   // nothing less would do
}

TEST_F(PanelProcess, OneThatComesBackLateTakesItsMarkAway) {
    start();
    uint32_t surface = rig_.configure("a", "dawdler");
    ASSERT_TRUE(rig_.picture(surface, any));
    const auto& block = rig_.consumer->block(surface);
    rig_.hub->deliver("x.plain.v1", "thing/1", {});
    ASSERT_TRUE(rig_.until([&] { return rig_.stuck == 1; }));
    EXPECT_NE(block.source_state.load(), 0u);
    const int beats = rig_.beats;
    ASSERT_TRUE(rig_.until([&] { return block.source_state.load() == 0 && rig_.beats > beats; }));
    EXPECT_EQ(block.reason.load(), 0u);
    ASSERT_TRUE(rig_.picture(surface, [](const DrawList& l) { return events(l) == 1; }));
}

TEST_F(PanelProcess, SaysThatItDiesBeforeItDoes) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer catches these signals itself";
    start();
    uint32_t surface = rig_.configure("a", "crasher");
    ASSERT_TRUE(rig_.picture(surface, any));
    rig_.hub->deliver("x.plain.v1", "thing/1", {});
    ASSERT_TRUE(rig_.until([&] { return rig_.exit_code().has_value(); }));
    EXPECT_TRUE(rig_.until([&] { return rig_.crashed == SIGABRT; }));
    EXPECT_EQ(rig_.exit_code(), 128 + SIGABRT);
    EXPECT_EQ(rig_.consumer->block(surface).reason.load(),
              static_cast<uint32_t>(surface::Reason::process_gone));
}

TEST_F(PanelProcess, ARetiredOneEndsWhenNobodyShowsItAndNotBefore) {
    start();
    uint32_t surface = rig_.configure("a", "plain");
    ASSERT_TRUE(rig_.picture(surface, any));
    control::Message retire;
    retire.kind = control::Kind::retire;
    ASSERT_TRUE(rig_.channel->send(retire));
    rig_.hub->deliver("x.plain.v1", "thing/1", {});
    ASSERT_TRUE(rig_.picture(surface, [](const DrawList& l) { return events(l) == 1; }));
    EXPECT_FALSE(rig_.exit_code());
    rig_.link();  // its successor did not come up: it stays
    surface = rig_.configure("a", "plain");
    ASSERT_TRUE(rig_.picture(surface, any));
    ASSERT_TRUE(rig_.channel->send(retire));
    rig_.consumer.reset();
    ASSERT_TRUE(rig_.until([&] { return rig_.exit_code().has_value(); }));
    EXPECT_EQ(rig_.exit_code(), 0);
}

TEST_F(PanelProcess, ReleasedPanelsAreGone) {
    start();
    uint32_t surface = rig_.configure("a", "ticker");
    ASSERT_TRUE(rig_.picture(surface, any));
    rig_.consumer->release(surface);
    uint32_t next = rig_.configure("b", "plain");
    ASSERT_TRUE(rig_.picture(next, any));
    EXPECT_THAT(rig_.refusals, IsEmpty());
}

TEST_F(PanelProcess, EndsInOrderOnStopAndOnSigterm) {
    start();
    control::Message stop;
    stop.kind = control::Kind::stop;
    ASSERT_TRUE(rig_.channel->send(stop));
    ASSERT_TRUE(rig_.until([&] { return rig_.exit_code().has_value(); }));
    EXPECT_EQ(rig_.exit_code(), 0);

    Rig other(library("plain_panel.so"));
    ASSERT_TRUE(other.until([&] { return other.ready; }));
    kill(other.pid, SIGTERM);
    ASSERT_TRUE(other.until([&] { return other.exit_code().has_value(); }));
    EXPECT_EQ(other.exit_code(), 0);
}

TEST(PanelLibrary, WhatCannotBeHostedIsToldInWords) {
    struct Case {
        const char* name;
        const char* words;
    };
    for (Case bad :
         {Case{"no_such.so", "no_such.so"}, Case{"extra_export.so", "one_symbol_too_many"},
          Case{"wrong_abi.so", "speaks panel ABI 99"},
          Case{"no_entry.so", "has no symbol beaconwall_panel_entry"}}) {
        Rig rig(library(bad.name));
        ASSERT_TRUE(rig.until([&] { return rig.exit_code().has_value(); })) << bad.name;
        EXPECT_EQ(rig.exit_code(), 1);
        rig.until([&] { return !rig.failure.empty(); });
        EXPECT_THAT(rig.failure, HasSubstr(bad.words));
        EXPECT_FALSE(rig.ready);
    }
}

// Built against the headers of tests/abi/v1, as a vendor's library that nobody builds again.
TEST(FrozenLibrary, IsShownByTheHostOfToday) {
    Rig rig(library("frozen_v1.so"));
    ASSERT_TRUE(rig.until([&] { return rig.ready && rig.hub->greeted; })) << rig.failure;
    rig.link();
    uint32_t surface = rig.configure("a", "frozen", 640, 480, "{}", "[[10, 0, 4, 480]]");
    auto list = rig.picture(surface, any);
    ASSERT_TRUE(list);
    rig.hub->deliver("x.frozen.v1", "thing/1", {{"a", 1}});
    rig.input(surface, BW_INPUT_PRESS, 5, 5);
    list = rig.picture(
        surface, [](const DrawList& l) { return l.vertices[3].x == 1 && l.vertices[3].y == 1; });
    ASSERT_TRUE(list);
    EXPECT_EQ(list->vertices[3].u, 1);  // a keep-out
    EXPECT_EQ(list->vertices[4].x, 640);
    EXPECT_EQ(list->vertices[4].y, 480);
    EXPECT_EQ(list->vertices[4].v, 480);  // UTC+8
    EXPECT_THAT(list->indices, ::testing::ElementsAre(3u, 4u, 5u));
    ASSERT_EQ(list->videos.size(), 1u);
    EXPECT_STREQ(list->videos[0].source, "camera/FF-001");
    ASSERT_TRUE(rig.until([&] { return rig.hub->writes.size() == 1; }));
    ASSERT_TRUE(rig.until([&] { return rig.hub->commands.size() == 1; }));
    surface = rig.configure("a", "frozen");
    list = rig.picture(surface, any);
    ASSERT_TRUE(list);
    EXPECT_EQ(list->vertices[3].v, 5);  // its view came back
    EXPECT_THAT(rig.refusals, IsEmpty());
}

TEST(SdkLibrary, DrawsEveryPanelOfTheGalleryInTheRealProcess) {
    Rig rig(library("gallery.so"));
    ASSERT_TRUE(rig.until([&] { return rig.ready && rig.hub->greeted; })) << rig.failure;
    rig.link();
    for (const char* panel : {"numbers", "rows", "curve", "places", "nothing"}) {
        uint32_t surface = rig.configure(panel, panel, 860, 480);
        auto list = rig.picture(surface, any);
        ASSERT_TRUE(list) << panel;
        EXPECT_GT(list->vertices.size(), 40u) << panel;
        EXPECT_EQ(list->videos.size(), std::string_view(panel) == "places" ? 3u : 0u);
    }
    EXPECT_THAT(rig.refusals, IsEmpty());
}

/// Memory of a process: its own (RssAnon) and what it touches of the arena (RssShmem).
int64_t resident_kb(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    int64_t sum = 0, value = 0;
    for (std::string line; std::getline(file, line);) {
        if (sscanf(line.c_str(), "RssAnon: %ld", &value) == 1 ||
            sscanf(line.c_str(), "RssShmem: %ld", &value) == 1)
            sum += value;
    }
    return sum;
}

// Each take makes and drops panels, for months.
TEST(SdkLibrary, PanelsThatComeAndGoLeaveNothingInTheProcess) {
    Rig rig(library("gallery.so"));
    ASSERT_TRUE(rig.until([&] { return rig.ready && rig.hub->greeted; })) << rig.failure;
    rig.link();
    auto come_and_go = [&](int times) {
        for (int i = 0; i < times; ++i) {
            uint32_t surface = rig.configure("pane", "numbers", 860, 480);
            ASSERT_TRUE(rig.picture(surface, any)) << i;
            rig.consumer->release(surface);
        }
    };
    come_and_go(50);
    const int64_t before = resident_kb(rig.pid);
    ASSERT_GT(before, 0);
    come_and_go(400);
    // A sanitizer keeps freed memory aside: there LeakSanitizer judges.
    if (!kSanitized) {
        EXPECT_LT(resident_kb(rig.pid), before + 2 * 1024);
    }
    EXPECT_THAT(rig.refusals, IsEmpty());
}

}  // namespace
}  // namespace bw::test
