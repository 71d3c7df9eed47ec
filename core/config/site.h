// SPDX-License-Identifier: Apache-2.0
// A site folder as plain structs. Reading one never stops at the first fault: all are collected,
// numbered, with file, line and column. Lengths are millimetres, times milliseconds unless the name
// says otherwise.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/rules.h"
#include "core/config/text.h"

namespace bw::schema {
class Schema;
}

namespace bw::config {

using SchemaPtr = std::shared_ptr<const schema::Schema>;

struct Fault {
    int number = 0;                 // 1203 prints as BW1203; listed in docs/faults.md
    std::string file;               // relative to the site folder
    uint32_t line = 0, column = 0;  // 1-based; 0: the file as a whole
    std::string text;               // what was found, what is allowed
    bool operator==(const Fault&) const = default;
};
/// "wall.toml:12:3: BW1203: found …; allowed: …"
std::string to_string(const Fault& fault);

/// How a monitor names itself (EDID) and where it is plugged in. An empty part is not asked for;
/// all empty: any output will do.
struct Output {
    std::string maker;      // three letters of the PNP registry, "DEL"
    std::string model;      // EDID monitor name (descriptor 0xFC), or the product code as "0x1A2B"
    std::string serial;     // EDID serial text (descriptor 0xFF), or the serial number in decimal
    std::string connector;  // "DP-1"; counts where the identity says nothing
    [[nodiscard]] bool empty() const {
        return maker.empty() && model.empty() && serial.empty() && connector.empty();
    }
    bool operator==(const Output&) const = default;
};

struct Sides {
    double left = 0, top = 0, right = 0, bottom = 0;
    bool operator==(const Sides&) const = default;
};

/// Sizes are as it hangs: a monitor of 1920x1080 turned by 90 degrees is 1080 wide and 1920 high.
struct Display {
    std::string name;
    // Of the lit area, on the canvas: as it hangs, or closed up where the wall has no bezel
    // compensation.
    double x_mm = 0, y_mm = 0, width_mm = 0, height_mm = 0;
    uint32_t width_px = 1920, height_px = 1080;
    double hang_x_mm = 0, hang_y_mm = 0;  // of the lit area, as it hangs
    uint32_t rotation = 0;  // degrees clockwise that the monitor was turned: 0, 90, 180, 270
    Sides bezel_mm = {};    // frame around the lit area
    Output output = {};
    bool operator==(const Display&) const = default;
};

/// A named part of the wall: some of its displays.
struct Zone {
    std::string name;
    Text title;
    std::vector<std::string> displays;
    bool operator==(const Zone&) const = default;
};

enum class Bind { windows, displays };

/// The wall strip along the bottom of each display, in logical units; the compositor draws it and
/// no grid covers it.
inline constexpr int kStripUnits = 40;

/// How other machines reach the hub ([hub] of wall.toml).
struct Hub {
    std::string listen;  // "tcp://192.0.2.1:8781"; empty: not at all
    // What one of them may send; twice that at once.
    uint32_t messages_per_s = 1000, kib_per_s = 4096;
    bool operator==(const Hub&) const = default;
};

/// How long the hub's journal keeps what.
struct Journal {
    uint32_t keep_days = 90;             // events and commands
    uint32_t max_mib = 4096;             // of its file
    uint32_t telemetry_full_h = 24;      // every reading; then one per subject and minute
    uint32_t telemetry_minute_days = 7;  // until it is this old; then one per hour
    uint32_t telemetry_hour_days = 90;   // until it is this old
    bool operator==(const Journal&) const = default;
};

struct Wall {
    Text title;
    std::string language = "zh";  // "zh" or "en"
    Bind bind = Bind::windows;
    double viewing_distance_mm = 6000;  // of the farthest reader
    double refresh_hz = 60;
    std::string first_layout;
    std::vector<std::string> plugins;  // services to run even if no layout shows a panel of theirs
    uint32_t restart_budget = 5, restart_window_s = 60;     // for plugins
    uint32_t media_processes = 2, media_memory_mib = 1024;  // memory: of each
    uint32_t console_port = 8780;
    Hub hub;
    int32_t utc_offset_minutes = 480;  // of the hall's clock: every time on the wall is in it
    Journal journal;
    bool exercise = false;  // draws the exercise band on every tile
    // On: the canvas is the wall as it hangs, and a picture goes on behind the bezels. Off: the
    // canvas is the lit areas closed up, and no part of a picture is hidden.
    bool bezel_compensation = true;
    std::vector<Display> displays;
    std::vector<Zone> zones;
    bool operator==(const Wall&) const = default;
};

/// Millimetres of one logical unit: one minute of arc at the farthest reader.
double unit_mm(const Wall& wall);
/// Pixels of one logical unit on that display.
double pixels_per_unit(const Wall& wall, const Display& display);

/// One track of a grid: a share of what is left, or a fixed length; "minmax(300mm, 1fr)" is never
/// less than its minimum.
struct Track {
    double value = 1;
    enum class Unit { fraction, millimetres } unit = Unit::fraction;
    double minimum_mm = 0;
    bool operator==(const Track&) const = default;
};

struct Grid {
    std::string display;  // what it lies on; empty, and no zone: the whole wall
    std::vector<Track> columns, rows;
    double gap_mm = 0, margin_mm = 0;
    std::vector<std::vector<std::string>> areas;  // rows of pane ids; "." is empty
    std::string zone = {};                        // what it lies on, instead of a display
    bool operator==(const Grid&) const = default;
};

/// How a picture fills its pane. `fit`: whole, with bars; `fill`: stretched; `crop`: cut at two
/// sides, where the focus point stays in sight.
enum class Aspect { fit, fill, crop };

/// Picks sources; an empty part matches all.
struct Query {
    std::string kind, town, owner;
    std::string id_prefix;  // "camera/FF-"
    bool operator==(const Query&) const = default;
};

/// A pane that shows every source of a query in equal cells, page by page when there are more.
struct SourceGrid {
    Query query;
    uint32_t columns = 1, rows = 1;
    uint32_t page_s = 12;
    bool operator==(const SourceGrid&) const = default;
};

struct Pane {
    std::string id;
    std::string shows;  // "PLUGIN/PANEL", "camera/ID", or "sources" with a grid
    Text title;
    bool caption = true;
    int z = 0;
    std::string settings = "{}";          // JSON
    Aspect aspect = Aspect::fit;          // of a source
    double focus_x = 0.5, focus_y = 0.5;  // of a crop, shares of the picture
    double margin_mm = 0;
    std::optional<SourceGrid> sources = {};
    bool operator==(const Pane&) const = default;
};

/// How one scene follows another. `push`: the new one moves in from the right.
struct Transition {
    enum class Kind { cut, fade, push } kind = Kind::cut;
    uint32_t duration_ms = 0;
    bool operator==(const Transition&) const = default;
};

struct Layout {
    std::string name;  // the file's stem
    Text title;
    std::string key;  // "F1" … "F12", or empty
    std::vector<Grid> grids;
    std::vector<Pane> panes;     // each pane id stands in exactly one grid's areas
    Transition transition = {};  // unless a take says otherwise
    bool operator==(const Layout&) const = default;
};

struct Camera {
    std::string id;  // "camera/FF-001"
    Text name;
    std::string kind, place;
    std::string main_uri, sub_uri;  // rtsp://…, file:///…; empty: its address comes from a service
    std::string owner;              // the service that may give its address; empty: nobody
    std::optional<double> longitude, latitude;  // WGS84 degrees
    std::string town = {};
    double frozen_after_s = 30;  // without a movement until it is called frozen; 0: never
    // Parts of the picture where movement is no life (a clock): x, y, width, height in shares.
    std::optional<std::vector<std::array<double, 4>>> masks = {};  // nothing: the usual ones
    bool standby = false;  // received also while nobody looks, so that a take finds it running
    std::vector<std::string> groups = {};  // names that roles are limited by
    bool operator==(const Camera&) const = default;
};

struct Secret {
    std::string user, password;
};

/// What a role may do, and where: every named action, on the displays of `zones` alone, with
/// sources of `groups` alone; none named: everywhere, with all.
struct Capability {
    std::vector<std::string> actions;  // core/config/actions.h; "plugin.*" with everything below
    std::vector<std::string> zones;    // names of zones or displays
    std::vector<std::string> groups;
    bool operator==(const Capability&) const = default;
};

/// A set of capabilities that operators have.
struct Role {
    std::string name;
    Text title;
    std::vector<Capability> may;
    bool operator==(const Role&) const = default;
};

struct Site {
    std::filesystem::path folder;
    std::string name;  // the folder's name
    Wall wall;
    std::vector<Layout> layouts;  // in the order of their keys, then names
    std::vector<Camera> cameras;
    std::vector<Role> roles;  // the site's own, of roles.toml
    Rules rules;
    bool has_rules = false;  // there is a rules.toml
    [[nodiscard]] const Layout* layout(std::string_view layout_name) const;
    [[nodiscard]] const Layout& first_layout() const;  // of a site without faults
};

/// What plugin.toml says. Panels and services are optional.
struct Plugin {
    std::string name;  // the folder's name
    std::string version, vendor;
    Text title;
    std::filesystem::path folder;
    std::filesystem::path library;  // absolute; empty: no panels
    std::filesystem::path service;  // absolute; empty: no service
    struct Panel {
        std::string id;
        Text title;
        std::vector<std::string> commands;
        SchemaPtr settings = {};  // of a pane that shows it; null: not checked
    };
    std::vector<Panel> panels;
    std::vector<std::string> publishes, subscribes, owns;  // event type prefixes; record types
    std::vector<std::string> extensions;  // of the host that its panels cannot do without
    std::vector<std::string> network;     // where its service may connect to (core/base/network.h)
    std::vector<std::string> files;       // what its service may open besides its own, absolute
    std::string licence;                  // SPDX expression
    std::map<std::string, SchemaPtr> schemas = {};  // of its event types, those that have one
};

template <class T>
struct Loaded {
    T value;
    std::vector<Fault> faults;
    [[nodiscard]] bool ok() const { return faults.empty(); }
};

/// Reads and checks a whole site, each pane against `plugins`.
Loaded<Site> load_site(const std::filesystem::path& folder, const std::vector<Plugin>& plugins);
/// Reads secrets.toml (camera id → credentials). A file that others may read is a fault. Absent:
/// empty.
Loaded<std::map<std::string, Secret>> load_secrets(const std::filesystem::path& folder);
/// Every plugin under the folders of base::plugin_folders(); a faulty manifest is a fault and its
/// plugin is left out.
Loaded<std::vector<Plugin>> find_plugins(const std::vector<std::filesystem::path>& folders);

/// The supervisor's orders for a site without faults (`beaconwall check --plan`), as JSON; see
/// docs/architecture.md.
std::string make_plan(const Site& site, const std::vector<Plugin>& plugins);

}  // namespace bw::config
