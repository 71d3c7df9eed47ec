// SPDX-License-Identifier: Apache-2.0
#include "core/hub/entry.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base/log.h"
#include "core/events/json.h"

namespace bw::hub {

using nlohmann::json;
using wall::Edit;

namespace {

constexpr std::array<const char*, 3> kOps = {"swap", "full", "show"};
constexpr std::array<const char*, 3> kOn = {"display", "zone", "wall"};
constexpr size_t kMaxSettingsBytes = 16 * 1024;

base::Error invalid(const std::string& text) {
    return {"invalid", text};
}

/// TOML has no null, so a layout with one could not be saved.
bool has_null(const json& value) {
    if (!value.is_structured()) return value.is_null();
    return std::any_of(value.begin(), value.end(), has_null);
}

base::Status read_content(const json& data, Edit& edit) {
    edit.shows = events::text_of(data, "shows");
    if (edit.shows.empty()) return invalid("shows is \"PLUGIN/PANEL\" or \"camera/ID\"");
    if (!data.contains("settings") || data["settings"].is_null()) return {};
    const json& settings = data["settings"];
    if (!settings.is_object() || has_null(settings))
        return invalid("settings is an object without null in it");
    edit.settings = settings.dump();
    if (edit.settings.size() > kMaxSettingsBytes)
        return invalid("settings has at most 16384 bytes");
    return {};
}

}  // namespace

base::Result<Edit> read_edit(const json& data) {
    const std::string op = events::text_of(data, "op"), on = events::text_of(data, "on", "display");
    const auto* known = std::find(kOps.begin(), kOps.end(), op);
    if (known == kOps.end()) return invalid("op is swap, full, back, show or save");
    const auto* over = std::find(kOn.begin(), kOn.end(), on);
    if (over == kOn.end()) return invalid("on is display, zone or wall");
    Edit edit;
    edit.op = static_cast<Edit::Op>(known - kOps.begin());
    edit.pane = events::text_of(data, "pane");
    if (edit.pane.empty()) return invalid("pane is the id of a pane on air");
    if (edit.op == Edit::Op::full) edit.on = static_cast<Edit::On>(over - kOn.begin());
    if (edit.op == Edit::Op::swap) edit.other = events::text_of(data, "other");
    if (edit.op == Edit::Op::swap && edit.other.empty())
        return invalid("other is the id of the pane to change places with");
    if (edit.op == Edit::Op::show)
        if (const auto read = read_content(data, edit); !read) return read.error();
    return edit;
}

json edit_json(const Edit& edit) {
    json out = {{"op", kOps[static_cast<size_t>(edit.op)]}, {"pane", edit.pane}};
    if (edit.op == Edit::Op::swap) out["other"] = edit.other;
    if (edit.op == Edit::Op::full) out["on"] = kOn[static_cast<size_t>(edit.on)];
    if (edit.op != Edit::Op::show) return out;
    out["shows"] = edit.shows;
    if (edit.settings != "{}") out["settings"] = json::parse(edit.settings, nullptr, false);
    return out;
}

Entry read_entry(const json& data) {
    if (data.is_string()) return {data.get<std::string>(), {}};
    Entry entry{events::text_of(data, "layout"), {}, events::text_of(data, "space", "live")};
    if (!data.is_object() || !data.contains("edits") || !data["edits"].is_array()) return entry;
    for (const json& item : data["edits"])
        if (auto edit = read_edit(item)) entry.edits.push_back(std::move(*edit));
    return entry;
}

std::vector<Entry> read_entries(const json& list) {
    std::vector<Entry> entries;
    if (list.is_array())
        for (const json& item : list)
            if (Entry entry = read_entry(item); !entry.layout.empty())
                entries.push_back(std::move(entry));
    return entries;
}

json edits_json(const std::vector<Edit>& edits) {
    json list = json::array();
    for (const Edit& edit : edits) list.push_back(edit_json(edit));
    return list;
}

json entry_json(const Entry& entry) {
    json out = {{"layout", entry.layout}, {"edits", edits_json(entry.edits)}};
    if (entry.space != "live") out["space"] = entry.space;
    return out;
}

json entries_json(const std::vector<Entry>& entries) {
    json list = json::array();
    for (const Entry& entry : entries) list.push_back(entry_json(entry));
    return list;
}

config::Layout edited(const config::Site& site, const std::vector<config::Plugin>& plugins,
                      const config::Layout& layout, const std::vector<Edit>& edits) {
    config::Layout out = layout;
    for (const Edit& edit : edits) {
        auto next = wall::apply(site, plugins, out, edit);
        if (next)
            out = std::move(*next);
        else
            base::log_warning("an edit of {} no longer fits and is left out: {}", layout.name,
                              next.error().text);
    }
    return out;
}

}  // namespace bw::hub
