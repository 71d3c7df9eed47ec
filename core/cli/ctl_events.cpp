// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl events | publish
#include <fmt/core.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/duration.h"
#include "core/base/ids.h"
#include "core/cli/follow.h"
#include "core/cli/hub_link.h"
#include "core/config/readers.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kTimeoutMs = 5000;

bool is_sequence(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

/// By sequence, by time, or, with neither, the newest.
json question(const CtlOptions& options) {
    json body = {{"space", options.space}};
    if (!options.type.empty()) body["type"] = options.type;
    if (!options.subject.empty()) body["subject"] = options.subject;
    if (is_sequence(options.since)) {
        body["since"] = std::stoll(options.since);
    } else if (!options.since.empty()) {
        body["from"] = base::time_text(options.since);
    }
    if (!options.until.empty()) body["until"] = base::time_text(options.until);
    return body;
}

/// The journal, page by page; `show` for each event.
int past(events::Client& client, const CtlOptions& options, const std::function<void(json)>& show) {
    json body = question(options);
    const bool pages = body.contains("since") || body.contains("from") || body.contains("until");
    for (bool more = true; more;) {
        json answer;
        const auto reply = client.call("events", one_line(body), kTimeoutMs);
        if (const int code = judge(reply, answer)) return code;
        for (json& event : answer["events"]) show(std::move(event));
        // Without an end to begin from, the newest page is all that was asked for.
        more = pages && answer.value("more", false);
        if (answer.contains("after")) body["after"] = answer["after"];
        if (answer.contains("next") && pages) body["since"] = answer["next"];
    }
    return Exit::done;
}

/// Of a replay the journal has nothing: there is no sequence to go on from.
bool is_replay(events::Client& client, const std::string& space) {
    if (space == "live") return false;
    const auto reply = client.call("spaces", "{}", kTimeoutMs);
    const json answer = json::parse(reply.body, nullptr, false);
    if (!answer.is_object()) return false;
    for (const json& each : answer.value("spaces", json::array()))
        if (each.is_object() && each.value("name", json()) == space)
            return each.value("kind", json()) == "replay";
    return false;
}

/// Each once and in order, also over gaps and restarts of the hub; of a replay as they come.
int follow_events(events::Client& client, const CtlOptions& options) {
    client.on_event([&](const events::Event& event, events::Lane lane, bool) {
        if (event.subject.rfind(options.subject, 0) != 0) return;
        json value = json::parse(events::to_json(event), nullptr, false);
        // Of telemetry it is not its own.
        if (lane == events::Lane::telemetry) value.erase("sequence");
        print_event(value, options.json);
    });
    std::optional<uint64_t> since;
    if (is_sequence(options.since)) since = std::stoull(options.since);
    const bool played = is_replay(client, options.space);
    return follow(client, [&] {
        if (played) return client.subscribe({options.type}, events::From::now);
        client.subscribe_since({options.type}, since);
    });
}

}  // namespace

int ctl_events(const CtlOptions& options) {
    const bool from_a_time = !options.since.empty() && !is_sequence(options.since);
    if (options.follow && (from_a_time || !options.until.empty())) {
        fmt::print(stderr, "--follow goes on from now, or with --since from a sequence\n");
        return Exit::usage;
    }
    int code = Exit::done;
    const auto client = open_hub(options, code);
    if (!client) return code;
    if (options.follow) return follow_events(*client, options);
    if (!options.json)
        return past(*client, options, [](const json& event) { print_event(event, false); });
    json events = json::array();
    const auto add = [&events](json event) { events.push_back(std::move(event)); };
    if (const int failed = past(*client, options, add)) return failed;
    fmt::print("{}\n", document({{"events", events}}));
    return Exit::done;
}

int ctl_publish(const CtlOptions& options) {
    json data;
    if (!parse_data("--data", options.data, data)) return Exit::refused;
    for (const auto& [name, text] : {std::pair("the type", &options.type),
                                     {"the subject", &options.subject},
                                     {"the space", &options.space}})
        if (!config::is_utf8(*text)) {
            fmt::print(stderr, "{} is no UTF-8 text: write it in UTF-8\n", name);
            return Exit::refused;
        }
    events::Event event;
    event.id = base::random_uuid();
    event.source = "ctl";
    event.type = options.type;
    event.subject = options.subject;
    event.time = base::rfc3339(base::wall_ns());
    event.data = one_line(data);
    event.space = options.space;
    const json body = {{"lane", options.durable ? "durable" : "telemetry"},
                       {"event", json::parse(events::to_json(event), nullptr, false)}};
    json answer;
    const int code = ask(options, "publish", body, answer);
    if (code == Exit::done && options.durable)
        fmt::print("sequence {}\n", answer.value("sequence", json()).dump());
    return code;
}

}  // namespace bw::cli
