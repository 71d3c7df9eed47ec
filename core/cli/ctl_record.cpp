// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl record get | list | put | watch
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "core/base/ids.h"
#include "core/cli/follow.h"
#include "core/cli/hub_link.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kTimeoutMs = 5000;

}  // namespace

int ctl_record_get(const CtlOptions& options) {
    json answer;
    const json body = {{"op", "get"}, {"type", options.type}, {"subject", options.subject}};
    if (const int code = ask(options, "record", body, answer)) return code;
    if (options.json)
        fmt::print("{}\n", document(answer.value("event", json())));
    else
        print_event(answer.value("event", json::object()), false);
    return Exit::done;
}

int ctl_record_list(const CtlOptions& options) {
    int code = Exit::done;
    const auto client = open_hub(options, code);
    if (!client) return code;
    json all = json::array();
    json body = {{"op", "list"}, {"type", options.type}};
    for (bool more = true; more;) {
        json answer;
        if (const int failed = judge(client->call("record", one_line(body), kTimeoutMs), answer))
            return failed;
        const json events = answer.value("events", json::array());
        for (const json& event : events) all.push_back(event);
        more = answer.value("more", false) && !events.empty();
        if (more) body["after"] = events.back().value("subject", "");
    }
    if (options.json) {
        fmt::print("{}\n", document({{"events", all}}));
        return Exit::done;
    }
    for (const json& event : all) print_event(event, false);
    return Exit::done;
}

int ctl_record_put(const CtlOptions& options) {
    json data;
    if (!parse_data("--data", options.data, data)) return Exit::refused;
    json write = {{"type", options.type}, {"subject", options.subject}, {"data", data}};
    if (options.revision) write["revision"] = *options.revision;
    const json body = {
        {"op", "put"}, {"write", base::random_uuid()}, {"writes", json::array({write})}};
    json answer;
    if (const int code = ask(options, "record", body, answer)) return code;
    const json revisions = answer.value("revisions", json::array());
    fmt::print("sequence {}, revision {}\n", answer.value("sequence", json()).dump(),
               revisions.empty() ? "-" : revisions[0].dump());
    return Exit::done;
}

int ctl_record_watch(const CtlOptions& options) {
    int code = Exit::done;
    const auto client = open_hub(options, code);
    if (!client) return code;
    client->on_event([&options](const events::Event& event, events::Lane, bool) {
        print_event(json::parse(events::to_json(event), nullptr, false), options.json);
    });
    return follow(*client,
                  [&] { client->subscribe({options.type + "/"}, events::From::snapshot); });
}

}  // namespace bw::cli
