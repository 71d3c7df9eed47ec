// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bw::media {

struct HostAndPort {
    std::string host, port;
};
/// Of "rtsp://[user@]host:port/…", an IPv6 address without its brackets; `usual`: the port if none
/// is written. Nothing: no host.
std::optional<HostAndPort> host_and_port(std::string_view uri, const char* usual);

}  // namespace bw::media
