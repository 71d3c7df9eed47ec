// SPDX-License-Identifier: Apache-2.0
// Every fault number is provoked by one change to the full site, and stands in the manual.
#include "core/config/faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <regex>
#include <set>

#include "tests/config/site_files.h"

namespace bw::config::test {
namespace {

using namespace fault;  // NOLINT(google-build-using-namespace): forty names of one table
namespace fs = std::filesystem;

struct Case {
    int number;
    const char* file;  // changed, and where the fault is found
    const char* from;
    std::string to;
    uint32_t line;     // of the fault
    const char* says;  // part of its text
};

const std::vector<Case>& site_cases() {
    static const std::vector<Case> cases = {
        {syntax, "wall.toml", "language = \"en\"", "language = en\"", 2, "no valid TOML"},
        {syntax, "layouts/one.toml", "gap_mm = 5", "gap_mm = = 5", 7, "no valid TOML"},
        {unknown_key, "wall.toml", "refresh_hz", "refrsh_hz", 5, "did you mean refresh_hz?"},
        {unknown_key, "layouts/one.toml", "margin_mm = 10", "margn_mm = 10", 8, "margin_mm"},
        {wrong_type, "wall.toml", "exercise = true", "exercise = \"yes\"", 8, "true or false"},
        {wrong_type, "layouts/one.toml", "rows = 3", "rows = 2026-01-01", 24, "date"},
        {missing_key, "wall.toml", "name = \"right\"\n", "", 21, "`name`"},
        {out_of_range, "wall.toml", "width_px = 1920", "width_px = -1920", 19, "64 to 16384"},
        {out_of_range, "wall.toml", "refresh_hz = 50", "refresh_hz = nan", 5, "1 to 240"},
        {out_of_range, "wall.toml", "x_mm = 1610", "x_mm = inf", 23, "100000"},
        {out_of_range, "wall.toml", "console_port = 9000", "console_port = 99999999999", 9,
         "1 to 65535"},
        {out_of_range, "wall.toml", "console_port = 9000", "utc_offset_minutes = 841", 9,
         "-840 to 840"},
        {out_of_range, "layouts/one.toml", "gap_mm = 5", "gap_mm = -1", 7, "0 to 1000"},
        {unknown_word, "wall.toml", "\"displays\"", "\"display\"", 3, "did you mean displays?"},
        {unknown_word, "layouts/one.toml", "\"F2\"", "\"F13\"", 2, "F12"},
        {unsafe_name, "wall.toml", "name = \"left\"", "name = \"../left\"", 14, "letters"},
        {bad_text, "cameras.toml", "\"Ridge\"", "\"Ridge\\nB\"", 5, "control character"},
        {bad_text, "cameras.toml", "\"Ridge\"", '"' + std::string(2000, 'x') + '"', 5, "2000"},
        {too_large, "layouts/two.toml", "key", '#' + std::string(1 << 20, 'x') + "\nkey", 0,
         "1048576"},
        {display_twice, "wall.toml", "name = \"right\"", "name = \"left\"", 21, "left"},
        {displays_overlap, "wall.toml", "x_mm = 1610", "x_mm = 1599", 21, "left"},
        {no_first_layout, "wall.toml", "\"one\"", "\"on\"", 6, "did you mean one?"},
        {unknown_plugin, "wall.toml", "\"maps\"", "\"map\"", 7, "did you mean maps?"},
        {plugin_twice, "wall.toml", "\"field\"", "\"field\", \"field\"", 7, "field"},
        {pixels_not_square, "wall.toml", "width_px = 1920", "width_px = 1080", 13, "square"},
        {display_too_low, "wall.toml", "viewing_distance_mm = 4000", "viewing_distance_mm = 40000",
         13, "strip"},
        {bad_rotation, "wall.toml", "rotation = 90", "rotation = 45", 30, "0, 90, 180, 270"},
        {bezel_over_display, "wall.toml", "left = 6", "left = 11", 21, "display left"},
        {bezel_over_display, "wall.toml", "bezel_mm = 4", "bezel_mm = 10.5", 28, "display right"},
        {wrong_type, "wall.toml", "bezel_mm = 4", "bezel_mm = \"4\"", 34, "left = …"},
        {out_of_range, "wall.toml", "bezel_mm = 4", "bezel_mm = -4", 34, "0 to 500"},
        {unknown_key, "wall.toml", "left = 6", "lft = 6", 26, "did you mean left?"},
        {unknown_key, "wall.toml", "serial", "serail", 27, "did you mean serial?"},
        {output_twice, "wall.toml", "maker = \"EIZ\"\nconnector = \"DP-2\"",
         "maker = \"del\"\nmodel = \"WIDE\"\nserial = \"a1\"", 28, "display right"},
        {output_twice, "wall.toml",
         "{ maker = \"DEL\", model = \"Wide\", serial = \"A1\", connector = \"DP-1\" }",
         "{ maker = \"EIZ\", connector = \"DP-2\" }", 28, "display right"},
        {bad_maker, "wall.toml", "\"DEL\"", "\"Dell\"", 27, "three letters"},
        {zone_twice, "wall.toml", "name = \"side\"", "name = \"main\"", 42, "main"},
        {zone_of_unknown_display, "wall.toml", "[\"column\"]", "[\"colum\"]", 44,
         "did you mean column?"},
        {display_in_two_zones, "wall.toml", "[\"column\"]", "[\"column\", \"left\"]", 44,
         "zone main"},
        {display_in_two_zones, "wall.toml", "[\"column\"]", "[\"column\", \"column\"]", 44,
         "each display once"},
        {empty_zone, "wall.toml", "[\"column\"]", "[]", 44, "at least one"},
        {bad_listen, "wall.toml", "[restarts]", "[hub]\nlisten = \"tcp://hall:1\"\n[restarts]", 11,
         "an IPv4 address"},
        {bad_listen, "wall.toml", "[restarts]", "[hub]\nlisten = \"tcp://*:70000\"\n[restarts]", 11,
         "1 to 65535"},
        {journal_ages, "wall.toml", "[restarts]",
         "[journal]\ntelemetry_minute_days = 120\n[restarts]", 10, "each at least as long"},
        {journal_ages, "wall.toml", "[restarts]", "[journal]\ntelemetry_full_h = 200\n[restarts]",
         10, "200 h"},
        {out_of_range, "wall.toml", "[restarts]", "[journal]\nkeep_days = 0\n[restarts]", 11,
         "`keep_days`"},
        {missing_key, "wall.toml", "displays = [\"column\"]", "", 42, "`displays`"},
        {area_without_pane, "layouts/one.toml", "id = \"list\"", "id = \"lists\"", 9,
         "did you mean lists?"},
        {pane_without_area, "layouts/one.toml", "\"cam list\"", "\"cam .\"", 25, "list"},
        {area_not_rectangle, "layouts/one.toml", "\"cam board\", \"cam list\"",
         "\"cam board\", \"board list\"", 9, "rectangle"},
        {row_count, "layouts/one.toml", "[\"2fr\", \"1fr\"]", "[\"2fr\", \"1fr\", \"1fr\"]", 9,
         "2 lines of areas for 3 rows"},
        {column_count, "layouts/one.toml", "\"cam board\"", "\"cam board board\"", 9,
         "3 areas in line 1 for 2 columns"},
        {unknown_display, "layouts/one.toml", "display = \"left\"", "display = \"lft\"", 4,
         "did you mean left?"},
        {pane_twice, "layouts/one.toml", "id = \"list\"", "id = \"board\"", 25, "board"},
        {bad_shows, "layouts/one.toml", "\"maps/list\"", "\"maps\"", 27, "PLUGIN/PANEL"},
        {unknown_panel, "layouts/one.toml", "\"maps/list\"", "\"maps/lisst\"", 27,
         "did you mean maps/list?"},
        {unknown_source, "layouts/one.toml", "\"camera/C-2\"", "\"camera/C-3\"", 30, "camera/C-1"},
        {key_twice, "layouts/two.toml", "\"F1\"", "\"F2\"", 1, "layouts/one.toml"},
        {area_in_two_grids, "layouts/one.toml", "\"wide\"]", "\"cam\"]", 14, "cam"},
        {bad_track, "layouts/one.toml", "\"300mm\"", "\"300px\"", 5, "300mm"},
        {bad_track, "layouts/one.toml", "\"2fr\"", "\"nanfr\"", 6, "1fr"},
        {bad_track, "layouts/one.toml", "\"2fr\"", "\"-2fr\"", 6, "1fr"},
        {grid_does_not_fit, "layouts/one.toml", "\"300mm\"", "\"1600mm\"", 3, "columns"},
        {grid_does_not_fit, "layouts/three.toml", "200mm", "5300mm", 2, "columns"},
        {bad_track, "layouts/three.toml", "minmax(200mm, 1fr)", "minmax(1fr, 200mm)", 3, "minmax"},
        {bad_track, "layouts/three.toml", "minmax(200mm, 1fr)", "minmax(200mm)", 3, "minmax"},
        {bad_track, "layouts/three.toml", "minmax(200mm, 1fr)", "minmax(200mm, 1fr", 3, "minmax"},
        {unknown_zone, "layouts/three.toml", "columns = [\"", "zone = \"mai\"\ncolumns = [\"", 3,
         "did you mean main?"},
        {grid_does_not_fit, "layouts/three.toml", "columns = [\"minmax(200mm",
         "zone = \"side\"\ncolumns = [\"minmax(901mm", 2, "at most the 900 mm"},
        {zone_and_display, "layouts/three.toml", "columns = [\"",
         "zone = \"main\"\ndisplay = \"left\"\ncolumns = [\"", 3, "one of the two"},
        {sources_apart, "layouts/three.toml", "\"sources\"", "\"maps/board\"", 10, "sources"},
        {sources_apart, "layouts/one.toml", "\"maps/list\"", "\"sources\"", 27, "columns = 4"},
        {bad_focus, "layouts/three.toml", "[0.25, 1]", "[0.25, 1.5]", 15, "0 to 1"},
        {bad_focus, "layouts/three.toml", "[0.25, 1]", "[0.25, nan]", 15, "0 to 1"},
        {bad_focus, "layouts/three.toml", "[0.25, 1]", "[0.25]", 15, "[x, y]"},
        {no_effect, "layouts/three.toml", "\"crop\"", "\"fit\"", 15, "crop"},
        {no_effect, "layouts/three.toml", "\"camera/C-1\"", "\"maps/board\"", 14, "panel"},
        {no_effect, "layouts/three.toml", "\"fade\"", "\"cut\"", 1, "no time"},
        {unknown_word, "layouts/three.toml", "\"crop\"", "\"cropp\"", 14, "did you mean crop?"},
        {unknown_word, "layouts/three.toml", "\"fade\"", "\"fadde\"", 1, "did you mean fade?"},
        {missing_key, "layouts/three.toml", "kind = \"fade\", ", "", 1, "kind"},
        {missing_key, "layouts/three.toml", "columns = 4, ", "", 10, "columns"},
        {unknown_key, "layouts/three.toml", "page_s", "pages_s", 10, "did you mean page_s?"},
        {out_of_range, "layouts/three.toml", "rows = 3", "rows = 17", 10, "1 to 16"},
        {out_of_range, "layouts/three.toml", "page_s = 9", "page_s = 1", 10, "2 to 3600"},
        {out_of_range, "layouts/three.toml", "margin_mm = 8", "margin_mm = -8", 9, "0 to 1000"},
        {out_of_range, "layouts/three.toml", "ms = 250", "ms = 0", 1, "1 to 10000"},
        {unsafe_name, "layouts/three.toml", "\"C-\"", "\"camera/C-\"", 10, "letters"},
        {unknown_owner, "layouts/three.toml", "\"field\"", "\"feld\"", 10, "did you mean field?"},
        {settings_too_large, "layouts/one.toml", "rows = 3",
         "x = \"" + std::string(17000, 'x') + '"', 24, "16384"},
        {camera_twice, "cameras.toml", "\"C-2\"", "\"C-1\"", 9, "camera/C-1"},
        {unknown_scheme, "cameras.toml", "rtsp://192.0.2.1/main", "rtps://192.0.2.1/main", 6,
         "did you mean rtsps?"},
        {credentials_in_uri, "cameras.toml", "192.0.2.1/main", "u:pw@192.0.2.1/main", 6,
         "secrets.toml"},
        {credentials_in_uri, "cameras.toml", "192.0.2.1/sub", "192.0.2.1/?Password=pw", 7,
         "secrets.toml"},
        {no_address, "cameras.toml", "owner = \"field\"\n", "", 9, "main"},
        {bad_position, "cameras.toml", "40.25", "140.25", 8, "longitude"},
        {bad_position, "cameras.toml", "40.25", "nan", 8, "longitude"},
        {unknown_owner, "cameras.toml", "\"field\"", "\"fields\"", 11, "did you mean field?"},
        {bad_uri, "cameras.toml", "rtsp://192.0.2.1/main", "file://main.mp4", 6, "absolute"},
        {sub_without_main, "cameras.toml", "main = \"rtsp://192.0.2.1/main\"\n", "", 6, "main"},
        {bad_mask, "cameras.toml", "40.25]", "40.25]\nmasks = [[0, 0, 1, 1.5]]", 9, "shares"},
        {unsafe_name, "cameras.toml", "[\"north\"]", "[\"no rth\"]", 13, "letters"},
        {role_twice, "roles.toml", "\"logistics\"", "\"river_desk\"", 8, "river_desk"},
        {built_in_role, "roles.toml", "\"logistics\"", "\"leader\"", 8, "built in"},
        {unknown_action, "roles.toml", "\"take\"", "\"takes\"", 5, "did you mean take?"},
        {unknown_action, "roles.toml", "\"plugin.maps.*\"", "\"plugins.*\"", 11, "plugin.NAME"},
        {role_without_capability, "roles.toml", "[[role.may]]\nactions = [\"plugin.maps.*\"]\n", "",
         8, "logistics"},
        {role_without_capability, "roles.toml", "[\"plugin.maps.*\"]", "[]", 11, "action"},
        {scope_of_unknown_zone, "roles.toml", "\"side\"", "\"sides\"", 6, "did you mean side?"},
        {scope_of_unknown_group, "roles.toml", "\"north\"", "\"nort\"", 7, "did you mean north?"},
        {unknown_key, "roles.toml", "actions = [\"plugin", "action = [\"plugin", 11,
         "did you mean actions?"},
        {rule_twice, "rules.toml", "\"many\"", "\"river\"", 26, "river"},
        {unsafe_name, "rules.toml", "\"many\"", "\"so many\"", 27, "letters"},
        {rule_of_unknown_layout, "rules.toml", "take = \"one\"", "take = \"onne\"", 20,
         "did you mean one?"},
        {rule_of_unknown_layout, "rules.toml", "preview = \"two\"", "preview = \"to\"", 40,
         "did you mean two?"},
        {rule_of_unknown_pane, "rules.toml", "focus = \"wide\"", "focus = \"wid\"", 36,
         "did you mean wide?"},
        {rule_does_nothing, "rules.toml", "focus = \"wide\"", "", 35, "attention"},
        {rule_does_two_things, "rules.toml", "focus = \"wide\"", "focus = \"wide\"\ntake = \"one\"",
         36, "one of take, preview"},
        {bad_rule_field, "rules.toml", "\"/level_m\"", "\"level_m\"", 17, "\"/level_m\""},
        {bad_rule_field, "rules.toml", "min = 2.5", "min = 9.5", 17, "range"},
        {bad_rule_field, "rules.toml", ", min = 2.5, max = 9", "", 17, "asks nothing"},
        {bad_rule_field, "rules.toml", "[\"high\", 3, true]", "[]", 17, "at least one"},
        {bad_rule_field, "rules.toml", "[\"high\", 3, true]", "2026-01-01", 17, "a list of"},
        {bad_rule_area, "rules.toml", "[116, 39, 117, 40]", "[117, 39, 116, 40]", 34, "west"},
        {bad_rule_area, "rules.toml", "center = [116.4, 39.9]", "center = [116.4, 93.9]", 18,
         "longitude"},
        {bad_rule_area, "rules.toml", "[[0, 0], [1, 0], [1, 1]]", "[[0, 0], [1, 0]]", 39,
         "3 to 500"},
        {bad_rule_area, "rules.toml", "box = [116, 39, 117, 40]",
         "box = [116, 39, 117, 40], polygon = [[0, 0], [1, 0], [1, 1]]", 34, "one of"},
        {rule_no_effect, "rules.toml", "box = [116, 39, 117, 40]",
         "box = [116, 39, 117, 40], radius_km = 2", 34, "center"},
        {missing_key, "rules.toml", ", radius_km = 20", "", 18, "radius_km"},
        {bad_rule_hours, "rules.toml", "\"06:00\"", "\"24:00\"", 14, "hall's clock"},
        {bad_rule_hours, "rules.toml", "\"06:00\"", "\"22:00\"", 14, "different"},
        {bad_duration, "rules.toml", "for = \"2m\"", "for = \"2 min\"", 15, "90s"},
        {bad_duration, "rules.toml", "after_person = \"90s\"", "after_person = \"31d\"", 4,
         "30 days"},
        {unknown_rule_type, "rules.toml", "\"x.alarm.v1\"", "\"maps.positions.v1\"", 30,
         "maps.position."},
        {unknown_rule_type, "rules.toml", "\"x.alarm.v1\"", "\"beaconwall.wall.taken.v1\"", 30,
         "no plugin publishes"},
        {unknown_rule_type, "rules.toml", "from = \"maps.place.v1\"", "from = \"maps.place.v2\"",
         18, "did you mean maps.place.v1?"},
        {rule_of_unknown_role, "rules.toml", "\"river_desk\"", "\"river_dest\"", 9,
         "did you mean river_desk?"},
        {rule_no_effect, "rules.toml", "count = 5\n", "", 31, "`count`"},
        {missing_key, "rules.toml", "within = \"10m\"\n", "", 29, "within"},
        {rule_no_effect, "rules.toml", "preview = \"two\"", "preview = \"two\", hold = \"2m\"", 40,
         "`hold`"},
        {unknown_word, "rules.toml", "\"subjects\"", "\"subject\"", 33, "did you mean subjects?"},
        {unknown_word, "rules.toml", "\"orange\"", "\"oange\"", 13, "did you mean orange?"},
        {out_of_range, "rules.toml", "takes = 4", "takes = 101", 2, "0 to 100"},
        {out_of_range, "rules.toml", "level = 4", "level = 5", 25, "1 to 4"},
        {unknown_key, "rules.toml", "fade_ms", "fade_s", 21, "did you mean fade_ms?"},
        {missing_key, "rules.toml", "title = \"High water\", ", "", 25, "title"},
        {built_in_role, "roles.toml", "\"logistics\"", "\"rule\"", 8, "built in"},
        {secret_without_camera, "secrets.toml", "\"C-1\"", "\"C-9\"", 1, "camera/C-1"},
        {secret_twice, "secrets.toml", "[[camera]]",
         "[[camera]]\nid = \"C-1\"\nuser = \"a\"\npassword = \"b\"\n[[camera]]", 5, "C-1"},
    };
    return cases;
}

const std::vector<Case>& plugin_cases() {
    static const std::vector<Case> cases = {
        {plugin_name, "maps/plugin.toml", "\"maps\"", "\"mops\"", 1, "folder"},
        {panel_twice, "maps/plugin.toml", "id = \"list\"", "id = \"board\"", 14, "board"},
        {no_library_file, "maps/plugin.toml", "\"maps.so\"", "\"none.so\"", 5, "none.so"},
        {no_service_file, "maps/plugin.toml", "\"maps-service\"", "\"maps.so\"", 6, "executable"},
        {not_a_file_name, "maps/plugin.toml", "\"maps.so\"", "\"../maps.so\"", 5, "folder"},
        {panels_without_library, "maps/plugin.toml", "library = \"maps.so\"\n", "", 9, "library"},
        {bad_type, "maps/plugin.toml", "\"maps.place.v1\"", "\"Maps Place\"", 9, "event type"},
        {bad_network, "radio/plugin.toml", "localhost:1883", "gauges.example:1883", 4,
         "ADDRESS:PORT"},
        {bad_file, "radio/plugin.toml", "/dev/ttyS0", "/etc", 5, "absolute path"},
        {bad_extension, "radio/plugin.toml", "beaconwall.glyphs/1", "beaconwall.glyphs/9", 6,
         "extension"},
        {permission_without_service, "radio/plugin.toml", "service = \"radio-service\"",
         "library = \"radio-service\"", 4, "neither network nor files"},
        {empty_plugin, "field/plugin.toml", "service = \"field-service\"\n", "", 0, "service"},
        {bad_schema, "maps/schemas/settings/board.json", "\"additionalProperties\": false",
         "\"additionalProprties\": false", 0, "/additionalProprties: there is no keyword"},
        {bad_schema, "maps/schemas/maps.place.v1.json", "\"object\",", "\"object\"", 0,
         "line 1, column 29"},
        {unknown_key, "maps/plugin.toml", "vendor", "vender", 3, "did you mean vendor?"},
    };
    return cases;
}

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

TEST(Faults, every_number_is_provoked_above) {
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
