// SPDX-License-Identifier: Apache-2.0
// schema_cost ROUNDS < LINES: what it costs to read an event and to hold its data against its
// schema. Each line is {"schema": …, "event": …}; each answer a line {"bytes", "parse_ns",
// "check_ns"}, the least of ROUNDS rounds, a call.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/events/json.h"
#include "core/schema/schema.h"

namespace {

using nlohmann::json;

constexpr int64_t kRoundNs = 2 * bw::base::kMillisecond;

/// Nanoseconds of a call, in the fastest of `rounds` rounds.
template <class Call>
int64_t least(int rounds, const Call& call) {
    int64_t best = INT64_MAX;
    for (int round = 0; round < rounds; ++round) {
        int64_t calls = 0;
        const int64_t began = bw::base::mono_ns();
        int64_t now = began;
        while (now - began < kRoundNs) {
            for (int i = 0; i < 8; ++i) call();
            calls += 8;
            now = bw::base::mono_ns();
        }
        best = std::min(best, (now - began) / calls);
    }
    return best;
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
    for (std::string line; std::getline(std::cin, line);) {
        const json asked = json::parse(line);
        const auto schema = bw::schema::Schema::compile(asked["schema"].dump());
        if (!schema) {
            std::fprintf(stderr, "%s\n", schema.error().text.c_str());
            return 1;
        }
        // As the hub has it: the event within the body of a publish.
        const std::string text = json{{"lane", "durable"}, {"event", asked["event"]}}.dump();
        json body;
        bool good = true;
        const int64_t parse =
            least(rounds, [&] { good = bw::events::read_json(text, body) && good; });
        const json data = body["event"]["data"];
        const int64_t check = least(rounds, [&] { good = !(*schema)->check(data) && good; });
        if (!good) {
            std::fprintf(stderr, "an event does not match\n");
            return 1;
        }
        std::cout << json{{"bytes", text.size()}, {"parse_ns", parse}, {"check_ns", check}}
                  << std::endl;
    }
    return 0;
}
