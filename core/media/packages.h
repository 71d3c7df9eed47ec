// SPDX-License-Identifier: Apache-2.0
// Which package of Debian has what is missing here: an error card that names it can be acted on.
#pragma once

#include <string_view>

#include "core/surface/layout.h"

namespace bw::media {

struct Package {
    const char* name;  // "gstreamer1.0-libav"
    surface::Reason reason;
};
/// Of an element's factory: "srtsrc".
Package package_of_element(std::string_view factory);
/// Of a decoder for a media type: "video/x-h265".
Package package_of_decoder(std::string_view media);

}  // namespace bw::media
