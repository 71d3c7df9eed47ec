// SPDX-License-Identifier: Apache-2.0
// A whole site: reads every file, then checks what crosses files.
#include "core/config/site.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <tuple>

#include "core/base/ids.h"
#include "core/config/readers.h"

namespace bw::config {
namespace {

namespace fs = std::filesystem;

struct Loader {
    Loaded<Site> loaded{};
    Known known{};
    std::vector<LayoutFile> layouts{};
    std::vector<std::string> layout_names{};  // also of files with broken syntax
    Place first_layout_at{};
    bool wall_read = false;

    void wall();
    void cameras();
    void secrets();
    void roles();
    void rules();
    void layout_files();
    void one_layout(const fs::path& path);
    void keys();
    void first_layout();
    void order_layouts();
    void finish();
};

void Loader::wall() {
    Site& site = loaded.value;
    Report report(loaded.faults, "wall.toml");
    const auto root = read_toml(site.folder / "wall.toml", report, IfAbsent::fault);
    if (!root) return;
    WallFile file = read_wall(*root, report, known);
    site.wall = std::move(file.wall);
    first_layout_at = file.first_layout_at;
    wall_read = true;
    known.wall = &site.wall;
    known.displays.emplace();
    for (const Display& display : site.wall.displays) known.displays->push_back(display.name);
    // A display without a name could be any.
    if (std::count(known.displays->begin(), known.displays->end(), "")) known.displays.reset();
}

void Loader::cameras() {
    Site& site = loaded.value;
    Report report(loaded.faults, "cameras.toml");
    const size_t before = loaded.faults.size();
    const auto root = read_toml(site.folder / "cameras.toml", report, IfAbsent::nothing);
    if (root) site.cameras = read_cameras(*root, report, known);
    if (!root && loaded.faults.size() != before) return;  // cannot be read: names not checked
    known.cameras.emplace();
    known.groups.emplace();
    for (const Camera& camera : site.cameras) {
        known.cameras->push_back(camera.id);
        for (const std::string& group : camera.groups)
            if (!std::count(known.groups->begin(), known.groups->end(), group))
                known.groups->push_back(group);
    }
}

void Loader::secrets() {
    Report report(loaded.faults, "secrets.toml");
    const SecretFile file = read_secrets(loaded.value.folder, report);
    if (!known.cameras) return;
    for (const auto& [id, place] : file.places)
        if (!std::count(known.cameras->begin(), known.cameras->end(), id))
            report.add(fault::secret_without_camera, place,
                       fmt::format("found credentials for {}; allowed: {}", id,
                                   allowed_words(*known.cameras, id)));
}

void Loader::roles() {
    Report report(loaded.faults, "roles.toml");
    if (const auto root = read_toml(loaded.value.folder / "roles.toml", report, IfAbsent::nothing))
        loaded.value.roles = read_roles(*root, report, known);
}

/// Last of all: they name layouts, panes, cameras and roles.
void Loader::rules() {
    Site& site = loaded.value;
    Report report(loaded.faults, "rules.toml");
    std::error_code none;
    site.has_rules = fs::exists(site.folder / "rules.toml", none);
    const bool all = site.layouts.size() == layout_names.size();
    if (const auto root = read_toml(site.folder / "rules.toml", report, IfAbsent::nothing))
        site.rules = read_rules(*root, report, known, {site, layout_names, all});
}

void Loader::one_layout(const fs::path& path) {
    const std::string name = path.stem().string();
    Report report(loaded.faults, "layouts/" + path.filename().string());
    if (!base::is_safe_name(name)) {
        report.add(fault::unsafe_name, {},
                   fmt::format("found the layout name {}; allowed: letters A-Z a-z, digits, '-', "
                               "'_', '.', 1 to 64 of them",
                               in_quotes(name)));
        return;
    }
    layout_names.push_back(name);
    if (const auto root = read_toml(path, report, IfAbsent::fault))
        layouts.push_back(read_layout(*root, name, report, known));
}

void Loader::layout_files() {
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::directory_iterator at(loaded.value.folder / "layouts", error), end;
         !error && at != end; at.increment(error)) {
        const fs::path& path = at->path();
        if (path.extension() == ".toml" && path.filename().string()[0] != '.')
            paths.push_back(path);
    }
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths) one_layout(path);
    if (paths.empty())
        loaded.faults.push_back({fault::no_layout, "layouts", 0, 0,
                                 "found no layouts/NAME.toml; at least one is required"});
}

void Loader::keys() {
    std::map<std::string, std::string> taken;  // key → file
    for (const LayoutFile& each : layouts) {
        if (each.layout.key.empty()) continue;
        const auto [at, fresh] = taken.emplace(each.layout.key, each.file);
        if (fresh) continue;
        Report report(loaded.faults, each.file);
        report.add(fault::key_twice, each.key_at,
                   fmt::format("found key {}, which {} has already; allowed: each key once",
                               each.layout.key, at->second));
    }
}

void Loader::first_layout() {
    const std::string& wanted = loaded.value.wall.first_layout;
    if (!wall_read || wanted.empty() || layout_names.empty()) return;  // told already
    if (std::count(layout_names.begin(), layout_names.end(), wanted)) return;
    Report report(loaded.faults, "wall.toml");
    report.add(fault::no_first_layout, first_layout_at,
               fmt::format("found the unknown layout {} as `first_layout`; allowed: {}",
                           in_quotes(wanted), allowed_words(layout_names, wanted)));
}

/// F2 before F10, layouts without a key last.
int key_rank(const Layout& layout) {
    return layout.key.empty() ? 99 : std::stoi(layout.key.substr(1));
}

void Loader::order_layouts() {
    auto& out = loaded.value.layouts;
    for (LayoutFile& each : layouts) out.push_back(std::move(each.layout));
    std::stable_sort(out.begin(), out.end(), [](const Layout& a, const Layout& b) {
        return std::pair(key_rank(a), a.name) < std::pair(key_rank(b), b.name);
    });
}

void Loader::finish() {
    std::stable_sort(loaded.faults.begin(), loaded.faults.end(),
                     [](const Fault& a, const Fault& b) {
                         return std::tie(a.file, a.line, a.column, a.number) <
                                std::tie(b.file, b.line, b.column, b.number);
                     });
}

}  // namespace

std::string to_string(const Fault& fault) {
    std::string place = fault.file;
    if (fault.line) place += fmt::format(":{}:{}", fault.line, fault.column);
    return fmt::format("{}: BW{}: {}", place, fault.number, fault.text);
}

double unit_mm(const Wall& wall) {
    return wall.viewing_distance_mm * std::tan(std::numbers::pi / 180 / 60);
}

double pixels_per_unit(const Wall& wall, const Display& display) {
    return unit_mm(wall) * display.width_px / display.width_mm;
}

const Layout* Site::layout(std::string_view layout_name) const {
    for (const Layout& each : layouts)
        if (each.name == layout_name) return &each;
    return nullptr;
}

const Layout& Site::first_layout() const {
    const Layout* first = layout(wall.first_layout);
    return first ? *first : layouts.front();
}

const Plugin* Known::plugin(std::string_view name) const {
    for (const Plugin& each : *plugins)
        if (each.name == name) return &each;
    return nullptr;
}

std::vector<std::string> Known::plugin_names() const {
    std::vector<std::string> names;
    for (const Plugin& each : *plugins) names.push_back(each.name);
    return names;
}

std::vector<std::string> Known::panel_names() const {
    std::vector<std::string> names;
    for (const Plugin& each : *plugins)
        for (const Plugin::Panel& panel : each.panels) names.push_back(each.name + "/" + panel.id);
    return names;
}

const Plugin::Panel* Known::panel(std::string_view shows) const {
    for (const Plugin& each : *plugins)
        for (const Plugin::Panel& panel : each.panels)
            if (each.name + "/" + panel.id == shows) return &panel;
    return nullptr;
}

Loaded<Site> load_site(const fs::path& folder, const std::vector<Plugin>& plugins) {
    Loader loader;
    loader.known.plugins = &plugins;
    std::error_code error;
    Site& site = loader.loaded.value;
    site.folder = fs::canonical(folder, error);
    if (error || !fs::is_directory(site.folder, error)) {
        loader.loaded.faults.push_back(
            {fault::no_site, folder.string(), 0, 0,
             "found no folder here; allowed: a site folder such as layouts/demo"});
        return std::move(loader.loaded);
    }
    if (!is_utf8(site.folder.string())) {
        loader.loaded.faults.push_back(
            {fault::no_site, folder.filename().string(), 0, 0,
             "found a folder whose path is no UTF-8; allowed: a path that is"});
        return std::move(loader.loaded);
    }
    site.name = site.folder.filename().string();
    loader.wall();
    loader.cameras();
    loader.secrets();
    loader.roles();
    loader.layout_files();
    loader.keys();
    loader.first_layout();
    loader.order_layouts();
    loader.rules();
    loader.finish();
    return std::move(loader.loaded);
}

}  // namespace bw::config
