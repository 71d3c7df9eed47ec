// SPDX-License-Identifier: Apache-2.0
// What leaves this folder as JSON: pane settings and the supervisor's plan.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/config/readers.h"

namespace bw::config {
namespace {

using json = nlohmann::json;

json convert(const Node& node, Report& report) {
    switch (node.kind) {
        case Node::Kind::table: {
            json object = json::object();
            for (const auto& member : node.members)
                object[member.key] = convert(member.value, report);
            return object;
        }
        case Node::Kind::array: {
            json list = json::array();
            for (const Node& item : node.items) list.push_back(convert(item, report));
            return list;
        }
        case Node::Kind::string:
            return node.text;
        case Node::Kind::integer:
            return node.integer;
        case Node::Kind::real:
            return node.number;
        case Node::Kind::boolean:
            return node.boolean;
        case Node::Kind::date:
            break;
    }
    report.add(fault::wrong_type, node.place,
               "found a date or time in `settings`; allowed: write it as a text");
    return nullptr;
}

/// A rule waits for events that this plugin publishes.
bool feeds_a_rule(const Site& site, const Plugin& plugin) {
    for (const Rule& rule : site.rules.rules)
        for (const auto* types : {&plugin.publishes, &plugin.owns})
            for (const std::string& type : *types)
                if (rule.enabled && types_meet(rule.when.type, type)) return true;
    return false;
}

/// Plugins whose processes this site needs: shown in a layout, named in wall.toml, the owner of a
/// camera, or what a rule listens to.
bool is_used(const Site& site, const Plugin& plugin) {
    const auto& named = site.wall.plugins;
    if (std::count(named.begin(), named.end(), plugin.name)) return true;
    for (const Camera& camera : site.cameras)
        if (camera.owner == plugin.name) return true;
    for (const Layout& layout : site.layouts)
        for (const Pane& pane : layout.panes)
            if (pane.shows.rfind(plugin.name + "/", 0) == 0) return true;
    return feeds_a_rule(site, plugin);
}

}  // namespace

std::string to_json(const Node& node, Report& report) {
    return convert(node, report).dump(-1, ' ', false, json::error_handler_t::replace);
}

bool is_utf8(const std::string& text) {
    const std::string kept = json(text).dump(-1, ' ', false, json::error_handler_t::ignore);
    return json::parse(kept, nullptr, false) == json(text);
}

std::string make_plan(const Site& site, const std::vector<Plugin>& plugins) {
    double scale = 0;
    for (const Display& display : site.wall.displays)
        scale = std::max(scale, pixels_per_unit(site.wall, display));
    json used = json::array();
    for (const Plugin& plugin : plugins)
        if (is_used(site, plugin))
            used.push_back({{"name", plugin.name},
                            {"version", plugin.version},
                            {"network", plugin.network},
                            {"files", plugin.files},
                            {"library", plugin.library.string()},
                            {"service", plugin.service.string()}});
    const json plan = {
        {"site", site.name},
        {"folder", site.folder.string()},
        {"title", {{"zh", site.wall.title.zh}, {"en", site.wall.title.en}}},
        {"language", site.wall.language},
        {"glyph_scale", scale},
        {"console_port", site.wall.console_port},
        {"utc_offset_minutes", site.wall.utc_offset_minutes},
        {"restart_budget", site.wall.restart_budget},
        {"restart_window_s", site.wall.restart_window_s},
        {"media", site.wall.media_processes},
        {"media_memory_mib", site.wall.media_memory_mib},
        {"rules", site.has_rules},
        {"plugins", used},
    };
    return plan.dump(2, ' ', false, json::error_handler_t::replace);
}

}  // namespace bw::config
