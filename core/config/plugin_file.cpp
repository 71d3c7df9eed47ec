// SPDX-License-Identifier: Apache-2.0
// plugin.toml, the manifest of a plugin folder
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/network.h"
#include "core/config/readers.h"

namespace bw::config {
namespace {

namespace fs = std::filesystem;
// Its sockets' names have to fit sun_path.
constexpr size_t kMaxNameBytes = 32;

/// A file of the plugin's own folder, named without any path.
fs::path read_file_name(Table& table, std::string_view key, const fs::path& folder,
                        Report& report) {
    const Node* node = table.find(key, Node::Kind::string, Need::optional);
    if (!node) return {};
    const fs::path name(node->text);
    if (name.empty() || name.has_parent_path() || node->text == "." || node->text == "..") {
        report.add(fault::not_a_file_name, node->place,
                   fmt::format("found {} as `{}`; allowed: the name of a file in this folder",
                               in_quotes(node->text), key));
        return {};
    }
    std::error_code error;
    return fs::absolute(folder / name, error);
}

void check_library(Table& table, const Plugin& plugin, Report& report) {
    std::error_code error;
    if (!plugin.library.empty() && !fs::is_regular_file(plugin.library, error))
        report.add(fault::no_library_file, table.place_of("library"),
                   fmt::format("found no file {}; allowed: a library that is there",
                               plugin.library.string()));
    if (plugin.library.empty() && !plugin.panels.empty() && !table.find("library"))
        report.add(fault::panels_without_library, table.place_of("panel"),
                   "found [[panel]] without `library`; a library is required for panels");
}

void check_service(Table& table, const Plugin& plugin, Report& report) {
    if (plugin.service.empty()) return;
    std::error_code error;
    if (fs::is_regular_file(plugin.service, error) && ::access(plugin.service.c_str(), X_OK) == 0)
        return;
    report.add(fault::no_service_file, table.place_of("service"),
               fmt::format("found no executable file {}; allowed: a program that is there",
                           plugin.service.string()));
}

}  // namespace

/// Words of a-z, 0-9, '_' and '-', joined by dots.
bool is_type(std::string_view text) {
    if (text.empty() || text.size() > 128 || text.front() == '.') return false;
    if (text.find("..") != std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-' || c == '/';
    });
}

namespace {

std::vector<std::string> read_each(Table& table, std::string_view key, fault::Number number,
                                   bool (*good)(const std::string&), const char* allowed,
                                   Report& report) {
    std::vector<std::string> out;
    for (const Node* node : table.strings(key)) {
        if (good(node->text))
            out.push_back(node->text);
        else
            report.add(
                number, node->place,
                fmt::format("found {} in `{}`; allowed: {}", in_quotes(node->text), key, allowed));
    }
    return out;
}

std::vector<std::string> read_types(Table& table, std::string_view key, Report& report) {
    return read_each(
        table, key, fault::bad_type, [](const std::string& text) { return is_type(text); },
        "an event type or its beginning, such as \"beaconwall.flood.\" (a-z, 0-9, '.', '_', '-')",
        report);
}

/// Those of core/abi/beaconwall/panel.h, which this folder does not know: tests/config compares.
bool is_extension(const std::string& id) {
    constexpr const char* kAll[] = {
        "beaconwall.log/1",    "beaconwall.events/1",   "beaconwall.clock/1",   "beaconwall.view/1",
        "beaconwall.glyphs/1", "beaconwall.keepouts/1", "beaconwall.textures/1"};
    return std::find(std::begin(kAll), std::end(kAll), id) != std::end(kAll);
}

bool is_outside_path(const std::string& text) {
    const fs::path path(text);
    if (!path.is_absolute() || path != path.lexically_normal()) return false;
    for (const char* system : {"/", "/etc", "/proc", "/sys", "/root", "/boot", "/run", "/home"})
        if (text == system) return false;
    return true;
}

/// What the plugin is allowed besides, and what it needs.
void read_permissions(Table& table, Plugin& plugin, Report& report) {
    plugin.extensions =
        read_each(table, "extensions", fault::bad_extension, is_extension,
                  "an extension of this host, such as \"beaconwall.glyphs/1\"", report);
    plugin.network = read_each(
        table, "network", fault::bad_network,
        [](const std::string& text) { return base::NetworkRule::parse(text).has_value(); },
        "\"ADDRESS:PORT\", such as \"192.0.2.0/24:502\", \"localhost:1883\" or \"*:6004\"", report);
    plugin.files =
        read_each(table, "files", fault::bad_file, is_outside_path,
                  "the absolute path of a device or folder, none of the system's own", report);
    plugin.licence = table.string("licence");
    if (plugin.service.empty() && !(plugin.network.empty() && plugin.files.empty()))
        report.add(fault::permission_without_service,
                   table.place_of(plugin.network.empty() ? "files" : "network"),
                   "found permissions of a service without `service`; allowed: none, panels have "
                   "neither network nor files");
}

void read_panels(Table& table, Plugin& plugin, Report& report) {
    for (const Node* node : table.tables("panel")) {
        Table entry(report, *node, "[[panel]]");
        Plugin::Panel panel;
        panel.id = entry.name("id", Need::required, kMaxNameBytes);
        panel.title = entry.text("title");
        panel.commands = read_types(entry, "commands", report);
        entry.finish();
        const bool twice =
            std::any_of(plugin.panels.begin(), plugin.panels.end(),
                        [&](const Plugin::Panel& other) { return other.id == panel.id; });
        if (twice && !panel.id.empty())
            report.add(
                fault::panel_twice, node->place,
                fmt::format("found panel {} a second time; allowed: each id once", panel.id));
        plugin.panels.push_back(std::move(panel));
    }
}

Plugin read_manifest(const Node& root, const fs::path& folder, Report& report) {
    Plugin plugin;
    plugin.folder = folder;
    Table table(report, root, "plugin.toml");
    plugin.name = table.name("name", Need::required, kMaxNameBytes);
    if (!plugin.name.empty() && plugin.name != folder.filename())
        report.add(fault::plugin_name, table.place_of("name"),
                   fmt::format("found the name {} in folder {}; allowed: the folder's name",
                               in_quotes(plugin.name), in_quotes(folder.filename().string())));
    plugin.version = table.string("version");
    plugin.vendor = table.string("vendor");
    plugin.title = table.text("title");
    plugin.library = read_file_name(table, "library", folder, report);
    plugin.service = read_file_name(table, "service", folder, report);
    plugin.publishes = read_types(table, "publishes", report);
    plugin.subscribes = read_types(table, "subscribes", report);
    plugin.owns = read_types(table, "owns", report);
    read_permissions(table, plugin, report);
    read_panels(table, plugin, report);
    check_library(table, plugin, report);
    check_service(table, plugin, report);
    if (!table.find("library") && !table.find("service"))
        report.add(fault::empty_plugin, {},
                   "found neither `library` nor `service`; at least one is required");
    table.finish();
    return plugin;
}

}  // namespace

std::optional<Plugin> read_plugin(const fs::path& folder, std::vector<Fault>& faults) {
    const size_t before = faults.size();
    Report report(faults, (folder / "plugin.toml").string());
    const auto root = read_toml(folder / "plugin.toml", report, IfAbsent::fault);
    if (!root) return std::nullopt;
    Plugin plugin = read_manifest(*root, folder, report);
    read_schemas(plugin, faults);
    if (faults.size() != before) return std::nullopt;
    return plugin;
}

Loaded<std::vector<Plugin>> find_plugins(const std::vector<fs::path>& folders) {
    Loaded<std::vector<Plugin>> loaded;
    std::vector<std::string> seen;
    for (const fs::path& parent : folders) {
        std::vector<fs::path> found;
        std::error_code error;
        for (fs::directory_iterator at(parent, error), end; !error && at != end;
             at.increment(error))
            if (fs::exists(at->path() / "plugin.toml", error)) found.push_back(at->path());
        std::sort(found.begin(), found.end());
        for (const fs::path& folder : found) {
            const std::string name = folder.filename().string();
            if (std::count(seen.begin(), seen.end(), name)) continue;  // the first match wins
            seen.push_back(name);
            if (auto plugin = read_plugin(folder, loaded.faults))
                loaded.value.push_back(std::move(*plugin));
        }
    }
    return loaded;
}

}  // namespace bw::config
