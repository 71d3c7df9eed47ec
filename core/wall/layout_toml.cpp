// SPDX-License-Identifier: Apache-2.0
#include "core/wall/layout_toml.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace bw::wall {
namespace {

using config::Track;
using nlohmann::json;

constexpr uint32_t kPageS = 12;  // what a file that names none means
constexpr std::string_view kCamera = "camera/";

std::string in_toml(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out += std::string("\\") + c;
        else if (byte < 0x20 || byte == 0x7f)
            out += fmt::format("\\u{:04X}", byte);
        else
            out += c;
    }
    return out + '"';
}

/// Nothing for an empty text.
std::string text_value(const config::Text& text) {
    if (text.en.empty()) return text.zh.empty() ? "" : in_toml(text.zh);
    const std::string en = "en = " + in_toml(text.en);
    return "{ " + (text.zh.empty() ? en : "zh = " + in_toml(text.zh) + ", " + en) + " }";
}

void line(std::string& out, std::string_view key, const std::string& value) {
    if (!value.empty()) out += fmt::format("{} = {}\n", key, value);
}

void length(std::string& out, std::string_view key, double mm) {
    if (mm != 0) line(out, key, fmt::format("{}", mm));
}

std::string track(const Track& t) {
    if (t.unit == Track::Unit::millimetres) return fmt::format("\"{}mm\"", t.value);
    if (t.minimum_mm > 0) return fmt::format("\"minmax({}mm, {}fr)\"", t.minimum_mm, t.value);
    return fmt::format("\"{}fr\"", t.value);
}

std::string tracks(const std::vector<Track>& list) {
    std::string out;
    for (const Track& t : list) out += (out.empty() ? "" : ", ") + track(t);
    return "[" + out + "]";
}

/// One line per row, the names of a column below each other.
std::string areas(const std::vector<std::vector<std::string>>& rows) {
    std::vector<size_t> widths;
    for (const auto& row : rows)
        for (size_t i = 0; i < row.size(); ++i) {
            if (i == widths.size()) widths.push_back(0);
            widths[i] = std::max(widths[i], row[i].size());
        }
    std::vector<std::string> lines;
    for (const auto& row : rows) {
        std::string text;
        for (size_t i = 0; i < row.size(); ++i)
            text += i + 1 == row.size() ? row[i] : fmt::format("{:{}} ", row[i], widths[i]);
        lines.push_back(in_toml(text));
    }
    if (lines.size() == 1) return "[" + lines[0] + "]";
    std::string out = "[\n";
    for (const std::string& text : lines) out += "    " + text + ",\n";
    return out + "]";
}

std::string key_of(const std::string& key) {
    const bool bare = !key.empty() && key.find_first_not_of(
                                          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
                                          "mnopqrstuvwxyz0123456789_-") == std::string::npos;
    return bare ? key : in_toml(key);
}

/// TOML knows no null: it is left out.
std::string value(const json& v) {
    if (v.is_string()) return in_toml(v.get_ref<const std::string&>());
    std::string out;
    if (v.is_array()) {
        for (const json& item : v)
            if (!item.is_null()) out += (out.empty() ? "" : ", ") + value(item);
        return "[" + out + "]";
    }
    if (!v.is_object()) return v.dump();
    for (const auto& [key, member] : v.items())
        if (!member.is_null())
            out += (out.empty() ? "" : ", ") + key_of(key) + " = " + value(member);
    return out.empty() ? "{}" : "{ " + out + " }";
}

std::string transition(const config::Transition& t) {
    using Kind = config::Transition::Kind;
    if (t.kind == Kind::cut) return {};
    return fmt::format("{{ kind = \"{}\", ms = {} }}", t.kind == Kind::fade ? "fade" : "push",
                       t.duration_ms);
}

std::string sources(const config::SourceGrid& grid) {
    std::string out = "{ ";
    const auto add = [&out](const char* key, const std::string& text) {
        if (!text.empty()) out += fmt::format("{} = {}, ", key, in_toml(text));
    };
    add("kind", grid.query.kind);
    add("town", grid.query.town);
    add("owner", grid.query.owner);
    std::string_view prefix = grid.query.id_prefix;
    if (prefix.substr(0, kCamera.size()) == kCamera) prefix.remove_prefix(kCamera.size());
    add("id_prefix", std::string(prefix));
    out += fmt::format("columns = {}, rows = {}", grid.columns, grid.rows);
    if (grid.page_s != kPageS) out += fmt::format(", page_s = {}", grid.page_s);
    return out + " }";
}

void add_grid(std::string& out, const config::Grid& grid) {
    out += "\n[[grid]]\n";
    if (!grid.display.empty()) line(out, "display", in_toml(grid.display));
    if (!grid.zone.empty()) line(out, "zone", in_toml(grid.zone));
    line(out, "columns", tracks(grid.columns));
    line(out, "rows", tracks(grid.rows));
    length(out, "gap_mm", grid.gap_mm);
    length(out, "margin_mm", grid.margin_mm);
    line(out, "areas", areas(grid.areas));
}

void add_pane(std::string& out, const config::Pane& pane) {
    out += "\n[[pane]]\n";
    line(out, "id", in_toml(pane.id));
    line(out, "shows", in_toml(pane.shows));
    line(out, "title", text_value(pane.title));
    if (!pane.caption) line(out, "caption", "false");
    if (pane.z != 0) line(out, "z", fmt::format("{}", pane.z));
    length(out, "margin_mm", pane.margin_mm);
    if (pane.aspect == config::Aspect::fill) line(out, "aspect", "\"fill\"");
    if (pane.aspect == config::Aspect::crop) {
        line(out, "aspect", "\"crop\"");
        if (pane.focus_x != 0.5 || pane.focus_y != 0.5)
            line(out, "focus", fmt::format("[{}, {}]", pane.focus_x, pane.focus_y));
    }
    if (pane.sources) line(out, "sources", sources(*pane.sources));
    const json settings = json::parse(pane.settings, nullptr, false);
    if (settings.is_object() && !settings.empty()) line(out, "settings", value(settings));
}

}  // namespace

std::string to_toml(const config::Layout& layout, const std::vector<std::string>& comments) {
    std::string out;
    for (const std::string& comment : comments) out += "# " + comment + "\n";
    line(out, "title", text_value(layout.title));
    if (!layout.key.empty()) line(out, "key", in_toml(layout.key));
    line(out, "transition", transition(layout.transition));
    for (const config::Grid& grid : layout.grids) add_grid(out, grid);
    for (const config::Pane& pane : layout.panes) add_pane(out, pane);
    return out;
}

}  // namespace bw::wall
