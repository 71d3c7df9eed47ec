// SPDX-License-Identifier: Apache-2.0
#include "core/media/packages.h"

#include <algorithm>
#include <array>

namespace bw::media {
namespace {

using surface::Reason;

constexpr Package kBase{"gstreamer1.0-plugins-base", Reason::need_plugins_base};
constexpr Package kGood{"gstreamer1.0-plugins-good", Reason::need_plugins_good};
constexpr Package kBad{"gstreamer1.0-plugins-bad", Reason::need_plugins_bad};
constexpr Package kWpe{"gstreamer1.0-wpe", Reason::need_wpe};
constexpr Package kLibav{"gstreamer1.0-libav", Reason::need_libav};

template <size_t N>
bool any_of(std::string_view word, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Package package_of_element(std::string_view factory) {
    constexpr std::array<std::string_view, 6> base{"appsink",      "videoconvert", "parsebin",
                                                   "videotestsrc", "decodebin",    "videorate"};
    constexpr std::array<std::string_view, 3> bad{"srtsrc", "h264parse", "h265parse"};
    if (any_of(factory, base)) return kBase;
    if (any_of(factory, bad)) return kBad;
    if (factory == "wpesrc") return kWpe;
    if (factory.starts_with("avdec_")) return kLibav;
    return kGood;  // rtspsrc, the depayloaders, souphttpsrc, v4l2src, demuxers
}

Package package_of_decoder(std::string_view media) {
    if (media == "image/jpeg" || media == "image/png" || media == "video/x-vp8" ||
        media == "video/x-vp9")
        return kGood;
    if (media == "video/x-theora") return kBase;
    return kLibav;
}

}  // namespace bw::media
