// SPDX-License-Identifier: Apache-2.0
// [hub] of wall.toml: where other machines reach the hub, and how much one of them may send.
#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "core/config/wall_parts.h"

namespace bw::config {
namespace {

bool is_address(const std::string& text) {
    if (text == "*") return true;
    in6_addr bytes{};
    if (text.size() > 2 && text.front() == '[' && text.back() == ']')
        return ::inet_pton(AF_INET6, text.substr(1, text.size() - 2).c_str(), &bytes) == 1;
    return ::inet_pton(AF_INET, text.c_str(), &bytes) == 1;
}

bool is_port(const std::string& text) {
    if (text.empty() || text.size() > 5 || text.front() == '0') return false;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return false;
    return std::atoi(text.c_str()) <= 65535;
}

bool is_endpoint(const std::string& text) {
    const std::string scheme = "tcp://";
    const size_t colon = text.rfind(':');
    return text.rfind(scheme, 0) == 0 && colon > scheme.size() &&
           is_address(text.substr(scheme.size(), colon - scheme.size())) &&
           is_port(text.substr(colon + 1));
}

}  // namespace

void read_hub(Table& table, Hub& hub, Report& report) {
    const Node* node = table.find("hub", Node::Kind::table, Need::optional);
    if (node == nullptr) return;
    Table part(report, *node, "[hub]");
    hub.listen = part.string("listen");
    if (!hub.listen.empty() && !is_endpoint(hub.listen)) {
        report.add(fault::bad_listen, part.place_of("listen"),
                   fmt::format("found {}; allowed: tcp://ADDRESS:PORT, with an IPv4 address, an "
                               "IPv6 address in brackets, or * for all of this machine's, and a "
                               "port from 1 to 65535",
                               in_quotes(hub.listen)));
        hub.listen.clear();
    }
    hub.messages_per_s =
        static_cast<uint32_t>(part.integer("messages_per_s", {1, 100000}, hub.messages_per_s));
    hub.kib_per_s = static_cast<uint32_t>(part.integer("kib_per_s", {1, 1048576}, hub.kib_per_s));
    part.finish();
}

}  // namespace bw::config
