// SPDX-License-Identifier: Apache-2.0
// CloudEvents in HTTP messages: the HTTP protocol binding 1.0.2 in its three modes, and the JSON
// format. Pure; whatever comes in is a stranger's.
#pragma once

#include <beaconwall/service/event.h>
#include <beaconwall/service/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bw::http_bridge {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Attributes that say what the sender called an event: the hub replaces its source.
inline constexpr const char* kOriginSource = "originsource";
inline constexpr const char* kOriginId = "originid";
inline constexpr size_t kMostBatch = 1000;

/// The value of a header that was percent-encoded (binding, 3.1.3.2); nothing if it is no UTF-8
/// or holds control characters.
std::optional<std::string> header_decoded(std::string_view value);
/// As above, the other way.
std::string header_encoded(std::string_view value);

/// The events of a request, in order, with an id of their own made of source and id. Errors:
/// "415", no form of a CloudEvent; "400", what is wrong with which.
base::Result<std::vector<events::Event>> events_of(std::string_view content_type,
                                                   const Headers& headers, std::string_view body);

struct Request {
    std::string content_type, body;
    Headers headers;  // besides Content-Type
};
/// `binary`: attributes as headers; else the event as JSON.
Request request_of(const events::Event& event, bool binary);

}  // namespace bw::http_bridge
