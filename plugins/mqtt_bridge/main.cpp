// SPDX-License-Identifier: Apache-2.0
// mqtt_bridge-service: events of the field from an MQTT broker, and events of the wall to it.
//   mqtt_bridge-service --check FILE              what is wrong with a site's file
//   mqtt_bridge-service --try FILE TOPIC < BYTES  the events that a message would make
#include <beaconwall/service/clock.h>
#include <beaconwall/service/event.h>
#include <beaconwall/service/log.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "bridge.h"
#include "maps.h"
#include "payloads.h"

namespace {

using namespace bw::mqtt_bridge;

/// False, and the faults on stderr.
bool read_file(const std::string& name, Maps& maps) {
    std::ifstream in(name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::vector<std::string> faults;
    if (!in)
        faults = {name + " cannot be read"};
    else
        maps = read_maps(text, name, std::filesystem::path(name).parent_path().string(), faults);
    for (const std::string& fault : faults) fmt::print(stderr, "{}\n", fault);
    return faults.empty();
}

int check(const std::string& name) {
    Maps maps;
    if (!read_file(name, maps)) return 1;
    fmt::print("{}: {} in, {} out\n", name, maps.in.size(), maps.out.size());
    return 0;
}

int attempt(const std::string& name, const std::string& topic) {
    Maps maps;
    if (!read_file(name, maps)) return 1;
    const std::string payload{std::istreambuf_iterator<char>(std::cin), {}};
    Names names;
    for (const InMap& map : maps.in) {
        if (!map.topic.match(topic, names)) continue;
        const auto events = events_of(map, topic, names, payload, bw::base::wall_ns());
        if (!events) return fmt::print(stderr, "{}\n", events.error().text), 1;
        for (bw::events::Event event : *events) {
            if (const std::string fault = event_fault(event); !fault.empty())
                return fmt::print(stderr, "the hub would refuse the event: {}\n", fault), 1;
            event.id = "…";
            event.source = "service:…";
            fmt::print("{}\n", bw::events::to_json(event));
        }
        return 0;
    }
    fmt::print(stderr, "no [[in]] of {} has a topic that matches {}\n", name, topic);
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 2 && words[0] == "--check") return check(words[1]);
    if (words.size() == 3 && words[0] == "--try") return attempt(words[1], words[2]);
    if (!words.empty()) {
        fmt::print(stderr, "allowed: --check FILE, --try FILE TOPIC < PAYLOAD, or nothing\n");
        return 2;
    }
    // Writing to a broker that is gone is an error like others.
    std::signal(SIGPIPE, SIG_IGN);
    auto service = bw::sdk::Service::from_environment();
    auto bridge = std::make_unique<Bridge>(*service);
    const int code = service->run();
    // A thread that hangs in a resolver or a handshake is not waited for.
    if (!bridge->stop()) _exit(code);
    return code;
}
