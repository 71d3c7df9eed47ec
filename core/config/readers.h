// SPDX-License-Identifier: Apache-2.0
// One reader per file kind. Each reads what it can and reports the rest; load_site() puts them
// together.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config/reader.h"

namespace bw::config {

/// What a file needs to know of the others. Nothing: that file could not be read, so names in it
/// are not checked (one fault, not a hundred).
struct Known {
    const std::vector<Plugin>* plugins = nullptr;
    std::optional<std::vector<std::string>> displays;
    std::optional<std::vector<std::string>> cameras;  // "camera/FF-001"
    std::optional<std::vector<std::string>> groups;   // of cameras
    const Wall* wall = nullptr;
    [[nodiscard]] const Plugin* plugin(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> plugin_names() const;
    /// "flood_gauges/board", …
    [[nodiscard]] std::vector<std::string> panel_names() const;
    /// Of "flood_gauges/board"; null: there is none.
    [[nodiscard]] const Plugin::Panel* panel(std::string_view shows) const;
};

struct WallFile {
    Wall wall;
    Place first_layout_at;
};
WallFile read_wall(const Node& root, Report& report, const Known& known);

struct LayoutFile {
    Layout layout;
    std::string file;
    Place key_at;
};
LayoutFile read_layout(const Node& root, std::string name, Report& report, const Known& known);
/// The grids' areas against the panes. `pane_places` as the panes.
void check_areas(const Layout& layout, const std::vector<const Node*>& grid_nodes,
                 const std::vector<Place>& pane_places, Report& report);
/// Fixed tracks, gaps, margins and the strip leave room for every fraction.
void check_fit(const Grid& grid, Place place, Report& report, const Known& known);
std::optional<Track> parse_track(std::string_view text);

std::vector<Camera> read_cameras(const Node& root, Report& report, const Known& known);
/// The owner of a source is a plugin with a service; empty: nobody.
void check_owner(const std::string& owner, Place place, Report& report, const Known& known);
/// False after a fault. Never quotes a URI that may hold a password.
bool check_uri(const Node& uri, std::string_view key, Report& report);

std::vector<Role> read_roles(const Node& root, Report& report, const Known& known);

/// What rules name.
struct KnownToRules {
    const Site& site;                              // with its layouts and roles
    const std::vector<std::string>& layout_names;  // also of those that cannot be read
    bool layouts_read;                             // all of them: else panes are not checked
};
Rules read_rules(const Node& root, Report& report, const Known& known, const KnownToRules& there);
RuleWhen read_rule_when(const Node& node, Report& report, const Known& known);
std::optional<RuleArea> read_rule_area(Table& when, Report& report, const Known& known);
/// Milliseconds of "90s", "2h"; `fallback` when it is not there, or after a fault.
int64_t read_duration(Table& table, std::string_view key, int64_t fallback, Report& report);
/// One of the two is the other, or a beginning of it that ends in '.'.
bool types_meet(std::string_view asked, std::string_view published);
/// Events of that type, or of some that begin so, may be published by somebody. Adds a fault.
void check_rule_type(const std::string& type, Place place, Report& report, const Known& known);
/// 1 to 4, or blue, yellow, orange, red; 0 when it is not there, or after a fault.
int read_level(Table& table, std::string_view key);

struct SecretFile {
    std::map<std::string, Secret> secrets;
    std::map<std::string, Place> places;
};
SecretFile read_secrets(const std::filesystem::path& folder, Report& report);

/// Of a plugin whose manifest has been read: its folder's schemas/.
void read_schemas(Plugin& plugin, std::vector<Fault>& faults);
/// An event type or the beginning of one.
bool is_type(std::string_view text);
std::optional<Plugin> read_plugin(const std::filesystem::path& folder, std::vector<Fault>& faults);

/// JSON text of a table of settings; adds a fault for a date, which JSON cannot say.
std::string to_json(const Node& node, Report& report);

/// What is not cannot be told to other processes.
bool is_utf8(const std::string& text);

}  // namespace bw::config
