// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/config/site_files.h"

namespace bw::config::test {
namespace {

TEST(Plan, names_what_the_supervisor_starts) {
    const TempFolder plugins, folder;
    Files more = full_plugins();
    more["unused/plugin.toml"] = "name = \"unused\"\nservice = \"unused-service\"\n";
    more["unused/unused-service"] = "";
    plugins.write(more);
    folder.write(full_site());
    const auto found = find(plugins);
    ASSERT_TRUE(found.ok()) << list(found.faults);
    const auto loaded = load_site(folder.path(), found.value);
    ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
    const auto plan = nlohmann::json::parse(make_plan(loaded.value, found.value));

    EXPECT_EQ(plan["site"], folder.path().filename().string());
    EXPECT_EQ(plan["folder"], folder.path().string());
    EXPECT_EQ(plan["title"]["zh"], "大厅");
    EXPECT_EQ(plan["language"], "en");
    EXPECT_EQ(plan["console_port"], 9000);
    EXPECT_EQ(plan["utc_offset_minutes"], 480);
    EXPECT_EQ(plan["restart_budget"], 3);
    EXPECT_EQ(plan["restart_window_s"], 30);
    EXPECT_EQ(plan["media"], 2);
    EXPECT_EQ(plan["media_memory_mib"], 1024);
    EXPECT_EQ(plan["rules"], true);
    ASSERT_EQ(plan["plugins"].size(), 2u);  // not the one that nothing uses
    EXPECT_EQ(plan["plugins"][0]["name"], "field");
    EXPECT_EQ(plan["plugins"][0]["library"], "");
    EXPECT_EQ(plan["plugins"][1]["library"], (plugins.path() / "maps/maps.so").string());
    EXPECT_EQ(plan["plugins"][1]["service"], (plugins.path() / "maps/maps-service").string());
    // One minute of arc at 4 m is 1.1636 mm; a pixel of 1600 mm / 1920 is 0.8333 mm.
    EXPECT_NEAR(plan["glyph_scale"].get<double>(), 1.1636 / 0.8333, 0.001);
}

TEST(Plan, owner_of_a_camera_runs_though_nothing_else_names_it) {
    Files files = full_site();
    replace(files, "wall.toml", ", \"field\"", "");
    replace(files, "wall.toml", "console_port = 9000", "utc_offset_minutes = -210");
    const TempFolder plugins, folder;
    plugins.write(full_plugins());
    folder.write(files);
    const auto found = find(plugins);
    const auto loaded = load_site(folder.path(), found.value);
    ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
    const auto plan = nlohmann::json::parse(make_plan(loaded.value, found.value));
    EXPECT_EQ(plan["plugins"].size(), 2u);
    EXPECT_EQ(plan["utc_offset_minutes"], -210);
}

}  // namespace
}  // namespace bw::config::test
