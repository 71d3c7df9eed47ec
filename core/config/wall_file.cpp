// SPDX-License-Identifier: Apache-2.0
// wall.toml
#include <fmt/core.h>

#include <algorithm>

#include "core/config/close_up.h"
#include "core/config/readers.h"
#include "core/config/wall_parts.h"

namespace bw::config {
namespace {

// The zones there are: UTC-12 to UTC+14, and both signs alike.
constexpr Range kUtcOffsetMinutes{-840, 840};

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

void read_media(Table& table, Wall& wall, Report& report) {
    const Node* node = table.find("media", Node::Kind::table, Need::optional);
    if (node == nullptr) return;
    Table media(report, *node, "[media]");
    wall.media_processes =
        static_cast<uint32_t>(media.integer("processes", {1, 16}, wall.media_processes));
    wall.media_memory_mib =
        static_cast<uint32_t>(media.integer("memory_mib", {4, 65536}, wall.media_memory_mib));
    media.finish();
}

void read_journal(Table& table, Wall& wall, Report& report) {
    const Node* node = table.find("journal", Node::Kind::table, Need::optional);
    if (node == nullptr) return;
    Table journal(report, *node, "[journal]");
    const auto read = [&journal](const char* key, Range range, uint32_t& value) {
        value = static_cast<uint32_t>(journal.integer(key, range, value));
    };
    Journal& to = wall.journal;
    read("keep_days", {1, 3650}, to.keep_days);
    read("max_mib", {64, 1048576}, to.max_mib);
    read("telemetry_full_h", {1, 8760}, to.telemetry_full_h);
    read("telemetry_minute_days", {1, 3650}, to.telemetry_minute_days);
    read("telemetry_hour_days", {1, 3650}, to.telemetry_hour_days);
    if (to.telemetry_full_h > to.telemetry_minute_days * 24 ||
        to.telemetry_minute_days > to.telemetry_hour_days)
        report.add(
            fault::journal_ages, node->place,
            fmt::format("found every reading for {} h, then one per minute until {} days, "
                        "then one per hour until {} days; allowed: each at least as long as "
                        "the one before",
                        to.telemetry_full_h, to.telemetry_minute_days, to.telemetry_hour_days));
    journal.finish();
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
    read_media(table, wall, report);
    read_hub(table, wall.hub, report);
    read_journal(table, wall, report);
    read_plugin_names(table, wall, report, known);
    wall.bezel_compensation = table.boolean("bezel_compensation", wall.bezel_compensation);
    read_displays(table, wall, report);
    read_zones(table, wall, report);
    if (!wall.bezel_compensation) close_up(wall.displays);
    table.finish();
    return file;
}

}  // namespace bw::config
