// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl events | publish
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/cli/follow.h"
#include "core/cli/hub_link.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kTimeoutMs = 5000;

json query(const CtlOptions& options, int64_t since, bool has_since) {
    json body = {{"space", options.space}};
    if (!options.type.empty()) body["type"] = options.type;
    if (has_since) body["since"] = since;
    return body;
}

/// The journal, page by page. `last`: the highest sequence seen.
int past(events::Client& client, const CtlOptions& options, json& events) {
    int64_t since = options.since.value_or(0);
    bool more = true;
    while (more) {
        json answer;
        const auto body = query(options, since, options.since.has_value());
        const auto reply = client.call("events", one_line(body), kTimeoutMs);
        if (const int code = judge(reply, answer)) return code;
        for (json& event : answer["events"]) events.push_back(std::move(event));
        const int64_t next = answer.value("next", since);
        // Without `since` the newest page is all that was asked for.
        more = options.since && answer.value("more", false) && next > since;
        since = next;
    }
    return Exit::done;
}

/// Each once and in order, also over gaps and restarts of the hub.
int follow_events(events::Client& client, const CtlOptions& options) {
    client.on_event([&](const events::Event& event, events::Lane lane, bool) {
        json value = json::parse(events::to_json(event), nullptr, false);
        // Of telemetry it is not its own.
        if (lane == events::Lane::telemetry) value.erase("sequence");
        print_event(value, options.json);
    });
    std::optional<uint64_t> since;
    if (options.since) since = static_cast<uint64_t>(*options.since);
    return follow(client, [&] { client.subscribe_since({options.type}, since); });
}

}  // namespace

int ctl_events(const CtlOptions& options) {
    int code = Exit::done;
    const auto client = open_hub(options, code);
    if (!client) return code;
    if (options.follow) return follow_events(*client, options);
    json events = json::array();
    if (const int failed = past(*client, options, events)) return failed;
    if (options.json) {
        fmt::print("{}\n", document({{"events", events}}));
        return Exit::done;
    }
    for (const json& event : events) print_event(event, false);
    return Exit::done;
}

int ctl_publish(const CtlOptions& options) {
    json data;
    if (!parse_data("--data", options.data, data)) return Exit::refused;
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
