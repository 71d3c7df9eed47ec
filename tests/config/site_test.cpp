// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "tests/config/site_files.h"

namespace bw::config::test {
namespace {

namespace fs = std::filesystem;

TEST(Site, full_site_becomes_the_structs) {
    const auto loaded = load(full_site());
    ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
    const Site& site = loaded.value;

    Wall wall;
    wall.title = {"大厅", "Hall"};
    wall.language = "en";
    wall.bind = Bind::displays;
    wall.viewing_distance_mm = 4000;
    wall.refresh_hz = 50;
    wall.first_layout = "one";
    wall.plugins = {"maps", "field"};
    wall.restart_budget = 3;
    wall.restart_window_s = 30;
    wall.console_port = 9000;
    wall.exercise = true;
    wall.displays = {{"left", 0, 0, 1600, 900, 1920, 1080},
                     {"right",
                      1610,
                      0,
                      1600,
                      900,
                      1920,
                      1080,
                      1610,
                      0,
                      0,
                      {6, 3, 5, 2.5},
                      {"DEL", "Wide", "A1", "DP-1"}},
                     {"column",
                      3220,
                      0,
                      900,
                      1600,
                      1080,
                      1920,
                      3220,
                      0,
                      90,
                      {4, 4, 4, 4},
                      {"EIZ", "", "", "DP-2"}}};
    wall.zones = {{"main", {"主屏", "Main"}, {"left", "right"}}, {"side", {}, {"column"}}};
    EXPECT_EQ(site.wall, wall);

    Camera first{"camera/C-1",
                 {"一号", "First"},
                 "forest",
                 "Ridge",
                 "rtsp://192.0.2.1/main",
                 "rtsp://192.0.2.1/sub",
                 "",
                 116.5,
                 40.25};
    Camera second;
    second.id = "camera/C-2";
    second.owner = "field";
    second.town = "Shicheng";
    second.groups = {"north"};
    EXPECT_THAT(site.cameras, testing::ElementsAre(first, second));
    EXPECT_THAT(site.roles,
                testing::ElementsAre(Role{"river_desk",
                                          {"River desk", ""},
                                          {{{"take", "hold"}, {"side", "left"}, {"north"}}}},
                                     Role{"logistics", {}, {{{"plugin.maps.*"}, {}, {}}}}));
}

TEST(Site, rules_become_the_structs) {
    const auto loaded = load(full_site());
    ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
    const Rules& rules = loaded.value.rules;
    EXPECT_TRUE(loaded.value.has_rules);
    EXPECT_EQ(rules.takes, 4u);
    EXPECT_EQ(rules.takes_within_ms, 900'000);
    EXPECT_EQ(rules.after_person_ms, 90'000);
    ASSERT_EQ(rules.rules.size(), 3u);
    Rule river;
    river.name = "river";
    river.title = {"河", "River"};
    river.priority = 70;
    river.role = "river_desk";
    river.when.type = "maps.position.";
    river.when.subject = "gauge/";
    river.when.level = 3;
    river.when.between = RuleHours{22 * 60, 6 * 60};
    river.when.for_ms = 120'000;
    river.when.lasts_ms = 1'800'000;
    river.when.fields = {
        {"/level_m", {}, {}, 2.5, 9.0, {}},
        {"/state", {std::string("high"), 3.0, true}, {std::string("test")}, {}, {}, true}};
    river.when.place = RuleArea{116.4, 39.9, 20, {}, "maps.place.v1"};
    river.then = {RuleDoes::take,
                  "one",
                  500,
                  180'000,
                  5'400'000,
                  false,
                  RuleAttention{{"High water", ""}, 4, 7'200'000}};
    EXPECT_TRUE(rules.rules[0] == river);
    const Rule& many = rules.rules[1];
    EXPECT_FALSE(many.enabled);
    EXPECT_EQ(many.role, "rule");
    EXPECT_EQ(many.when.count, 5u);
    EXPECT_TRUE(many.when.subjects);
    EXPECT_EQ(many.when.within_ms, 600'000);
    EXPECT_EQ(many.when.place->corners.size(), 4u);
    EXPECT_TRUE(many.then.does == RuleDoes::focus && many.then.target == "wide");
    EXPECT_TRUE(rules.rules[2].then.does == RuleDoes::preview);
    EXPECT_EQ(rules.rules[2].when.place->corners.size(), 3u);
    Files without = full_site();
    without.erase("rules.toml");
    EXPECT_FALSE(load(without).value.has_rules);
}

TEST(Site, without_bezel_compensation_the_canvas_is_closed_up) {
    Files files = full_site();
    files["wall.toml"] = "bezel_compensation = false\n" + files["wall.toml"];
    const auto loaded = load(files);
    ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
    const Wall& wall = loaded.value.wall;
    EXPECT_FALSE(wall.bezel_compensation);
    ASSERT_EQ(wall.displays.size(), 3u);
    EXPECT_EQ(wall.displays[1].x_mm, 1600);
    EXPECT_EQ(wall.displays[1].hang_x_mm, 1610);
    EXPECT_EQ(wall.displays[2].x_mm, 3200);
    EXPECT_EQ(wall.displays[2].hang_x_mm, 3220);
}

TEST(Site, full_layout_becomes_the_structs) {
    const auto loaded = load(full_site());
    ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
    using Unit = Track::Unit;
    Layout one;
    one.name = "one";
    one.title = {"一", "One"};
    one.key = "F2";
    one.grids = {{"left",
                  {{1, Unit::fraction}, {300, Unit::millimetres}},
                  {{2, Unit::fraction}, {1, Unit::fraction}},
                  5,
                  10,
                  {{"cam", "board"}, {"cam", "list"}}},
                 {"right", {Track{}}, {Track{}}, 0, 0, {{"wide"}}}};
    one.panes = {
        {"cam", "camera/C-1", {}, false, -1, "{}"},
        {"board",
         "maps/board",
         {"Board", ""},
         true,
         0,
         R"({"deep":{"on":true,"share":0.5},"names":["a","b"],"rows":3})"},
        {"list", "maps/list", {}, true, 0, "{}"},
        {"wide", "camera/C-2", {}, true, 0, "{}"},
    };
    ASSERT_NE(loaded.value.layout("one"), nullptr);
    EXPECT_EQ(*loaded.value.layout("one"), one);
}

TEST(Site, source_grid_and_aspects_become_the_structs) {
    const auto loaded = load(full_site());
    ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
    using Unit = Track::Unit;
    Layout three;
    three.name = "three";
    three.transition = {Transition::Kind::fade, 250};
    three.grids = {{"",
                    {{1, Unit::fraction, 200}, {2, Unit::fraction}},
                    {{1, Unit::fraction}},
                    0,
                    0,
                    {{"cams", "near"}}}};
    Pane cams, near;
    cams.id = "cams";
    cams.shows = "sources";
    cams.margin_mm = 8;
    cams.sources = SourceGrid{{"forest", "Shicheng", "field", "camera/C-"}, 4, 3, 9};
    near.id = "near";
    near.shows = "camera/C-1";
    near.aspect = Aspect::crop;
    near.focus_x = 0.25;
    near.focus_y = 1;
    three.panes = {cams, near};
    ASSERT_NE(loaded.value.layout("three"), nullptr);
    EXPECT_EQ(*loaded.value.layout("three"), three);
}

TEST(Site, grid_may_lie_on_a_zone) {
    Files files = full_site();
    replace(files, "layouts/three.toml", "columns = [\"", "zone = \"main\"\ncolumns = [\"");
    const auto loaded = load(files);
    ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
    EXPECT_EQ(loaded.value.layout("three")->grids[0].zone, "main");
}

TEST(Site, transition_has_a_default_length) {
    for (const auto& [text, wanted] : std::vector<std::pair<std::string, Transition>>{
             {"{ kind = \"push\" }", {Transition::Kind::push, 400}},
             {"{ kind = \"cut\" }", {}},
             {"{ kind = \"fade\", ms = 1 }", {Transition::Kind::fade, 1}}}) {
        Files files = full_site();
        replace(files, "layouts/three.toml", "{ kind = \"fade\", ms = 250 }", text);
        const auto loaded = load(files);
        ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
        EXPECT_EQ(loaded.value.layout("three")->transition, wanted) << text;
    }
}

TEST(Site, layouts_come_in_the_order_of_their_keys) {
    Files files = full_site();
    files["layouts/aaa.toml"] =
        files["layouts/two.toml"].substr(files["layouts/two.toml"].find('['));
    files["layouts/ten.toml"] = files["layouts/two.toml"];
    replace(files, "layouts/ten.toml", "F1", "F10");
    const auto loaded = load(files);
    ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
    std::vector<std::string> names;
    for (const Layout& layout : loaded.value.layouts) names.push_back(layout.name);
    EXPECT_THAT(names, testing::ElementsAre("two", "one", "ten", "aaa", "three"));
    EXPECT_EQ(loaded.value.first_layout().name, "one");
}

TEST(Site, smallest_site_has_the_defaults) {
    Files files;
    files["wall.toml"] =
        "first_layout = \"a\"\n[[display]]\nname = \"d\"\nwidth_mm = 1920\nheight_mm = 1080\n";
    files["layouts/a.toml"] =
        "[[grid]]\ncolumns = [\"1fr\"]\nrows = [\"1fr\"]\nareas = [\"p\"]\n[[pane]]\nid = "
        "\"p\"\nshows = \"maps/board\"\n";
    const auto loaded = load(files);
    ASSERT_TRUE(loaded.ok()) << list(loaded.faults);
    Wall wall;
    wall.first_layout = "a";
    wall.displays = {{"d", 0, 0, 1920, 1080, 1920, 1080}};
    EXPECT_EQ(loaded.value.wall, wall);
    EXPECT_TRUE(loaded.value.cameras.empty());
}

TEST(Site, secrets_are_read_by_camera) {
    const TempFolder folder;
    folder.write(full_site());
    const auto secrets = load_secrets(folder.path());
    ASSERT_TRUE(secrets.ok()) << list(secrets.faults);
    ASSERT_EQ(secrets.value.size(), 1u);
    EXPECT_EQ(secrets.value.at("camera/C-1").user, "viewer");
    EXPECT_EQ(secrets.value.at("camera/C-1").password, "hunter2-hunter2");
}

TEST(Site, absent_secrets_and_cameras_are_no_fault) {
    Files files = full_site();
    files.erase("secrets.toml");
    const TempFolder folder;
    folder.write(files);
    const auto secrets = load_secrets(folder.path());
    EXPECT_TRUE(secrets.ok()) << list(secrets.faults);
    EXPECT_TRUE(secrets.value.empty());
}

TEST(Site, text_falls_back_to_the_other_language) {
    const Text both{"一", "One"};
    EXPECT_EQ(both.in("zh"), "一");
    EXPECT_EQ(both.in("en"), "One");
    EXPECT_EQ((Text{"一", ""}.in("en")), "一");
    EXPECT_EQ((Text{"", "One"}.in("zh")), "One");
}

/// The shipped manifests with empty files where the build puts libraries and services.
void copy_shipped_plugins(const TempFolder& folder) {
    const std::regex named("(library|service) = \"([^\"]+)\"");
    for (const auto& entry : fs::directory_iterator(source_folder() / "plugins")) {
        if (!fs::exists(entry.path() / "plugin.toml")) continue;
        const std::string name = entry.path().filename();
        const std::string text = read_file(entry.path() / "plugin.toml");
        Files files = {{name + "/plugin.toml", text}};
        for (std::sregex_iterator at(text.begin(), text.end(), named), end; at != end; ++at) {
            files[name + "/" + (*at)[2].str()] = "";
        }
        folder.write(files);
    }
}

TEST(Site, every_shipped_site_and_manifest_loads) {
    const TempFolder plugins;
    copy_shipped_plugins(plugins);
    const auto found = find(plugins);
    EXPECT_TRUE(found.ok()) << list(found.faults);
    int sites = 0;
    for (const auto& entry : fs::directory_iterator(source_folder() / "layouts")) {
        if (!entry.is_directory()) continue;
        const auto loaded = load_site(entry.path(), found.value);
        EXPECT_TRUE(loaded.ok()) << entry.path() << "\n" << list(loaded.faults);
        ++sites;
    }
    EXPECT_GE(sites, 2);
}

TEST(Site, the_example_of_the_rules_manual_loads) {
    const std::string page = read_file(source_folder() / "docs/rules.md");
    std::string rules;
    std::istringstream lines(page.substr(page.find("    [limits]")));
    for (std::string line; std::getline(lines, line) && (line.empty() || line[0] == ' ');)
        rules += (line.empty() ? "" : line.substr(4)) + "\n";
    const TempFolder plugins, site;
    copy_shipped_plugins(plugins);
    fs::copy(source_folder() / "layouts/demo", site.path(),
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    site.write({{"rules.toml", rules}});
    const auto loaded = load_site(site.path(), find(plugins).value);
    EXPECT_TRUE(loaded.ok()) << list(loaded.faults);
    ASSERT_EQ(loaded.value.rules.rules.size(), 1u);
    EXPECT_EQ(loaded.value.rules.rules[0].then.hold_ms, 600'000);
}

TEST(Site, demo_is_laid_out_as_promised) {
    const TempFolder plugins;
    copy_shipped_plugins(plugins);
    const auto loaded = load_site(source_folder() / "layouts/demo", find(plugins).value);
    const Site& site = loaded.value;
    std::vector<std::pair<std::string, std::string>> keys;
    for (const Layout& layout : site.layouts) keys.emplace_back(layout.key, layout.name);
    EXPECT_THAT(
        keys, testing::ElementsAre(testing::Pair("F1", "overview"), testing::Pair("F2", "fire"),
                                   testing::Pair("F3", "flood"), testing::Pair("F4", "resources")));
    EXPECT_EQ(site.cameras.size(), 12u);
    EXPECT_EQ(site.wall.displays.size(), 2u);
    EXPECT_TRUE(site.wall.exercise);
    EXPECT_EQ(site.name, "demo");
}

}  // namespace
}  // namespace bw::config::test
