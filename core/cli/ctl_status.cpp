// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl status
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/cli/hub_link.h"
#include "core/cli/text_table.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;

/// A member as people read it: texts bare, numbers as they are, null and absent as "-".
std::string show(const json& object, const char* key) {
    const auto at = object.is_object() ? object.find(key) : object.end();
    if (!object.is_object() || at == object.end() || at->is_null()) return "-";
    if (at->is_string()) return at->get<std::string>().empty() ? "-" : at->get<std::string>();
    if (at->is_number_float()) return fmt::format("{:.1f}", at->get<double>());
    return one_line(*at);
}

std::string reason(const json& object) {
    const auto at = object.find("reason");
    return at != object.end() && at->is_object() ? show(*at, "text") : "";
}

const json& list(const json& status, const char* key) {
    static const json empty = json::array();
    const auto at = status.find(key);
    return at != status.end() && at->is_array() ? *at : empty;
}

void print_table(const char* title, const TextTable& table) {
    if (!table.empty()) fmt::print("\n{}\n{}", title, table.text());
}

void print_head(const json& status) {
    const json layout = status.value("layout", json::object());
    fmt::print("Beaconwall {}  site {}  up {} s  console {}\n", show(status, "version"),
               show(status, "site"), show(status, "uptime_s"), show(status, "console"));
    fmt::print("on air: {} (take {})  preview: {}{}\n", show(layout, "on_air"),
               show(layout, "take"), show(layout, "preview"),
               layout.value("recorded", json(true)) == json(false) ? "  NOT RECORDED" : "");
    const json space = status.value("space", json());
    if (space.is_object())
        fmt::print("NOT LIVE: the {} {} is on air\n", show(space, "kind"), show(space, "name"));
}

/// "layouts/fire.toml:12:3: BW1203: found …"; as `check` prints it.
std::string fault_line(const json& fault) {
    std::string place = show(fault, "file");
    if (fault.value("line", json(0)) != json(0))
        place += fmt::format(":{}:{}", show(fault, "line"), show(fault, "column"));
    return fmt::format("{}: {}: {}", place, show(fault, "number"), show(fault, "text"));
}

void print_faults(const json& status) {
    const json& faults = list(status, "faults");
    if (faults.empty()) return;
    fmt::print("\nFAULTY FILES: the wall keeps what they said before, until they are mended\n");
    for (const json& fault : faults) fmt::print("{}\n", fault_line(fault));
}

void print_spaces(const json& status) {
    TextTable table({"SPACE", "KIND", "STATE", "STARTED", "BY"});
    for (const json& s : list(status, "spaces"))
        table.add({show(s, "name"), show(s, "kind"), show(s, "state"), show(s, "started"),
                   show(s, "by")});
    print_table("spaces", table);
}

void print_holds(const json& status) {
    TextTable table({"HELD", "BY", "UNTIL"});
    const json layout = status.value("layout", json::object());
    for (const json& h : list(layout, "holds"))
        table.add({show(h, "zone"), show(h, "by"), show(h, "until")});
    print_table("holds", table);
}

void print_displays(const json& status) {
    TextTable table({"DISPLAY", "PIXELS", "RENDERER", "DRAWN", "MISSED", "LAST ms", "TAKE ms"});
    for (const json& d : list(status, "displays"))
        table.add({show(d, "name"), show(d, "width_px") + "x" + show(d, "height_px"),
                   show(d, "renderer").substr(0, 24), show(d, "frames_drawn"),
                   show(d, "frames_missed"), show(d, "last_draw_ms"),
                   show(d.value("last_take", json::object()), "commit_to_frame_ms")});
    print_table("displays", table);
}

void print_panes(const json& status) {
    TextTable table({"PANE", "SHOWS", "DISPLAY", "STATE", "AGE ms", "UPDATES", "REASON"});
    for (const json& p : list(status, "panes")) {
        table.add({show(p, "id"), show(p, "shows"), show(p, "display"), show(p, "freshness"),
                   show(p, "age_ms"), show(p, "updates"), reason(p)});
        for (const json& v : list(p, "videos"))
            if (show(v, "source") != show(p, "shows"))
                table.add({"", "  " + show(v, "source"), "", show(v, "freshness"),
                           show(v, "age_ms"), show(v, "updates"), ""});
    }
    print_table("panes", table);
}

void print_roles(const json& status) {
    TextTable table({"ROLE", "NAME", "PID", "STATE", "RESTARTS", "RSS KiB", "CPU s"});
    for (const json& r : list(status, "roles"))
        table.add({show(r, "role"), show(r, "name"), show(r, "pid"), show(r, "state"),
                   show(r, "restarts"), show(r, "rss_kb"), show(r, "cpu_s")});
    print_table("roles", table);
}

void print_rest(const json& status) {
    TextTable sources(
        {"SOURCE", "STATE", "PICTURES", "SIZE", "STREAM", "DECODER", "RECONNECTS", "REASON"});
    for (const json& s : list(status, "sources"))
        sources.add({show(s, "id"), show(s, "state"), show(s, "pictures"),
                     show(s, "width_px") + "x" + show(s, "height_px"), show(s, "stream"),
                     show(s, "decoder"), show(s, "reconnects"), reason(s)});
    print_table("sources", sources);
    const json hub = status.value("hub", json::object());
    fmt::print("\nhub: sequence {}, journal {} bytes, {} peers, {} telemetry dropped\n",
               show(hub, "sequence"), show(hub, "journal_bytes"), show(hub, "peers"),
               show(hub, "telemetry_dropped"));
    TextTable limits({"LIMIT", "STATE", "EFFECT"});
    for (const json& l : list(status, "limits"))
        limits.add({show(l, "what"), show(l, "state"), show(l, "effect")});
    print_table("limits", limits);
}

}  // namespace

int ctl_status(const CtlOptions& options) {
    json answer;
    if (const int code = ask(options, "status", json::object(), answer)) return code;
    const auto inner = answer.find("status");
    const json status = inner != answer.end() && inner->is_object() ? *inner : answer;
    if (options.json) {
        fmt::print("{}\n", document(status));
        return Exit::done;
    }
    print_head(status);
    print_faults(status);
    print_holds(status);
    print_spaces(status);
    print_displays(status);
    print_panes(status);
    print_roles(status);
    print_rest(status);
    return Exit::done;
}

}  // namespace bw::cli
