// SPDX-License-Identifier: Apache-2.0
#include "core/media/host_and_port.h"

namespace bw::media {

std::optional<HostAndPort> host_and_port(std::string_view uri, const char* usual) {
    const size_t scheme = uri.find("://");
    if (scheme == std::string_view::npos) return std::nullopt;
    std::string_view rest = uri.substr(scheme + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (const size_t at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
    HostAndPort out{"", usual};
    const size_t bracket = rest.starts_with('[') ? rest.find(']') : std::string_view::npos;
    const bool ipv6 = bracket != std::string_view::npos;
    const size_t colon = rest.find(':', ipv6 ? bracket : 0);
    out.host = std::string(ipv6 ? rest.substr(1, bracket - 1) : rest.substr(0, colon));
    if (colon != std::string_view::npos && colon + 1 < rest.size())
        out.port = std::string(rest.substr(colon + 1));
    if (out.host.empty()) return std::nullopt;
    return out;
}

}  // namespace bw::media
