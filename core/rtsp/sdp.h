// SPDX-License-Identifier: Apache-2.0
// The description of a stream (SDP, RFC 4566) as far as a wall needs it: which video there is and
// where it is set up. What cannot be read costs its own part only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bw::rtsp {

struct Media {
    std::string kind;      // "video"
    int payload = -1;      // the first payload type offered
    std::string encoding;  // "H264", upper case; empty: not said
    uint32_t clock_hz = 90000;
    std::string control;  // as written; empty: none
    std::string format;   // of fmtp, after the payload type
    /// `sprop-parameter-sets` and the like; empty: none.
    [[nodiscard]] std::string parameter(std::string_view name) const;
};
struct Description {
    std::string control;  // of the whole; empty: none
    std::vector<Media> media;
};
Description parse_description(std::string_view text);

/// Where a `control` is set up: absolute as it is, otherwise behind the base with one slash, query
/// or not, as cameras expect it. The base is Content-Base or Content-Location if it is a whole
/// address, otherwise what was described.
std::string control_url(std::string_view described, std::string_view content_base,
                        std::string_view control);

}  // namespace bw::rtsp
