// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl hold | release
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/base/duration.h"
#include "core/cli/hub_link.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kExpiresMs = 5000;

std::string text_of(const json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::string not_recorded(const json& answer) {
    return answer.value("recorded", json(true)) == json(false) ? " (not recorded)" : "";
}

}  // namespace

int ctl_hold(const CtlOptions& options) {
    json data = {{"zone", options.zone}};
    if (!options.duration.empty()) {
        const auto length = base::parse_duration(options.duration);
        if (!length) return Exit::usage;  // the command line has said why
        data["for_ms"] = *length;
    }
    if (!options.holder.empty()) data["as"] = options.holder;
    json answer;
    const int code =
        ask_command(options, "beaconwall.wall.hold.v1", "wall", data, kExpiresMs, answer);
    if (code != Exit::done) return code;
    const std::string until = text_of(answer, "until");
    fmt::print("held: {} by {} until {}{}\n", text_of(answer, "zone"), text_of(answer, "by"),
               until.empty() ? "released" : until, not_recorded(answer));
    return Exit::done;
}

int ctl_release(const CtlOptions& options) {
    json answer;
    const int code = ask_command(options, "beaconwall.wall.release.v1", "wall",
                                 {{"zone", options.zone}}, kExpiresMs, answer);
    if (code == Exit::done)
        fmt::print("released: {}, held by {}{}\n", text_of(answer, "zone"), text_of(answer, "by"),
                   not_recorded(answer));
    return code;
}

}  // namespace bw::cli
