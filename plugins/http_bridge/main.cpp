// SPDX-License-Identifier: Apache-2.0
// http_bridge-service: CloudEvents over HTTP, in and out.
//   http_bridge-service --check FILE    what is wrong with a site's file
#include <beaconwall/service/service.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bridge.h"
#include "web_settings.h"

namespace {

int check(const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::vector<std::string> faults;
    bw::http_bridge::WebSettings settings;
    if (!in)
        faults = {name + " cannot be read"};
    else
        settings = bw::http_bridge::read_settings(
            text, name, std::filesystem::path(name).parent_path().string(), faults);
    for (const std::string& fault : faults) fmt::print(stderr, "{}\n", fault);
    if (!faults.empty()) return 1;
    fmt::print("{}: {}, {} out\n", name, settings.listen.there ? "listens" : "does not listen",
               settings.hooks.size());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 2 && words[0] == "--check") return check(words[1]);
    if (!words.empty()) {
        fmt::print(stderr, "allowed: --check FILE, or nothing\n");
        return 2;
    }
    // Writing to a client that is gone is an error like others.
    std::signal(SIGPIPE, SIG_IGN);
    auto service = bw::sdk::Service::from_environment();
    auto bridge = std::make_unique<bw::http_bridge::Bridge>(*service);
    const int code = service->run();
    // A thread that hangs in a resolver or a handshake is not waited for.
    if (!bridge->stop()) _exit(code);
    return code;
}
