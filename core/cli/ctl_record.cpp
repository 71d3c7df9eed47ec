// SPDX-License-Identifier: Apache-2.0
// beaconwall ctl record get | list | put | watch, attention, acknowledge
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/ids.h"
#include "core/cli/follow.h"
#include "core/cli/hub_link.h"
#include "core/cli/text_table.h"

namespace bw::cli {
namespace {

using json = nlohmann::json;
constexpr int64_t kTimeoutMs = 5000;

/// Every record of that type, page by page.
int list_records(const CtlOptions& options, const std::string& type, json& all) {
    int code = Exit::done;
    const auto client = open_hub(options, code);
    if (!client) return code;
    all = json::array();
    json body = {{"op", "list"}, {"type", type}};
    for (bool more = true; more;) {
        json answer;
        if (const int failed = judge(client->call("record", one_line(body), kTimeoutMs), answer))
            return failed;
        const json events = answer.value("events", json::array());
        for (const json& event : events) all.push_back(event);
        more = answer.value("more", false) && !events.empty();
        if (more) body["after"] = events.back().value("subject", "");
    }
    return Exit::done;
}

/// What is told of one item: the hub's own words, whatever they are.
std::string told(const json& data, const char* key) {
    const auto at = data.find(key);
    if (at == data.end()) return "";
    return at->is_string() ? at->get<std::string>() : at->dump();
}

}  // namespace

int ctl_attention(const CtlOptions& options) {
    json all;
    if (const int code = list_records(options, "beaconwall.wall.attention.v1", all)) return code;
    if (options.json) {
        fmt::print("{}\n", document({{"events", all}}));
        return Exit::done;
    }
    // The gravest first, and of these what holds.
    std::stable_sort(all.begin(), all.end(), [](const json& a, const json& b) {
        const auto rank = [](const json& event) {
            const json data = event.value("data", json::object());
            return std::pair(told(data, "state") != "active",
                             -std::atoi(told(data, "level").c_str()));
        };
        return rank(a) < rank(b);
    });
    TextTable table({"STATE", "LEVEL", "SINCE", "COUNT", "ITEM", "TITLE"});
    for (const json& event : all) {
        const json data = event.value("data", json::object());
        const json title = data.value("title", json::object());
        table.add({told(data, "state"), told(data, "level"), told(data, "since"),
                   told(data, "count"), told(event, "subject"),
                   told(title, "zh") + "  " + told(title, "en")});
    }
    fmt::print("{}", table.text());
    return Exit::done;
}

int ctl_acknowledge(const CtlOptions& options) {
    json answer;
    return ask_command(options, "beaconwall.attention.acknowledge.v1", options.subject,
                       json::object(), 2000, answer);
}

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
    json all;
    if (const int code = list_records(options, options.type, all)) return code;
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
