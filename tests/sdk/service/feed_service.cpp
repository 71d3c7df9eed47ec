// SPDX-License-Identifier: Apache-2.0
// A service with one DurableFeed and nobody behind it: it tells each event that it is handed, and
// does with it what it is told. For feed_test.py.
//   feed_service TYPE SUBJECT WINDOW
// Out, a line each: {"index": the how manieth of this life, "sequence", "subject", "data"},
// {"position", "waiting", "fence"}. In: "done INDEX", or "fence WORD", which is answered after the
// hub's answers to all that was asked of it before.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "core/sdk/service/durable_feed.h"

namespace {

using bw::sdk::DurableFeed;
using nlohmann::json;

constexpr int64_t kAnswerMs = 60'000;

struct Player {
    Player(bw::sdk::Service& s, DurableFeed::Options options)
        : service(s), feed(s, std::move(options), [this](const auto& event, auto done) {
              tell({{"index", next},
                    {"sequence", event.sequence},
                    {"subject", event.subject},
                    {"data", json::parse(event.data)}});
              hands[next++] = std::move(done);
          }) {}

    static void tell(const json& line) { std::cout << line.dump() << std::endl; }

    void read() {
        char bytes[4096];
        const ssize_t n = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (n <= 0) std::exit(0);  // whoever plays with it is gone
        text.append(bytes, static_cast<size_t>(n));
        for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
            obey(text.substr(0, end));
            text.erase(0, end + 1);
        }
    }

    void obey(const std::string& line) {
        std::istringstream words(line);
        std::string verb, what;
        words >> verb >> what;
        if (verb == "done") return hands.at(std::stoull(what))();
        service.wire().request(
            "events", R"({"since": 0, "type": "x.", "limit": 1})", kAnswerMs,
            [this, what](const auto& /*reply*/) {
                tell({{"fence", what}, {"position", feed.position()}, {"waiting", feed.waiting()}});
            });
    }

    bw::sdk::Service& service;
    std::map<size_t, DurableFeed::Done> hands;
    size_t next = 0;
    std::string text;
    DurableFeed feed;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    auto service = bw::sdk::Service::from_environment();
    DurableFeed::Options options;
    options.name = "orders";
    options.type = argv[1];
    options.subject = argv[2];
    options.window = std::stoul(argv[3]);
    Player player(*service, std::move(options));
    service->watch(STDIN_FILENO, [&player] { player.read(); });
    return service->run();
}
