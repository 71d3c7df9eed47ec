// SPDX-License-Identifier: Apache-2.0
// Every fault number is provoked by one change to the full site, and stands in the manual.
#include "core/config/faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <regex>
#include <set>

#include "tests/config/fault_cases.h"
#include "tests/config/site_files.h"

namespace bw::config::test {
namespace {

using namespace fault;  // NOLINT(google-build-using-namespace): forty names of one table
namespace fs = std::filesystem;

/// The fault that the case wants, among those found.
void expect_fault(const std::vector<Fault>& faults, const Case& c, const std::string& file) {
    for (const Fault& fault : faults) {
        if (fault.number != c.number || fault.file != file || fault.line != c.line) continue;
        EXPECT_THAT(fault.text, testing::HasSubstr(c.says));
        EXPECT_EQ(fault.line == 0, fault.column == 0);
        return;
    }
    ADD_FAILURE() << "no BW" << c.number << " in line " << c.line << " of " << file << " after\n  "
                  << std::string(c.to).substr(0, 80) << "\nbut\n"
                  << list(faults);
}

TEST(Faults, site_files) {
    for (const Case& c : site_cases()) {
        Files files = full_site();
        replace(files, c.file, c.from, c.to);
        expect_fault(load(files).faults, c, c.file);
    }
}

TEST(Faults, manifests) {
    for (const Case& c : plugin_cases()) {
        Files files = full_plugins();
        replace(files, c.file, c.from, c.to);
        const TempFolder folder;
        folder.write(files);
        const auto found = find(folder);
        expect_fault(found.faults, c, (folder.path() / c.file).string());
        for (const Plugin& plugin : found.value)
            EXPECT_NE(plugin.name + "/plugin.toml", c.file) << "a faulty plugin must be left out";
    }
}

/// Faults of whole files and folders.
std::vector<Fault> folder_faults(const std::string& what) {
    Files files = full_site();
    const TempFolder folder;
    if (what == "no wall.toml") files.erase("wall.toml");
    if (what == "no display")
        files["wall.toml"] = files["wall.toml"].substr(0, files["wall.toml"].find("[[display]]"));
    if (what == "no layout")
        for (const char* name : {"one", "two", "three"})
            files.erase("layouts/" + std::string(name) + ".toml");
    if (what == "unsafe layout") files["layouts/a b.toml"] = "";
    folder.write(files);
    if (what == "mode") chmod((folder.path() / "secrets.toml").c_str(), 0640);
    return load_site(what == "no site" ? folder.path() / "none" : folder.path(), {}).faults;
}

TEST(Faults, whole_files) {
    const std::vector<std::pair<std::string, Fault>> cases = {
        {"no wall.toml", {unreadable, "wall.toml", 0, 0, "file"}},
        {"no display", {no_display, "wall.toml", 0, 0, "[[display]]"}},
        {"no layout", {no_layout, "layouts", 0, 0, "layouts/NAME.toml"}},
        {"unsafe layout", {unsafe_name, "layouts/a b.toml", 0, 0, "letters"}},
        {"mode", {secrets_readable, "secrets.toml", 0, 0, "chmod 600"}},
        {"no site", {no_site, "none", 0, 0, "folder"}},
    };
    for (const auto& [what, wanted] : cases) {
        const auto faults = folder_faults(what);
        const bool there = std::any_of(faults.begin(), faults.end(), [&w = wanted](const Fault& f) {
            return f.number == w.number && f.file.ends_with(w.file) &&
                   f.text.find(w.text) != std::string::npos;
        });
        EXPECT_TRUE(there) << what << "\n" << list(faults);
    }
}

TEST(Faults, a_path_that_cannot_be_told_to_others_is_one) {
    const TempFolder folder;
    folder.write(full_site());
    const fs::path strange = folder.path() / "hall\xff";
    fs::create_directories(strange);
    for (const char* part : {"wall.toml", "cameras.toml", "layouts"})
        fs::rename(folder.path() / part, strange / part);
    const auto faults = load_site(strange, {}).faults;
    ASSERT_EQ(faults.size(), 1u) << list(faults);
    EXPECT_EQ(faults[0].number, no_site);
    EXPECT_THAT(faults[0].text, testing::HasSubstr("UTF-8"));
}

TEST(Faults, settings_are_what_the_panel_takes) {
    const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
        {"rows = 3", "rows = \"3\"", "settings/rows: found a text; allowed: a whole number"},
        {"rows = 3", "rows = 0", "settings/rows: found 0; allowed: at least 1"},
        {"rows = 3", "row = 3",
         "settings/row: `row` is not known here; allowed: deep, names, rows"},
        {"[\"a\", \"b\"]", "[\"a\",\n2]",
         "settings/names/1: found a whole number; allowed: a text"},
        {"share = 0.5", "\"a/b\" = \"x\"", "settings/deep/a~1b: found a text; allowed: true or"},
    };
    for (const auto& [from, to, says] : cases) {
        Files files = full_site();
        replace(files, "layouts/one.toml", from, to);
        const auto faults = load(files).faults;
        ASSERT_EQ(faults.size(), 1u) << to << "\n" << list(faults);
        EXPECT_EQ(faults[0].number, settings_do_not_match);
        EXPECT_EQ(faults[0].line, to.find('\n') == std::string::npos ? 24u : 25u) << to;
        EXPECT_THAT(faults[0].text, testing::HasSubstr(says));
        EXPECT_THAT(faults[0].text, testing::HasSubstr("maps/board"));
    }
}

TEST(Faults, a_panel_without_settings_is_asked_for_what_it_needs) {
    Files plugins = full_plugins();
    replace(plugins, "maps/schemas/settings/board.json",
            "\"type\": \"object\", \"additionalProperties\": false", "\"required\": [\"rows\"]");
    const TempFolder folder, site;
    folder.write(plugins);
    site.write(full_site());
    const auto faults = load_site(site.path(), find(folder).value).faults;
    ASSERT_EQ(faults.size(), 1u) << list(faults);
    EXPECT_EQ(
        to_string(faults[0]).rfind("layouts/two.toml:6:1: BW1224: settings: `rows` is missing", 0),
        0u)
        << list(faults);
}

TEST(Faults, a_schema_of_nothing_is_one) {
    for (const auto& [file, says] : std::vector<std::pair<std::string, std::string>>{
             {"settings/boart.json", "did you mean board?"}, {"Maps Place.json", "TYPE.json"}}) {
        Files files = full_plugins();
        files["maps/schemas/" + file] = "{}";
        files["maps/schemas/README.md"] = "not read";
        const TempFolder folder;
        folder.write(files);
        const auto found = find(folder);
        const std::string path = (folder.path() / "maps/schemas" / file).string();
        expect_fault(found.faults, {schema_of_nothing, "", "", "", 0, says.c_str()}, path);
        EXPECT_EQ(found.faults.size(), 1u) << list(found.faults);
    }
}

TEST(Faults, a_schema_that_is_no_file_makes_nobody_wait) {
    const TempFolder folder;
    folder.write(full_plugins());
    ASSERT_EQ(mkfifo((folder.path() / "maps/schemas/maps.pipe.v1.json").c_str(), 0600), 0);
    const auto faults = find(folder).faults;
    ASSERT_EQ(faults.size(), 1u) << list(faults);
    EXPECT_THAT(faults[0].text, testing::HasSubstr("this is no file"));
}

TEST(Faults, panes_have_to_fit_the_surfaces) {
    Files files = full_site();
    for (int i = 0; i < 256; ++i) {
        const std::string id = "more" + std::to_string(i);
        files["layouts/two.toml"] += "[[pane]]\nid = \"" + id + "\"\nshows = \"maps/board\"\n";
    }
    // Eight lines, then three for each pane: the 257th begins in line 774.
    expect_fault(load(files).faults,
                 {too_many_panes, "layouts/two.toml", "", "257 panes", 774, "at most 256"},
                 "layouts/two.toml");
}

TEST(Faults, cells_of_sources_count_as_panes) {
    Files files = full_site();
    replace(files, "layouts/three.toml", "columns = 4, rows = 3", "columns = 16, rows = 16");
    expect_fault(load(files).faults,
                 {too_many_panes, "layouts/three.toml", "", "257 panes", 11, "at most 256"},
                 "layouts/three.toml");
    replace(files, "layouts/three.toml", "rows = 16", "rows = 15");
    EXPECT_TRUE(load(files).ok()) << list(load(files).faults);
}

TEST(Faults, rules_have_an_end) {
    Files files = full_site();
    for (int i = 0; i < 198; ++i)
        files["rules.toml"] += "[[rule]]\nname = \"r" + std::to_string(i) +
                               "\"\nwhen.type = \"x.t.v1\"\nthen.preview = \"two\"\n";
    // Forty lines, then four for each: the 201st begins in line 829.
    expect_fault(load(files).faults, {too_many_rules, "rules.toml", "", "201", 829, "at most 200"},
                 "rules.toml");
}

TEST(Faults, secrets_are_never_repeated) {
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"password = \"", "password = hunter2 \""},
             {"password =", "hunter2 ="},
             {"id = \"C-1\"", "id = \"hunter2 hunter2\""},
             {"\"hunter2-hunter2\"", "[\"hunter2\"]"}}) {
        Files files = full_site();
        replace(files, "secrets.toml", from, to);
        const auto faults = load(files).faults;
        EXPECT_FALSE(faults.empty()) << to;
        EXPECT_THAT(list(faults), testing::Not(testing::HasSubstr("hunter2"))) << to;
    }
    Files files = full_site();
    replace(files, "cameras.toml", "rtsp://192.0.2.1/main", "rtps://u:hunter2@192.0.2.1/main");
    EXPECT_THAT(list(load(files).faults), testing::Not(testing::HasSubstr("hunter2")));
}

std::set<int> numbers_in(const fs::path& file, const char* pattern) {
    const std::string text = read_file(source_folder() / file);
    const std::regex number(pattern);
    std::set<int> numbers;
    for (std::sregex_iterator at(text.begin(), text.end(), number), end; at != end; ++at)
        numbers.insert(std::stoi((*at)[1].str()));
    return numbers;
}

TEST(Faults, source_and_manual_list_the_same_numbers) {
    EXPECT_EQ(numbers_in("core/config/faults.h", "= (1[0-7]\\d\\d),"),
              numbers_in("docs/faults.md", "\\| BW(1[0-7]\\d\\d) \\|"));
}

TEST(Faults, every_number_is_provoked) {
    std::set<int> provoked = {unreadable,
                              no_display,
                              no_layout,
                              secrets_readable,
                              no_site,
                              too_many_panes,
                              settings_do_not_match,
                              schema_of_nothing,
                              too_many_rules};
    for (const auto* cases : {&site_cases(), &plugin_cases()})
        for (const Case& c : *cases) provoked.insert(c.number);
    EXPECT_EQ(numbers_in("core/config/faults.h", "= (1[0-7]\\d\\d),"), provoked);
}

TEST(Faults, one_line_with_place_and_number) {
    EXPECT_EQ(to_string({1203, "layouts/a.toml", 12, 3, "found …"}),
              "layouts/a.toml:12:3: BW1203: found …");
    EXPECT_EQ(to_string({1001, "wall.toml", 0, 0, "found …"}), "wall.toml: BW1001: found …");
}

TEST(Faults, one_wrong_number_of_a_display_is_one_fault) {
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {"x_mm = 1610", "x_mm = inf"}, {"name = \"right\"\n", ""}}) {
        Files files = full_site();
        replace(files, "wall.toml", from, to);
        const auto faults = load(files).faults;
        EXPECT_EQ(faults.size(), 1u) << list(faults);
    }
}

/// A layout of one row, 890 mm high, on `display`; of two displays of 900 mm, one above the other.
std::vector<Fault> faults_of_a_high_row(const std::string& display, const std::string& zones) {
    const std::string size = "width_mm = 1600\nheight_mm = 900\n";
    Files files;
    files["wall.toml"] =
        "first_layout = \"one\"\nviewing_distance_mm = 4000\n[[display]]\n"
        "name = \"upper\"\n" +
        size + "[[display]]\nname = \"lower\"\ny_mm = 910\n" + size + zones;
    files["layouts/one.toml"] = "[[grid]]\ndisplay = \"" + display +
                                "\"\ncolumns = [\"1fr\"]\nrows = [\"890mm\"]\nareas = [\"a\"]\n"
                                "[[pane]]\nid = \"a\"\nshows = \"maps/board\"\n";
    return load(files).faults;
}

TEST(Faults, only_a_display_with_a_strip_has_less_room) {
    const std::string apart =
        "[[zone]]\nname = \"a\"\ndisplays = [\"upper\"]\n"
        "[[zone]]\nname = \"b\"\ndisplays = [\"lower\"]\n";
    const auto fits = faults_of_a_high_row("upper", "");
    EXPECT_TRUE(fits.empty()) << list(fits);
    for (const auto& faults :
         {faults_of_a_high_row("lower", ""), faults_of_a_high_row("upper", apart)}) {
        ASSERT_EQ(faults.size(), 1u) << list(faults);
        EXPECT_EQ(faults[0].number, grid_does_not_fit);
        EXPECT_THAT(faults[0].text, testing::HasSubstr("853 mm there are above the wall strip"));
    }
}

TEST(Faults, equal_monitors_on_their_own_connectors_are_told_apart) {
    Files files = full_site();
    replace(files, "wall.toml", "maker = \"EIZ\"",
            "maker = \"DEL\"\nmodel = \"Wide\"\nserial = \"A1\"");
    const auto faults = load(files).faults;
    EXPECT_TRUE(faults.empty()) << list(faults);
}

TEST(Faults, broken_wall_does_not_drown_the_layouts) {
    Files files = full_site();
    replace(files, "wall.toml", "language = \"en\"", "language = en\"");
    const auto faults = load(files).faults;
    EXPECT_EQ(faults.size(), 1u) << list(faults);
}

}  // namespace
}  // namespace bw::config::test
