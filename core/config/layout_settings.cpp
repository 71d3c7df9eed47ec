// SPDX-License-Identifier: Apache-2.0
// `settings` of a [[pane]], held against the schema that the panel's plugin ships
#include <fmt/core.h>

#include <algorithm>

#include "core/config/layout_readers.h"
#include "core/schema/pointer.h"
#include "core/schema/schema.h"

namespace bw::config {
namespace {

constexpr size_t kMaxSettingsBytes = 16 * 1024;

const Node* step_into(const Node& node, const std::string& name) {
    if (node.kind == Node::Kind::array) {
        // Whoever made the pointer counted these items.
        const size_t index = std::stoul(name);
        return index < node.items.size() ? &node.items[index] : nullptr;
    }
    const auto found = std::find_if(node.members.begin(), node.members.end(),
                                    [&](const Node::Member& m) { return m.key == name; });
    return found == node.members.end() ? nullptr : &found->value;
}

/// Where the file has what the pointer leads to.
Place place_of(const Node& settings, const std::string& pointer) {
    const Node* at = &settings;
    for (const std::string& name : schema::steps(pointer)) {
        const Node* next = step_into(*at, name);
        if (next == nullptr) break;
        at = next;
    }
    return at->place;
}

}  // namespace

void read_settings(Table& table, Pane& pane, Report& report, const Known& known) {
    const Node* settings = table.find("settings", Node::Kind::table, Need::optional);
    const size_t before = report.count();
    if (settings) pane.settings = to_json(*settings, report);
    if (settings && pane.settings.size() > kMaxSettingsBytes)
        report.add(fault::settings_too_large, settings->place,
                   fmt::format("found {} bytes of settings; allowed: at most {}",
                               pane.settings.size(), kMaxSettingsBytes));
    const Plugin::Panel* panel = known.panel(pane.shows);
    if (report.count() != before || panel == nullptr || panel->settings == nullptr) return;
    if (const auto wrong = panel->settings->check_text(pane.settings))
        report.add(
            fault::settings_do_not_match,
            settings ? place_of(*settings, wrong->pointer) : table.place(),
            fmt::format("{} (the schema of {} says so)", wrong->text("settings"), pane.shows));
}

}  // namespace bw::config
