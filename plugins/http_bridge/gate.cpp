// SPDX-License-Identifier: Apache-2.0
#include "gate.h"

#include <fmt/format.h>

#include <algorithm>

namespace bw::http_bridge {

// Compared to its end whatever differs first.
bool Gate::has_token(const std::string& authorization) const {
    const std::string wanted = "Bearer " + listen_.token;
    if (listen_.token.empty() || authorization.size() != wanted.size()) return false;
    unsigned char differs = 0;
    for (size_t i = 0; i < wanted.size(); ++i)
        differs |= static_cast<unsigned char>(wanted[i] ^ authorization[i]);
    return differs == 0;
}

std::optional<Refusal> Gate::check(const Asked& asked, int waiting, int64_t now_ns) {
    if (asked.path != listen_.path)
        return Refusal{404, fmt::format("there is nothing here; events go to {}", listen_.path)};
    if (asked.method == "OPTIONS") return std::nullopt;
    if (asked.method != "POST") return Refusal{405, "events come by POST"};
    const bool known = has_token(asked.authorization);
    if (!listen_.token.empty() && !known)
        return Refusal{401, "the token is missing or wrong: Authorization: Bearer TOKEN"};
    // A page in a browser of this machine is nobody that we asked.
    if (!asked.origin.empty() && !known) return Refusal{403, "a web page may not send events"};
    if (!asked.content_encoding.empty() && asked.content_encoding != "identity")
        return Refusal{415, "the body may not be encoded (Content-Encoding)"};
    if (asked.length < 0) return Refusal{411, "the request must say its length (Content-Length)"};
    if (asked.length > kMostBodyBytes)
        return Refusal{413,
                       fmt::format("a body of {} bytes; at most {}", asked.length, kMostBodyBytes)};
    const double rate = listen_.requests_per_minute / 60.0;
    tokens_ = std::min(burst(), tokens_ + static_cast<double>(now_ns - tokens_ns_) / 1e9 * rate);
    tokens_ns_ = now_ns;
    if (tokens_ < 1 || waiting >= kMostAtOnce)
        return Refusal{429, "more than the hub is asked at a time; try again"};
    tokens_ -= 1;
    return std::nullopt;
}

std::string allowed_origin(const Listen& listen, const std::string& asked) {
    if (asked.empty()) return {};
    const auto& origins = listen.origins;
    const bool may =
        origins.empty() || std::find(origins.begin(), origins.end(), asked) != origins.end();
    return may ? asked : std::string();
}

}  // namespace bw::http_bridge
