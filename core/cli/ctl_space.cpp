// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl space list | start | end
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/duration.h"
#include "core/cli/hub_link.h"
#include "core/cli/text_table.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
// A site of 100,000 subjects is copied in a second or two.
constexpr int64_t kExpiresMs = 30'000;

std::string text_of(const json& object, const char* key) {
    const auto at = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && at != object.end() && at->is_string() ? at->get<std::string>()
                                                                       : std::string();
}

/// "总览/Overview", or one text for both.
json title_of(const std::string& text) {
    const size_t slash = text.find('/');
    if (slash == std::string::npos) return {{"zh", text}, {"en", text}};
    return {{"zh", text.substr(0, slash)}, {"en", text.substr(slash + 1)}};
}

/// "8h": so long ago; a day; a time.
std::string moment(const std::string& text) {
    const auto ago_ms = base::parse_duration(text);
    if (!ago_ms) return base::time_text(text);
    return base::rfc3339(base::wall_ns() - *ago_ms * base::kMillisecond);
}

void print_list(const json& answer) {
    const json spaces = answer.value("spaces", json::array());
    const std::string on_air = text_of(answer, "on_air");
    if (spaces.empty()) fmt::print("live alone: no exercise or replay runs\n");
    TextTable table({"NAME", "KIND", "STATE", "TITLE", "BY", "SPAN", ""});
    for (const json& space : spaces) {
        const json title = space.value("title", json::object());
        std::string span = "since " + text_of(space, "started");
        if (text_of(space, "kind") == "replay")
            span = fmt::format("{} to {}, {}x", text_of(space, "since"), text_of(space, "until"),
                               space.value("speed", json(1)).dump());
        table.add({text_of(space, "name"), text_of(space, "kind"), text_of(space, "state"),
                   text_of(title, "zh") + "  " + text_of(title, "en"), text_of(space, "by"), span,
                   text_of(space, "name") == on_air ? "on air" : ""});
    }
    if (!spaces.empty()) fmt::print("{}", table.text());
}

}  // namespace

int ctl_space_list(const CtlOptions& options) {
    json answer;
    if (const int code = ask(options, "spaces", json::object(), answer)) return code;
    if (options.json)
        fmt::print("{}\n", document(answer));
    else
        print_list(answer);
    return Exit::done;
}

int ctl_space_start(const CtlOptions& options) {
    if (options.exercise == options.replay) {
        fmt::print(stderr, "say which it is: --exercise, or --replay with --since\n");
        return Exit::usage;
    }
    if (options.replay && options.since.empty()) {
        fmt::print(stderr, "a replay needs --since, a day or a time\n");
        return Exit::usage;
    }
    json data = {{"name", options.name}, {"kind", options.replay ? "replay" : "exercise"}};
    if (!options.title.empty()) data["title"] = title_of(options.title);
    if (options.replay) {
        data["since"] = moment(options.since);
        if (!options.until.empty()) data["until"] = moment(options.until);
        data["speed"] = options.speed;
    }
    json answer;
    const int code = ask_command(options, "beaconwall.space.start.v1", "space/" + options.name,
                                 data, kExpiresMs, answer);
    if (code == Exit::done)
        fmt::print("{} {} runs; show it: beaconwall ctl take --space {}\n", text_of(answer, "kind"),
                   options.name, options.name);
    return code;
}

int ctl_space_end(const CtlOptions& options) {
    json answer;
    const int code = ask_command(options, "beaconwall.space.end.v1", "space/" + options.name,
                                 {{"name", options.name}}, kExpiresMs, answer);
    if (code == Exit::done) fmt::print("{} is over\n", options.name);
    return code;
}

}  // namespace bw::cli
