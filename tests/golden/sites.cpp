// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/sites.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

#include "core/base/clock.h"
#include "core/base/paths.h"
#include "tests/golden/clock.h"

namespace bw::golden {

namespace {

// Walls of more pixels are kept at a quarter of their size, others at a half.
constexpr double kLargeWall = 8e6;

std::filesystem::path source() {
    const char* from = std::getenv("BEACONWALL_SOURCE");
    return from != nullptr ? from : ".";
}

std::vector<events::Event> recorded(const std::string& site) {
    std::vector<events::Event> out;
    std::ifstream file(source() / "tests/golden/events" / (site + ".jsonl"));
    for (std::string line; std::getline(file, line);) {
        auto event = events::parse_event(line);
        EXPECT_TRUE(event.ok()) << line;
        if (event.ok()) out.push_back(std::move(*event));
    }
    return out;
}

ShippedSite load(const std::string& name) {
    ShippedSite out;
    auto plugins = config::find_plugins(base::plugin_folders());
    EXPECT_FALSE(plugins.value.empty()) << "no plugins are built";
    out.plugins = std::move(plugins.value);
    auto site = config::load_site(source() / "layouts" / name, out.plugins);
    for (const auto& fault : site.faults) ADD_FAILURE() << name << "/" << config::to_string(fault);
    out.site = std::move(site.value);
    // A site without a recording of its own plays the demo's exercise, if it has data to play.
    out.events = recorded(name);
    if (out.events.empty() && std::filesystem::exists(source() / "layouts" / name / "data"))
        out.events = recorded("demo");
    double pixels = 0;
    for (const config::Display& d : out.site.wall.displays)
        pixels += static_cast<double>(d.width_px) * d.height_px;
    out.shrink = pixels > kLargeWall ? 4 : 2;
    return out;
}

int64_t end_of(const std::vector<events::Event>& events) {
    int64_t out = 0;
    for (const events::Event& event : events)
        out = std::max(out, base::parse_rfc3339(event.time).value_or(0));
    return out != 0 ? out : kWallNs;
}

}  // namespace

std::vector<std::string> shipped_sites() {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(source() / "layouts")) {
        if (std::filesystem::exists(entry.path() / "wall.toml"))
            out.push_back(entry.path().filename().string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

const ShippedSite& shipped_site(const std::string& name) {
    static std::map<std::string, ShippedSite> sites;
    auto found = sites.find(name);
    if (found == sites.end()) found = sites.emplace(name, load(name)).first;
    return found->second;
}

std::string picture_name(const ShippedSite& shipped, const config::Layout& layout,
                         const config::Display& display) {
    return shipped.site.name + "/" + layout.name + "." + display.name;
}

std::unique_ptr<Rig> rig_for(const ShippedSite& shipped, const Rig::SpoilGlyphs& spoil) {
    set_wall_clock(end_of(shipped.events));
    auto rig = std::make_unique<Rig>(shipped.site.wall, spoil);
    for (const config::Camera& camera : shipped.site.cameras)
        rig->context().sources[camera.id] = {camera.name, camera.place};
    for (const config::Plugin& plugin : shipped.plugins) rig->play(plugin, shipped.events);
    rig->show_sources();
    return rig;
}

}  // namespace bw::golden
