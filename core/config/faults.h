// SPDX-License-Identifier: Apache-2.0
// Every fault number, once. docs/faults.md explains each; a test compares the two and provokes all.
// Numbers are never reused: a fault that goes away leaves a gap.
#pragma once

namespace bw::config::fault {

enum Number : int {
    // any file
    unreadable = 1001,
    syntax = 1002,
    unknown_key = 1003,
    wrong_type = 1004,
    missing_key = 1005,
    out_of_range = 1006,
    unknown_word = 1007,
    unsafe_name = 1008,
    bad_text = 1009,
    no_site = 1010,
    too_large = 1011,
    // wall.toml
    no_display = 1101,
    display_twice = 1102,
    displays_overlap = 1103,
    no_first_layout = 1104,
    unknown_plugin = 1105,
    plugin_twice = 1106,
    pixels_not_square = 1107,
    display_too_low = 1108,
    bad_rotation = 1109,
    bezel_over_display = 1110,
    output_twice = 1111,
    bad_maker = 1112,
    zone_twice = 1113,
    zone_of_unknown_display = 1114,
    display_in_two_zones = 1115,
    empty_zone = 1116,
    // layouts/*.toml
    no_layout = 1201,
    area_without_pane = 1203,
    pane_without_area = 1204,
    area_not_rectangle = 1205,
    row_count = 1206,
    column_count = 1207,
    unknown_display = 1208,
    pane_twice = 1209,
    bad_shows = 1210,
    unknown_panel = 1211,
    unknown_source = 1212,
    key_twice = 1213,
    area_in_two_grids = 1214,
    bad_track = 1215,
    grid_does_not_fit = 1216,
    settings_too_large = 1217,
    too_many_panes = 1218,
    unknown_zone = 1219,
    zone_and_display = 1220,
    sources_apart = 1221,
    bad_focus = 1222,
    no_effect = 1223,
    // cameras.toml
    camera_twice = 1301,
    unknown_scheme = 1302,
    credentials_in_uri = 1303,
    no_address = 1304,
    bad_position = 1305,
    unknown_owner = 1306,
    bad_uri = 1307,
    sub_without_main = 1308,
    bad_mask = 1309,
    // secrets.toml
    secrets_readable = 1401,
    secret_without_camera = 1402,
    secret_twice = 1403,
    // plugin.toml
    plugin_name = 1501,
    panel_twice = 1502,
    no_library_file = 1503,
    no_service_file = 1504,
    not_a_file_name = 1505,
    panels_without_library = 1506,
    bad_type = 1507,
    empty_plugin = 1508,
};

}  // namespace bw::config::fault
