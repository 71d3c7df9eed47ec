// SPDX-License-Identifier: Apache-2.0
// wall.toml
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "core/config/readers.h"

namespace bw::config {
namespace {

constexpr Range kPlaceMm{-100000, 100000};
constexpr Range kSizeMm{10, 100000};
constexpr Range kPixels{64, 16384};
// The zones there are: UTC-12 to UTC+14, and both signs alike.
constexpr Range kUtcOffsetMinutes{-840, 840};
// Pixels are square to within this share, or a size was mistyped.
constexpr double kSquare = 0.05;
// A display less than this many strips high has no room for panes.
constexpr double kStripsHigh = 4;

bool overlap(const Display& a, const Display& b) {
    constexpr double slack_mm = 0.001;
    return a.x_mm + a.width_mm > b.x_mm + slack_mm && b.x_mm + b.width_mm > a.x_mm + slack_mm &&
           a.y_mm + a.height_mm > b.y_mm + slack_mm && b.y_mm + b.height_mm > a.y_mm + slack_mm;
}

void check_pixels(const Display& display, Place place, Report& report) {
    const double across = display.width_mm / display.width_px;
    const double down = display.height_mm / display.height_px;
    if (std::abs(across / down - 1) <= kSquare) return;
    report.add(
        fault::pixels_not_square, place,
        fmt::format("found pixels of {:.3f} by {:.3f} mm on display {}; allowed: square ones "
                    "(compare width_mm, height_mm with width_px, height_px)",
                    across, down, display.name));
}

void check_height(const Wall& wall, const Display& display, Place place, Report& report) {
    const double strip_mm = kStripUnits * unit_mm(wall);
    if (display.height_mm >= kStripsHigh * strip_mm) return;
    report.add(
        fault::display_too_low, place,
        fmt::format("found display {} {:.0f} mm high; allowed: at least {:.0f} mm for readers "
                    "at {:.0f} mm (the wall strip alone takes {:.0f} mm)",
                    display.name, display.height_mm, kStripsHigh * strip_mm,
                    wall.viewing_distance_mm, strip_mm));
}

Display read_display(const Node& node, Report& report) {
    Table table(report, node, "[[display]]");
    Display display;
    display.name = table.name("name", Need::required);
    display.x_mm = table.number("x_mm", kPlaceMm, 0);
    display.y_mm = table.number("y_mm", kPlaceMm, 0);
    display.hang_x_mm = display.x_mm;
    display.hang_y_mm = display.y_mm;
    display.width_mm = table.number("width_mm", kSizeMm, 0, Need::required);
    display.height_mm = table.number("height_mm", kSizeMm, 0, Need::required);
    display.width_px = static_cast<uint32_t>(table.integer("width_px", kPixels, 1920));
    display.height_px = static_cast<uint32_t>(table.integer("height_px", kPixels, 1080));
    table.finish();
    return display;
}

/// `sound`: its numbers are its own; after a fault in it its place and size say nothing.
void check_display(const Wall& wall, const Display& display, bool sound, Place place,
                   Report& report) {
    for (const Display& other : wall.displays) {
        if (!display.name.empty() && other.name == display.name)
            report.add(fault::display_twice, place,
                       fmt::format("found display {} a second time; allowed: each name once",
                                   display.name));
        else if (sound && overlap(other, display))
            report.add(fault::displays_overlap, place,
                       fmt::format("found display {} over display {}; allowed: displays that do "
                                   "not overlap",
                                   display.name, other.name));
    }
    if (!sound) return;
    check_pixels(display, place, report);
    check_height(wall, display, place, report);
}

void read_displays(Table& table, Wall& wall, Report& report) {
    for (const Node* node : table.tables("display")) {
        const size_t before = report.count();
        const Display display = read_display(*node, report);
        check_display(wall, display, report.count() == before, node->place, report);
        wall.displays.push_back(display);
    }
    if (wall.displays.empty())
        report.add(fault::no_display, {}, "found no [[display]]; at least one is required");
}

void read_plugin_names(Table& table, Wall& wall, Report& report, const Known& known) {
    for (const Node* node : table.strings("plugins")) {
        const auto& name = node->text;
        if (std::count(wall.plugins.begin(), wall.plugins.end(), name))
            report.add(
                fault::plugin_twice, node->place,
                fmt::format("found plugin {} a second time; allowed: once", in_quotes(name)));
        else if (!known.plugin(name))
            report.add(fault::unknown_plugin, node->place,
                       fmt::format("found the unknown plugin {}; allowed: {}", in_quotes(name),
                                   allowed_words(known.plugin_names(), name)));
        else
            wall.plugins.push_back(name);
    }
}

}  // namespace

WallFile read_wall(const Node& root, Report& report, const Known& known) {
    WallFile file;
    Wall& wall = file.wall;
    Table table(report, root, "wall.toml");
    wall.title = table.text("title");
    wall.language = table.word("language", {"zh", "en"}, wall.language);
    const std::string bind = table.word("bind", {"windows", "displays"}, "windows");
    wall.bind = bind == "displays" ? Bind::displays : Bind::windows;
    wall.viewing_distance_mm =
        table.number("viewing_distance_mm", {500, 100000}, wall.viewing_distance_mm);
    wall.refresh_hz = table.number("refresh_hz", {1, 240}, wall.refresh_hz);
    wall.first_layout = table.name("first_layout", Need::required);
    file.first_layout_at = table.place_of("first_layout");
    wall.console_port =
        static_cast<uint32_t>(table.integer("console_port", {1, 65535}, wall.console_port));
    wall.utc_offset_minutes = static_cast<int32_t>(
        table.integer("utc_offset_minutes", kUtcOffsetMinutes, wall.utc_offset_minutes));
    wall.exercise = table.boolean("exercise", wall.exercise);
    if (const Node* node = table.find("restarts", Node::Kind::table, Need::optional)) {
        Table restarts(report, *node, "[restarts]");
        wall.restart_budget =
            static_cast<uint32_t>(restarts.integer("budget", {0, 1000}, wall.restart_budget));
        wall.restart_window_s =
            static_cast<uint32_t>(restarts.integer("window_s", {1, 86400}, wall.restart_window_s));
        restarts.finish();
    }
    read_plugin_names(table, wall, report, known);
    read_displays(table, wall, report);
    table.finish();
    return file;
}

}  // namespace bw::config
