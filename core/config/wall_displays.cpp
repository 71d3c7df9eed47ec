// SPDX-License-Identifier: Apache-2.0
// [[display]] of wall.toml: sizes as it hangs, frame, and the output it is bound to.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/config/wall_parts.h"

namespace bw::config {
namespace {

constexpr Range kPlaceMm{-100000, 100000};
constexpr Range kSizeMm{10, 100000};
constexpr Range kBezelMm{0, 500};
constexpr Range kPixels{64, 16384};
// Pixels are square to within this share, or a size was mistyped.
constexpr double kSquare = 0.05;
// A display less than this many strips high has no room for panes.
constexpr double kStripsHigh = 4;
constexpr double kSlackMm = 0.001;

struct Box {
    double left, top, right, bottom;
};

Box lit(const Display& d) {
    return {d.hang_x_mm, d.hang_y_mm, d.hang_x_mm + d.width_mm, d.hang_y_mm + d.height_mm};
}

Box framed(const Display& d) {
    const Box box = lit(d);
    return {box.left - d.bezel_mm.left, box.top - d.bezel_mm.top, box.right + d.bezel_mm.right,
            box.bottom + d.bezel_mm.bottom};
}

bool overlap(const Box& a, const Box& b) {
    return a.right > b.left + kSlackMm && b.right > a.left + kSlackMm &&
           a.bottom > b.top + kSlackMm && b.bottom > a.top + kSlackMm;
}

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

/// One monitor would fit both, and nothing says which of the two it is.
bool same_output(const Output& a, const Output& b) {
    if (a.empty() || b.empty()) return false;
    if (!same_word(a.maker, b.maker) || !same_word(a.model, b.model) ||
        !same_word(a.serial, b.serial))
        return false;
    return a.connector.empty() || b.connector.empty() || a.connector == b.connector;
}

void check_pixels(const Display& display, Place place, Report& report) {
    const double across = display.width_mm / display.width_px;
    const double down = display.height_mm / display.height_px;
    if (std::abs(across / down - 1) <= kSquare) return;
    const char* turned = display.rotation % 180 != 0 ? ", all as it hangs, turned" : "";
    report.add(
        fault::pixels_not_square, place,
        fmt::format("found pixels of {:.3f} by {:.3f} mm on display {}; allowed: square ones "
                    "(compare width_mm, height_mm with width_px, height_px{})",
                    across, down, display.name, turned));
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

uint32_t read_rotation(Table& table, Report& report) {
    const Node* node = table.find("rotation", Node::Kind::integer, Need::optional);
    if (!node) return 0;
    const int64_t degrees = node->integer;
    if (degrees == 0 || degrees == 90 || degrees == 180 || degrees == 270)
        return static_cast<uint32_t>(degrees);
    report.add(fault::bad_rotation, node->place,
               fmt::format("found {} as `rotation`; allowed: 0, 90, 180, 270 (degrees clockwise "
                           "that the monitor was turned)",
                           degrees));
    return 0;
}

/// One number for all sides, or a table of them.
Sides read_bezel(Table& table, Report& report) {
    const Node* node = table.find("bezel_mm");
    if (!node) return {};
    if (node->kind == Node::Kind::table) {
        Table sides(report, *node, "`bezel_mm`");
        const Sides bezel{sides.number("left", kBezelMm, 0), sides.number("top", kBezelMm, 0),
                          sides.number("right", kBezelMm, 0), sides.number("bottom", kBezelMm, 0)};
        sides.finish();
        return bezel;
    }
    if (node->kind != Node::Kind::integer && node->kind != Node::Kind::real) {
        report.add(fault::wrong_type, node->place,
                   fmt::format("found {} as `bezel_mm`; allowed: a number, or {{ left = …, top = "
                               "…, right = …, bottom = … }}",
                               name_of(node->kind)));
        return {};
    }
    const double all = table.number("bezel_mm", kBezelMm, 0);
    return {all, all, all, all};
}

void read_maker(Table& table, Output& output, Report& report) {
    output.maker = table.string("maker");
    const bool letters = std::all_of(output.maker.begin(), output.maker.end(),
                                     [](unsigned char c) { return std::isalpha(c) != 0; });
    if (output.maker.empty() || (output.maker.size() == 3 && letters)) return;
    report.add(fault::bad_maker, table.place_of("maker"),
               fmt::format("found {} as `maker`; allowed: the three letters of EDID, such as "
                           "\"DEL\" (`beaconwall doctor --displays` prints them)",
                           in_quotes(output.maker)));
}

Output read_output(Table& table, Report& report) {
    Output output;
    const Node* node = table.find("output", Node::Kind::table, Need::optional);
    if (!node) return output;
    Table keys(report, *node, "[display.output]");
    read_maker(keys, output, report);
    output.model = keys.string("model");
    output.serial = keys.string("serial");
    output.connector = keys.string("connector");
    keys.finish();
    return output;
}

Display read_display(const Node& node, Report& report) {
    Table table(report, node, "[[display]]");
    Display display;
    display.name = table.name("name", Need::required);
    display.rotation = read_rotation(table, report);
    display.hang_x_mm = display.x_mm = table.number("x_mm", kPlaceMm, 0);
    display.hang_y_mm = display.y_mm = table.number("y_mm", kPlaceMm, 0);
    display.width_mm = table.number("width_mm", kSizeMm, 0, Need::required);
    display.height_mm = table.number("height_mm", kSizeMm, 0, Need::required);
    const bool upright = display.rotation % 180 == 0;
    display.width_px =
        static_cast<uint32_t>(table.integer("width_px", kPixels, upright ? 1920 : 1080));
    display.height_px =
        static_cast<uint32_t>(table.integer("height_px", kPixels, upright ? 1080 : 1920));
    display.bezel_mm = read_bezel(table, report);
    display.output = read_output(table, report);
    table.finish();
    return display;
}

void check_beside(const Display& other, const Display& display, Place place, Report& report) {
    if (overlap(lit(other), lit(display)))
        return report.add(
            fault::displays_overlap, place,
            fmt::format("found display {} over display {}; allowed: displays that do not overlap",
                        display.name, other.name));
    for (const auto& [frame, under] : {std::pair(&display, &other), std::pair(&other, &display)})
        if (overlap(framed(*frame), lit(*under)))
            report.add(fault::bezel_over_display, place,
                       fmt::format("found the bezel of display {} over the lit area of display "
                                   "{}; allowed: bezels beside it (compare bezel_mm with the gap "
                                   "between the two)",
                                   frame->name, under->name));
}

/// `sound`: its numbers are its own; after a fault in it its place and size say nothing.
void check_display(const Wall& wall, const Display& display, bool sound, Place place,
                   Report& report) {
    for (const Display& other : wall.displays) {
        if (!display.name.empty() && other.name == display.name)
            report.add(fault::display_twice, place,
                       fmt::format("found display {} a second time; allowed: each name once",
                                   display.name));
        else if (sound)
            check_beside(other, display, place, report);
        if (same_output(other.output, display.output))
            report.add(fault::output_twice, place,
                       fmt::format("found the output of display {} that display {} has already; "
                                   "allowed: a serial or a connector that tells them apart",
                                   display.name, other.name));
    }
    if (!sound) return;
    check_pixels(display, place, report);
    check_height(wall, display, place, report);
}

}  // namespace

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

}  // namespace bw::config
